/**
 * A generic server: routes, calls and replies, keys, tables, lists. Internal: not for users of the sandbox. Customers, invoices and other
 * resources are defined in {@code domain} and {@code resources.json}.
 */
package io.github.camellago.test.server;
