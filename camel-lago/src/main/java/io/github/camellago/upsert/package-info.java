/** The operation {@code upsert}: creates an object, or brings it to what the body says. */
package io.github.camellago.upsert;
