package io.github.camellago.catalog;

import java.util.Map;

/**
 * A query parameter of one of Lago's calls: what {@code filter.<name>} may name.
 *
 * @param name     Lago's name, without brackets
 * @param kind     how its value is written into the query
 * @param required whether Lago refuses the call without it
 * @param type     the values that it takes
 */
public record QueryParameter(String name, Kind kind, boolean required, ValueType type) {

    /** How a value is written into the query. */
    public enum Kind {
        /** {@code name=value} */
        SINGLE,
        /** {@code name[]=a&name[]=b} */
        ARRAY,
        /** {@code name[key]=value} */
        MAP
    }

    /**
     * Reads the short form of the catalog: {@code name}, {@code name[]} or <code>name{}</code>, then {@code !} if it is required, then
     * {@code : type} if not every text is a value.
     *
     * @param types the types, by their names
     */
    static QueryParameter of(String text, Map<String, ValueType> types) {
        String[] nameAndType = text.split(": ", 2);
        ValueType type = nameAndType.length == 1 ? ValueType.TEXT : types.get(nameAndType[1]);
        if (type == null) {
            throw new IllegalArgumentException("Unknown type of a query parameter in the catalog: " + text);
        }
        boolean required = nameAndType[0].endsWith("!");
        Kind kind = nameAndType[0].contains("[]") ? Kind.ARRAY : nameAndType[0].contains("{}") ? Kind.MAP : Kind.SINGLE;
        return new QueryParameter(nameAndType[0].replaceAll("[\\[\\]{}!]", ""), kind, required, type);
    }

    /** The name as Lago's API reference writes it. */
    public String documentedName() {
        return switch (kind) {
            case SINGLE -> name;
            case ARRAY -> name + "[]";
            case MAP -> name + "[key]";
        };
    }
}
