package io.github.camellago.test.server;

import java.time.Instant;
import java.util.Map;

/**
 * A record as it is stored: never changed, only replaced. Fields whose name starts with an underscore stay inside.
 *
 * @param created to a fraction of a second, unlike the record's {@code created_at}
 */
record Row(String id, Instant created, Map<String, Object> data) {}
