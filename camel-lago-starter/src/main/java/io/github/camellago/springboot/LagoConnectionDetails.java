package io.github.camellago.springboot;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/**
 * The URL and the API key of a Lago server. A bean of this type replaces the properties for them. Use it in tests, and on platforms that
 * bind services.
 */
public interface LagoConnectionDetails extends ConnectionDetails {

    /** The server's URL, with or without {@code /api/v1}. */
    String getBaseUrl();

    /** The API key. Called again when Lago stops accepting the key. */
    String getApiKey();
}
