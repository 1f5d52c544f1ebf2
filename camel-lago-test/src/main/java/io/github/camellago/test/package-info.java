/**
 * A stand-in for a Lago server: {@link io.github.camellago.test.LagoSandbox}, for tests, demos and trying things out.
 */
package io.github.camellago.test;
