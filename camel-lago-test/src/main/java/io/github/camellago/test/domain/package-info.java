/**
 * Lago's behavior, one class per domain. Internal: not for users of the sandbox.
 */
package io.github.camellago.test.domain;
