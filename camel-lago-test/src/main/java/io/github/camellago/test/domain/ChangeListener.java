package io.github.camellago.test.domain;

import java.util.Map;

/**
 * Receives each change that Lago sends a webhook for.
 */
@FunctionalInterface
interface ChangeListener {

    void changed(String type, String objectType, Map<String, Object> object);
}
