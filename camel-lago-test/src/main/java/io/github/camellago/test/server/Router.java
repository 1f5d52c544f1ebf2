package io.github.camellago.test.server;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the route of a call. Where a literal segment and a placeholder both fit, the literal wins.
 */
public final class Router {

    /**
     * A route and what it takes to use it.
     *
     * @param permission the resource, in the singular, that a key must be allowed to read or write; null where no key is needed
     */
    public record Route(String method, String template, String permission, Handler handler) {}

    /** A route together with the call that has its placeholders filled. */
    public record Match(Route route, Call call) {}

    private static final class Node {
        private final Map<String, Node> literals = new HashMap<>();
        private Node placeholder;
        private final Map<String, Route> routes = new HashMap<>();
    }

    private final Node root = new Node();
    private final List<Route> all = new ArrayList<>();

    /** Adds a route; a second one for the same method and path replaces the first. */
    public Router on(String method, String template, String permission, Handler handler) {
        Node node = root;
        for (String segment : segments(template)) {
            if (segment.startsWith("{")) {
                node.placeholder = node.placeholder == null ? new Node() : node.placeholder;
                node = node.placeholder;
            } else {
                node = node.literals.computeIfAbsent(segment, s -> new Node());
            }
        }
        Route route = new Route(method, template, permission, handler);
        all.remove(node.routes.put(method, route));
        all.add(route);
        return this;
    }

    /** All routes as they were added. */
    public List<Route> routes() {
        return List.copyOf(all);
    }

    /** The route for {@code call}; 404 without one. */
    public Match match(Call call) {
        List<String> segments = segments(call.path());
        Route route = find(root, segments, 0, call.method());
        if (route == null) {
            throw LagoError.notFound("resource");
        }
        List<String> template = segments(route.template());
        Map<String, String> params = new LinkedHashMap<>();
        for (int i = 0; i < segments.size(); i++) {
            String name = template.get(i);
            if (name.startsWith("{")) {
                params.put(name.substring(1, name.length() - 1), Call.decodeSegment(segments.get(i)));
            }
        }
        return new Match(route, call.with(params));
    }

    private static Route find(Node node, List<String> segments, int depth, String method) {
        if (depth == segments.size()) {
            return node.routes.get(method);
        }
        Node literal = node.literals.get(segments.get(depth));
        Route route = literal == null ? null : find(literal, segments, depth + 1, method);
        if (route == null && node.placeholder != null) {
            route = find(node.placeholder, segments, depth + 1, method);
        }
        return route;
    }

    private static List<String> segments(String path) {
        List<String> segments = new ArrayList<>();
        for (String segment : path.split("/")) {
            if (!segment.isEmpty()) {
                segments.add(segment);
            }
        }
        return segments;
    }
}
