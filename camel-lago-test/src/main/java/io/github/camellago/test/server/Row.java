package io.github.camellago.test.server;

import java.time.Instant;
import java.util.Map;

/**
 * An immutable stored record. Fields whose names start with an underscore are internal.
 *
 * @param created time of creation with fractions of a second, unlike the record's {@code created_at}
 */
record Row(String id, Instant created, Map<String, Object> data) {}
