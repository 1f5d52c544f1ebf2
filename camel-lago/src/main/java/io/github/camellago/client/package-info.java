/** Calls to Lago: transport over camel-http, repeats, rate limits, errors and JSON. Knows nothing of endpoints, only of requests. */
package io.github.camellago.client;
