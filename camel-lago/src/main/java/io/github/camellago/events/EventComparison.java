package io.github.camellago.events;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camellago.api.ReconciledEvent.Difference;
import io.github.camellago.client.Iso8601;
import io.github.camellago.client.Json;

/**
 * Compares an event with the one that Lago has stored. Values are equal if Lago bills them alike: {@code 5}, {@code 5.0} and {@code "5"} are, since
 * Lago keeps the properties as JSON, and on ClickHouse as text. Timestamps are compared by the millisecond, which is what Lago shows.
 */
final class EventComparison {

    static final String SUBSCRIPTION = "external_subscription_id";
    private static final String CODE = "code";
    private static final String PROPERTIES = "properties";
    private static final int LARGEST_SCALE = 9_999;

    private EventComparison() {}

    /** The fields in which they differ; empty if the event is stored as it is. */
    static Map<String, Difference> differences(ExpectedEvent event, JsonNode stored) {
        Map<String, Difference> differences = new LinkedHashMap<>();
        if (event.isIdOnly()) {
            return differences;
        }
        JsonNode sent = event.sent();
        compare(differences, CODE, event.code().equals(stored.path(CODE).asText()), sent, stored);
        compare(differences, SUBSCRIPTION, event.subscription().equals(stored.path(SUBSCRIPTION).asText()), sent, stored);
        compare(differences, EventEncoder.TIMESTAMP, !event.hasTimestamp() || isSameTime(event.millis(), stored), sent, stored);
        JsonNode amount = sent.get(EventEncoder.AMOUNT);
        compare(differences, EventEncoder.AMOUNT,
                !isSet(amount) || isSameNumber(amount, stored.path(EventEncoder.AMOUNT)), sent, stored);
        JsonNode given = sent.path(PROPERTIES).isObject() ? sent.get(PROPERTIES) : Json.mapper().createObjectNode();
        JsonNode has = stored.path(PROPERTIES);
        TreeSet<String> names = new TreeSet<>();
        given.fieldNames().forEachRemaining(names::add);
        has.fieldNames().forEachRemaining(names::add);
        for (String name : names) {
            if (!isSame(given.path(name), has.path(name))) {
                differences.put(property(name), new Difference(plain(given.get(name)), plain(has.get(name))));
            }
        }
        return differences;
    }

    /** The name of a property in the differences. */
    static String property(String name) {
        return PROPERTIES + '.' + name;
    }

    private static void compare(Map<String, Difference> differences, String field, boolean same, JsonNode sent,
            JsonNode stored) {
        if (!same) {
            differences.put(field, new Difference(plain(sent.get(field)), plain(stored.get(field))));
        }
    }

    /** A store with floating-point seconds may be a millisecond off. */
    private static boolean isSameTime(Long millis, JsonNode stored) {
        Long has = Iso8601.millis(stored.path(EventEncoder.TIMESTAMP).asText());
        return millis != null && has != null && Math.abs(millis - has) <= 1;
    }

    private static boolean isSame(JsonNode given, JsonNode stored) {
        if (!isSet(given) || !isSet(stored)) {
            // ClickHouse has no null in a map of text
            return isSet(given)
                    ? given.isTextual() && given.asText().isEmpty()
                    : !isSet(stored) || stored.asText("?").isEmpty();
        }
        if (given.isNumber() || stored.isNumber()) {
            return isSameNumber(given, stored);
        }
        if (given.isContainerNode() && stored.isTextual()) {
            return isSameText(given, stored.asText());
        }
        if (given.isObject() && stored.isObject() || given.isArray() && stored.isArray()) {
            return isSameContent(given, stored);
        }
        return given.isValueNode() && stored.isValueNode() && given.asText().equals(stored.asText());
    }

    private static boolean isSet(JsonNode value) {
        return value != null && !value.isNull() && !value.isMissingNode();
    }

    private static boolean isSameText(JsonNode given, String stored) {
        try {
            return isSame(given, Json.mapper().readTree(stored));
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isSameContent(JsonNode given, JsonNode stored) {
        if (given.size() != stored.size()) {
            return false;
        }
        if (given.isArray()) {
            return IntStream.range(0, given.size()).allMatch(i -> isSame(given.get(i), stored.get(i)));
        }
        return given.properties().stream()
                .allMatch(f -> stored.has(f.getKey()) && isSame(f.getValue(), stored.get(f.getKey())));
    }

    /** Lago reads numbers with a fraction as floating-point numbers. */
    private static boolean isSameNumber(JsonNode given, JsonNode stored) {
        if (!given.isValueNode() || !stored.isValueNode()) {
            return false;
        }
        try {
            BigDecimal a = new BigDecimal(given.asText().strip());
            BigDecimal b = new BigDecimal(stored.asText().strip());
            boolean whole = a.scale() <= 0 && b.scale() <= 0;
            return a.compareTo(b) == 0
                    || !whole && Math.abs((long) a.scale()) <= LARGEST_SCALE && a.doubleValue() == b.doubleValue();
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static Object plain(JsonNode value) {
        return value == null ? null : Json.mapper().convertValue(value, Object.class);
    }
}
