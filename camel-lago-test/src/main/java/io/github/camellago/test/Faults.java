package io.github.camellago.test;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Injects faults: {@code faults.on("POST", "/events/batch").nth(2).status(503).header("Retry-After", "1")}.
 *
 * <p>
 * Each fault counts its matching requests separately. If several faults would fire on a request, the oldest one fires, and all of them count
 * the request. A fault whose request has no effect is applied before keys and rate limits are checked, like an error of a proxy.
 */
public final class Faults {

    private static final String API = "/api/v1";

    private final List<Fault> faults = new CopyOnWriteArrayList<>();

    Faults() {}

    /**
     * Creates a fault for requests with a method ({@code *} for any) and a path that matches a glob: {@code *} matches one segment, {@code **}
     * any number. The path may start with {@code /api/v1}.
     */
    public Fault on(String method, String pathGlob) {
        Pattern pattern = glob(pathGlob);
        return on(request -> ("*".equals(method) || method.equalsIgnoreCase(request.method()))
                && matches(pattern, request.path()));
    }

    /** Creates a fault for requests with any method. */
    public Fault on(String pathGlob) {
        return on("*", pathGlob);
    }

    /** Creates a fault for all requests. */
    public Fault onAny() {
        return on(request -> true);
    }

    /** Creates a fault for requests that satisfy a predicate. */
    public Fault on(Predicate<SandboxRequest> test) {
        Fault fault = new Fault(test);
        faults.add(fault);
        return fault;
    }

    /** Removes all faults. Their counts remain readable. */
    public void clear() {
        faults.clear();
    }

    /** The number of requests that the current faults fired on. */
    public int fired() {
        return faults.stream().mapToInt(Fault::fired).sum();
    }

    /** The effect on this request, or null. */
    Fault.Action next(SandboxRequest request) {
        Fault winner = null;
        for (Fault fault : faults) {
            if (fault.selects(request) && winner == null) {
                winner = fault;
            }
        }
        return winner == null ? null : winner.fire();
    }

    private static boolean matches(Pattern pattern, String path) {
        return pattern.matcher(path).matches()
                || path.startsWith(API + "/") && pattern.matcher(path.substring(API.length())).matches();
    }

    private static Pattern glob(String glob) {
        StringBuilder regex = new StringBuilder();
        for (String part : (glob.startsWith("/") ? glob : "/" + glob).split("(?<=\\*)(?!\\*)|(?<!\\*)(?=\\*)")) {
            regex.append(switch (part) {
                case "*" -> "[^/]*";
                case "**" -> ".*";
                default -> Pattern.quote(part);
            });
        }
        return Pattern.compile(regex.toString());
    }
}
