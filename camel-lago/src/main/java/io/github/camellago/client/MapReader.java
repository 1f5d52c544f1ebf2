package io.github.camellago.client;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

/**
 * Reads JSON as Maps, Lists, Strings, exact numbers and Booleans. Objects that are read one after another share their keys, and texts that are the same
 * as in the object before. One per page: used by one thread.
 */
final class MapReader {

    private static final JsonMap.Keys NONE = new JsonMap.Keys();
    private static final Object[] NO_VALUES = {};
    /** Longer texts are hardly ever the same. */
    private static final int SHARED_LENGTH = 40;

    /** The last object by the name of the field that it was in. */
    private final Map<String, Last> lasts = new HashMap<>();

    /** What the object before had. Its values are those of its map: nobody has the maps of a page before all are read. */
    private static final class Last {
        private JsonMap.Keys keys = NONE;
        private Object[] values = NO_VALUES;
    }

    /** Reads the value at which the parser stands, and leaves the parser at the value's last token. */
    Object read(JsonParser parser) throws IOException {
        return value(parser, "", null);
    }

    private Object value(JsonParser parser, String field, Object before) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser, field);
            case START_ARRAY -> array(parser, field);
            case VALUE_STRING -> text(parser, before);
            case VALUE_NUMBER_INT -> parser.getNumberValue();
            case VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            case VALUE_NULL -> null;
            default -> throw new IOException("it has " + parser.currentToken() + " instead of a value");
        };
    }

    private Object text(JsonParser parser, Object before) throws IOException {
        if (before instanceof String last && last.length() <= SHARED_LENGTH && last.length() == parser.getTextLength()) {
            char[] text = parser.getTextCharacters();
            int offset = parser.getTextOffset();
            int same = 0;
            while (same < last.length() && last.charAt(same) == text[offset + same]) {
                same++;
            }
            if (same == last.length()) {
                return last;
            }
        }
        return parser.getText();
    }

    private List<Object> array(JsonParser parser, String field) throws IOException {
        List<Object> list = new ArrayList<>(2);
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            list.add(value(parser, field, null));
        }
        return list;
    }

    private Map<String, Object> object(JsonParser parser, String field) throws IOException {
        Last last = lasts.computeIfAbsent(field, name -> new Last());
        JsonMap.Keys keys = last.keys;
        Object[] before = last.values;
        Object[] values = new Object[keys.size()];
        int count = 0;
        while (count < values.length && keys.isNext(parser, count)) {
            parser.nextToken();
            values[count] = value(parser, keys.name(count), before[count]);
            count++;
        }
        String next = count < values.length ? nameOf(parser) : parser.nextFieldName();
        if (next != null || count < values.length) {
            return otherKeys(parser, last, keys, values, count, next);
        }
        last.keys = keys;
        last.values = values;
        return new JsonMap(keys, values);
    }

    private static String nameOf(JsonParser parser) throws IOException {
        return parser.currentToken() == JsonToken.FIELD_NAME ? parser.currentName() : null;
    }

    /** Reads the rest of an object whose keys are not those of the object before. */
    private Map<String, Object> otherKeys(JsonParser parser, Last last, JsonMap.Keys before, Object[] first, int count,
            String next) throws IOException {
        List<String> names = new ArrayList<>();
        List<Object> values = new ArrayList<>(Arrays.asList(first).subList(0, count));
        for (int i = 0; i < count; i++) {
            names.add(before.name(i));
        }
        for (String name = next; name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            names.add(name);
            values.add(value(parser, name, null));
        }
        if (new HashSet<>(names).size() < names.size()) {
            // a key that is repeated: the last value counts
            Map<String, Object> map = new LinkedHashMap<>();
            for (int i = 0; i < names.size(); i++) {
                map.put(names.get(i), values.get(i));
            }
            return map;
        }
        last.keys = new JsonMap.Keys(names.toArray(String[]::new));
        last.values = values.toArray();
        return new JsonMap(last.keys, last.values);
    }
}
