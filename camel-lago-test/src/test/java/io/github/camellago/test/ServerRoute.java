package io.github.camellago.test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A route of Lago's server: one line of the table of routes.
 *
 * @param columns by their names in the first line of the table
 */
record ServerRoute(Map<String, String> columns) {

    static List<ServerRoute> read(Path table) throws IOException {
        List<ServerRoute> routes = new ArrayList<>();
        List<String> lines = Files.readAllLines(table);
        String[] names = lines.get(0).split("\t");
        for (String line : lines.subList(1, lines.size())) {
            String[] values = line.split("\t", -1);
            Map<String, String> columns = new HashMap<>();
            for (int i = 0; i < names.length; i++) {
                columns.put(names[i], values[i]);
            }
            routes.add(new ServerRoute(columns));
        }
        return routes;
    }

    String version() {
        return columns.get("version");
    }

    String method() {
        return columns.get("method");
    }

    String path() {
        return columns.get("path");
    }

    String permission() {
        return columns.get("permission_resource");
    }

    boolean reads() {
        return "GET".equals(method());
    }

    boolean paged() {
        return "yes".equals(columns.get("paged"));
    }

    String order() {
        return columns.get("default_order");
    }

    /** The effect of a value with an unescaped dot: {@code another object}, {@code no route: 404}, or null if the whole value is used. */
    String cutAtDot(String placeholder) {
        Matcher cut = Pattern.compile("\\b" + placeholder.replaceAll("[{}]", "") + " \\(([^)]*)\\)")
                .matcher(columns.get("cut_at_dot"));
        return cut.find() ? cut.group(1) : null;
    }

    /** The required root key of the body, or null. */
    String rootIn() {
        String in = columns.get("root_in");
        return in.matches("\\w+") ? in : null;
    }

    /** The root key of the body, required or not. Null for fields at the top level. */
    String rootInACall() {
        String first = columns.get("root_in").split(" \\| |, ")[0].replaceAll("[\\[\\]{}]| \\(optional\\)", "");
        return "-".equals(first) || columns.get("root_in").contains("top level") || columns.get("root_in").startsWith("to[]")
                || columns.get("root_in").startsWith("expression") ? null : first;
    }

    /** The possible sets of root keys of an answer, as in the table: {@code invoices[]}. Empty for an empty answer. */
    List<Set<String>> rootsOut() {
        return Arrays.stream(columns.get("root_out").split(" \\| "))
                .map(alternative -> Arrays.stream(alternative.split(", "))
                        .filter(root -> !root.equals("-") && !root.endsWith("(beta)")).map(root -> root.replace(" (null)", ""))
                        .collect(Collectors.toCollection(LinkedHashSet::new)))
                .map(roots -> (Set<String>) roots).toList();
    }

    /** The names of the query parameters, without those of pages. */
    Set<String> query() {
        return Arrays.stream(columns.get("query").split(" ")).map(name -> name.replaceAll("[\\[\\]{}*!]", ""))
                .filter(name -> !name.equals("-")).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** The query parameters of the form {@code name[key]=value}. */
    Set<String> maps() {
        return Arrays.stream(columns.get("query").split(" ")).filter(name -> name.contains("{}"))
                .map(name -> name.replaceAll("[\\[\\]{}*!]", "")).collect(Collectors.toSet());
    }

    @Override
    public String toString() {
        return method() + " " + version() + path();
    }
}
