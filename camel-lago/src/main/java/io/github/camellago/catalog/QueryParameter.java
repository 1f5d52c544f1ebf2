package io.github.camellago.catalog;

/**
 * A query parameter of one of Lago's calls: what {@code filter.<name>} may name.
 *
 * @param name     Lago's name, without brackets
 * @param kind     how its value is written into the query
 * @param required whether Lago refuses the call without it
 */
public record QueryParameter(String name, Kind kind, boolean required) {

    /** How a value is written into the query. */
    public enum Kind {
        /** {@code name=value} */
        SINGLE,
        /** {@code name[]=a&name[]=b} */
        ARRAY,
        /** {@code name[key]=value} */
        MAP
    }

    /** Reads the catalogue's short form: {@code name}, {@code name[]}, <code>name{}</code>, each with a {@code !} if required. */
    static QueryParameter of(String text) {
        boolean required = text.endsWith("!");
        String name = required ? text.substring(0, text.length() - 1) : text;
        if (name.endsWith("[]")) {
            return new QueryParameter(name.substring(0, name.length() - 2), Kind.ARRAY, required);
        }
        if (name.endsWith("{}")) {
            return new QueryParameter(name.substring(0, name.length() - 2), Kind.MAP, required);
        }
        return new QueryParameter(name, Kind.SINGLE, required);
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
