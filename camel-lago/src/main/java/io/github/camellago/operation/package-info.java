/** Internal: turns a message into a call, and an answer into a message. */
package io.github.camellago.operation;
