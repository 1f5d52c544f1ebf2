package io.github.camellago.operation;

import java.lang.reflect.Array;
import java.nio.charset.StandardCharsets;
import java.time.temporal.TemporalAccessor;
import java.util.Calendar;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camellago.LagoConstants;
import io.github.camellago.client.Json;
import org.apache.camel.util.ObjectHelper;

/** Reads filters as users write them. */
public final class FilterParser {

    private FilterParser() {}

    /**
     * Reads filters from a text such as {@code status=finalized;payment_status=failed}.
     *
     * @param source where the text comes from, for messages
     */
    public static Map<String, Object> parse(String source, String text) {
        Map<String, Object> filters = new LinkedHashMap<>();
        for (String filter : text.split(";", -1)) {
            String[] nameAndValue = filter.strip().split("=", 2);
            if (nameAndValue.length < 2 || nameAndValue[0].isBlank()) {
                throw new IllegalArgumentException(
                        source + "=" + text + " is not of the form name=value;name=value");
            }
            if (filters.put(nameAndValue[0].strip(), nameAndValue[1].strip()) != null) {
                throw new IllegalArgumentException(
                        source + "=" + text + " has the filter " + nameAndValue[0]
                                + " twice: write its values as a comma list");
            }
        }
        return filters;
    }

    /**
     * The values of one option for many, such as {@code filters}, with those of the single options, such as {@code filter.NAME}.
     *
     * @param  option                   the name of the option
     * @param  text                     its value
     * @param  prefix                   the prefix of the single options
     * @param  single                   the values of the single options, without the prefix
     * @throws IllegalArgumentException if both have a value of the same name
     */
    public static Map<String, Object> add(String option, String text, String prefix, Map<String, Object> single) {
        Map<String, Object> all = new HashMap<>(single);
        parse("The option " + option, text).forEach((name, value) -> {
            if (all.put(name, value) != null) {
                throw new IllegalArgumentException(
                        "The options " + option + " and " + prefix + name + " give the same value: use one");
            }
        });
        return all;
    }

    /** The filters in the header {@code CamelLagoFilter}, a Map or a text; empty without the header. */
    public static Map<String, Object> header(Object given) {
        Object header = plain(given);
        if (header == null) {
            return Map.of();
        }
        if (header instanceof CharSequence text) {
            return parse("The header " + LagoConstants.FILTER, text.toString());
        }
        if (header instanceof Map<?, ?> map) {
            Map<String, Object> filters = new LinkedHashMap<>();
            map.forEach((name, value) -> filters.put(String.valueOf(name), plain(value)));
            return filters;
        }
        throw new IllegalArgumentException("The header " + LagoConstants.FILTER
                + " must be a Map of filters and their values, or text of the form name=value;name=value, not "
                + ObjectHelper.classCanonicalName(header));
    }

    /**
     * A value as a text, a number, a list and so on: what an Optional or a JsonNode holds, and bytes as the text that they are, such
     * as those of a header from Kafka. Others stay as they are.
     */
    static Object plain(Object given) {
        if (given instanceof Optional<?> optional) {
            return plain(optional.orElse(null));
        }
        if (given instanceof JsonNode node) {
            return Json.mapper().convertValue(node, Object.class);
        }
        if (given instanceof byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
        return given instanceof char[] chars ? new String(chars) : given;
    }

    /** Whether a value is more than a text or a number, so that a filter of its text would be another one. */
    public static boolean isTyped(Object value) {
        return value instanceof Iterable || value instanceof Map || value instanceof Optional || value instanceof Object[]
                || value instanceof Date || value instanceof Calendar || value instanceof TemporalAccessor;
    }

    /** The plain value. Refuses a value without content: Lago would read such a filter as none at all, and return everybody's records. */
    static Object requireValue(String name, Object given) {
        Object value = plain(given);
        boolean empty = ObjectHelper.isEmpty(value instanceof CharSequence ? value.toString() : value);
        if (empty || value.getClass().isArray() && Array.getLength(value) == 0) {
            throw new IllegalArgumentException("The filter " + name + " is empty. To list without it, leave filter." + name
                    + " out of the endpoint, and " + name + " out of the header " + LagoConstants.FILTER);
        }
        return value;
    }
}
