package io.github.camellago.test.domain;

import java.util.Map;

/**
 * Told of everything that Lago has a webhook for.
 */
@FunctionalInterface
interface Announcements {

    void announce(String type, String objectType, Map<String, Object> object);
}
