/**
 * How Lago behaves, one class per domain. Internal: not for users of the sandbox.
 */
package io.github.camellago.test.domain;
