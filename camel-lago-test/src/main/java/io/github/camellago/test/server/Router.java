package io.github.camellago.test.server;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the route of a call as Lago's router does. Paths are matched before they are decoded:
 * <ul>
 * <li>empty segments are ignored, such as those of trailing and double slashes</li>
 * <li>a placeholder ends at a dot. The rest is a format, which is dropped. Only the last segment can have a format</li>
 * <li>placeholders in {@link #WHOLE} may contain dots, and those in {@link #GREEDY} also slashes</li>
 * </ul>
 * If several routes match, the one with the most segments wins, then the one with the most literal segments.
 */
public final class Router {

    /** Codes of these collections, and codes below a plan or a subscription, may contain dots and slashes. */
    private static final Pattern GREEDY = Pattern.compile("/(plans|add_ons|billable_metrics|coupons|features|taxes)/\\{code}"
            + "|\\{(charge|fixed_charge|feature|privilege)_code}");
    private static final Pattern ANY = Pattern.compile("\\{\\w+}");
    private static final Pattern WHOLE = Pattern.compile("/subscriptions/\\{external_id}|/events/\\{transaction_id}");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\w+)}");
    private static final String FORMAT = "(?:\\.[^./?]+)?";

    /**
     * A route and the permission that it needs.
     *
     * @param permission the resource, singular, that the key must be allowed to read or write. Null if no key is needed
     */
    public record Route(String method, String template, String permission, Handler handler) {

        /** Whether PUT and PATCH do the same, as on updates of one record. */
        private boolean isUpdate() {
            return ("PUT".equals(method) || "PATCH".equals(method))
                    && (template.endsWith("}") || template.endsWith("/lifetime_usage") || template.endsWith("/metadata"));
        }
    }

    /** A route, and the call with the values of its placeholders. */
    public record Match(Route route, Call call) {}

    private record Shape(Route route, Pattern pattern, List<String> names) {

        private static Shape of(Route route, Pattern greedy) {
            List<String> names = new ArrayList<>();
            StringBuilder regex = new StringBuilder();
            Matcher placeholder = PLACEHOLDER.matcher(route.template());
            int from = 0;
            while (placeholder.find()) {
                regex.append(Pattern.quote(route.template().substring(from, placeholder.start())));
                String upToHere = route.template().substring(0, placeholder.end());
                regex.append(isLastOf(greedy, upToHere) ? "(.+)" : isLastOf(WHOLE, upToHere) ? "([^/?]+)" : "([^./?]+)");
                names.add(placeholder.group(1));
                from = placeholder.end();
            }
            regex.append(Pattern.quote(route.template().substring(from))).append(FORMAT);
            return new Shape(route, Pattern.compile(regex.toString()), names);
        }

        private static boolean isLastOf(Pattern placeholders, String template) {
            Matcher matcher = placeholders.matcher(template);
            int end = -1;
            while (matcher.find()) {
                end = matcher.end();
            }
            return end == template.length();
        }

        private Call fill(Call call, String path) {
            Matcher matcher = pattern.matcher(path);
            if (!matcher.matches()) {
                return null;
            }
            Map<String, String> params = new LinkedHashMap<>();
            for (int i = 0; i < names.size(); i++) {
                params.put(names.get(i), Call.decodeSegment(matcher.group(i + 1)));
            }
            return call.with(params);
        }
    }

    private static final Comparator<Shape> MOST_SPECIFIC_FIRST = Comparator
            .<Shape>comparingInt(shape -> -segments(shape.route().template()).size())
            .thenComparingInt(shape -> shape.names().size());

    private final Pattern greedy;
    private final Map<String, List<Shape>> byFirstSegment = new HashMap<>();
    private final List<Route> all = new ArrayList<>();

    private Router(Pattern greedy) {
        this.greedy = greedy;
    }

    /** For version 1 of the API. */
    public Router() {
        this(GREEDY);
    }

    /** For version 2: all placeholders may contain dots and slashes. */
    public static Router takingDotsAndSlashes() {
        return new Router(ANY);
    }

    /** Adds a route. Replaces a route with the same method and path. */
    public Router on(String method, String template, String permission, Handler handler) {
        Route route = new Route(method, template, permission, handler);
        all.removeIf(other -> other.method().equals(method) && other.template().equals(template));
        all.add(route);
        List<Shape> shapes = byFirstSegment.computeIfAbsent(segments(template).get(0), first -> new ArrayList<>());
        shapes.removeIf(other -> other.route().method().equals(method) && other.route().template().equals(template));
        shapes.add(Shape.of(route, greedy));
        shapes.sort(MOST_SPECIFIC_FIRST);
        return this;
    }

    /** All routes in the order in which they were added. */
    public List<Route> routes() {
        return List.copyOf(all);
    }

    /** The route for {@code call}. 404 if no route matches. */
    public Match match(Call call) {
        List<String> segments = segments(call.path());
        if (!segments.isEmpty()) {
            String first = segments.get(0);
            int dot = segments.size() == 1 ? first.indexOf('.') : -1;
            String path = "/" + String.join("/", segments);
            for (Shape shape : byFirstSegment.getOrDefault(dot < 0 ? first : first.substring(0, dot), List.of())) {
                boolean sameMethod = shape.route().method().equals(call.method());
                boolean update = shape.route().isUpdate() && ("PUT".equals(call.method()) || "PATCH".equals(call.method()));
                Call filled = sameMethod || update ? shape.fill(call, path) : null;
                if (filled != null) {
                    return new Match(shape.route(), filled);
                }
            }
        }
        throw LagoError.notFound("resource");
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
