/**
 * A stand-in for a Lago server for tests and demos: {@link io.github.camellago.test.LagoSandbox}.
 */
package io.github.camellago.test;
