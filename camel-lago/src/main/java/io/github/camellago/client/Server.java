package io.github.camellago.client;

import org.apache.hc.client5.http.classic.HttpClient;

/**
 * A server and the HTTP client for it.
 *
 * @param url                      its URL
 * @param http                     camel-http's client for it
 * @param connectionRequestTimeout milliseconds to wait for a free connection of that client's pool
 */
public record Server(BaseUrl url, HttpClient http, long connectionRequestTimeout) {}
