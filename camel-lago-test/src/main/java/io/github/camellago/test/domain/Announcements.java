package io.github.camellago.test.domain;

import java.util.Map;

/**
 * Receives each change that Lago sends a webhook for.
 */
@FunctionalInterface
interface Announcements {

    void announce(String type, String objectType, Map<String, Object> object);
}
