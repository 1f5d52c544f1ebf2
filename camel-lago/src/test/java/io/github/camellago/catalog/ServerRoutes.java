package io.github.camellago.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The routes of Lago's server, from a tab-separated file, in the words of the catalog. */
final class ServerRoutes {

    private ServerRoutes() {}

    /** The routes of the server, by {@code METHOD path}. Paths of later versions begin with the version. */
    static Map<String, Route> read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        List<String> columns = List.of(lines.get(0).split("\t"));
        Map<String, Route> routes = new TreeMap<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] values = line.split("\t", -1);
            Map<String, String> row = columns.stream()
                    .collect(Collectors.toMap(c -> c, c -> values[columns.indexOf(c)].equals("-")
                            ? ""
                            : values[columns.indexOf(c)]));
            String version = row.get("version").equals("v1") ? "" : row.get("version") + '/';
            routes.put(row.get("method") + ' ' + version + row.get("path").substring(1), route(row));
        }
        return routes;
    }

    private static Route route(Map<String, String> row) {
        Set<String> query = Stream.of(row.get("query").split(" ")).filter(q -> !q.isEmpty())
                .map(q -> q.replaceAll("[*!]", "")).collect(Collectors.toCollection(TreeSet::new));
        String condition = row.get("condition").isEmpty() && row.get("notes").startsWith("after ")
                ? "after"
                : row.get("condition");
        return new Route(row.get("in_contract"), row.get("permission_resource"), row.get("permission_mode"),
                in(row.get("root_in")), out(row.get("root_out")), row.get("paged").equals("yes"),
                order(row.get("default_order")), query, !condition.isEmpty());
    }

    /** The root keys; a star where fields stand at the top. */
    private static String in(String text) {
        String keys = plain(text);
        boolean top = text.contains("top level") && !keys.endsWith("{}");
        return keys.isEmpty() ? null : top || keys.contains(",") && !text.contains("(beta)") ? "*" : first(keys);
    }

    private static String out(String text) {
        String keys = plain(text);
        return keys.isEmpty() ? null : first(keys);
    }

    /** Without what stands beside the root key. */
    private static String first(String keys) {
        return keys.split(",")[0].replace("{}", "").replace(" ", "");
    }

    private static String plain(String text) {
        return text.replaceAll("\\([^)]*\\)", "").strip();
    }

    /** The fields that records are ordered by, without the tie-break. */
    private static List<String> order(String text) {
        return Arrays.stream(text.replaceAll("\\([^)]*\\)", "").split(",")).map(String::strip)
                .filter(f -> !f.isEmpty() && !f.equals("id") && !f.equals("transaction_id"))
                .map(f -> f.endsWith(" desc") || f.endsWith(" asc") ? f : f + " asc").toList();
    }

    /**
     * What the server has at a route.
     *
     * @param operationId its name in the published contract, or empty
     * @param permission  the resource that a key must be allowed to read or write
     * @param mode        {@code read} or {@code write}
     * @param in          the root keys of the body, a star for fields at the top, or null for no body
     * @param out         the root keys of the response, its media type, or null where it is empty
     * @param paged       whether it has pages
     * @param order       how a list is ordered
     * @param query       the query parameters besides the page's
     * @param conditional whether not every server has it
     */
    record Route(String operationId, String permission, String mode, String in, String out, boolean paged, List<String> order,
            Set<String> query, boolean conditional) {

        Route withOrder(List<String> other) {
            return new Route(operationId, permission, mode, in, out, paged, other, query, conditional);
        }
    }
}
