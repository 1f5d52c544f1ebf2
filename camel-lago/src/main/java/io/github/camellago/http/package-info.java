/** Internal: the HTTP clients, one per server, on top of camel-http. */
package io.github.camellago.http;
