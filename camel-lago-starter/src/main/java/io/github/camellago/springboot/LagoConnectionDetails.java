package io.github.camellago.springboot;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/**
 * How to reach a Lago. A bean of this type takes the place of the properties that say where Lago is and what its key is: for tests, and
 * for platforms that bind services.
 */
public interface LagoConnectionDetails extends ConnectionDetails {

    /** The server's URL, with or without {@code /api/v1}. */
    String getBaseUrl();

    /** The API key, asked for again when Lago stops accepting it. */
    String getApiKey();
}
