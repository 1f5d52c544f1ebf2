/**
 * What any server of this shape needs: routes, calls and replies, keys, tables, lists. Internal: not for users of the sandbox.
 * Nothing here knows what a customer or an invoice is; that is the business of {@code domain} and of {@code resources.json}.
 */
package io.github.camellago.test.server;
