package io.github.camellago.test;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Faults on demand: {@code faults.on("POST", "/events/batch").nth(2).status(503).header("Retry-After", "1")}.
 *
 * <p>
 * Every fault counts the requests it matches on its own. Where several are due on one request, the one that was made first fires, and the
 * others count the request all the same. A fault without effect comes before keys are checked and limits counted, as a proxy's would.
 */
public final class Faults {

    private static final String API = "/api/v1";

    private final List<Fault> faults = new CopyOnWriteArrayList<>();

    Faults() {}

    /**
     * A fault for requests of a method ({@code *} for any) whose path matches a glob: {@code *} stands for one segment, {@code **} for any
     * number. The path may be given with or without {@code /api/v1}.
     */
    public Fault on(String method, String pathGlob) {
        Pattern pattern = glob(pathGlob);
        return on(request -> ("*".equals(method) || method.equalsIgnoreCase(request.method()))
                && matches(pattern, request.path()));
    }

    /** A fault for requests of any method. */
    public Fault on(String pathGlob) {
        return on("*", pathGlob);
    }

    /** A fault for all requests. */
    public Fault onAny() {
        return on(request -> true);
    }

    /** A fault for requests that pass a test. */
    public Fault on(Predicate<SandboxRequest> test) {
        Fault fault = new Fault(test);
        faults.add(fault);
        return fault;
    }

    /** Removes all faults; their counts can still be read. */
    public void clear() {
        faults.clear();
    }

    /** How often any of the present faults fired. */
    public int fired() {
        return faults.stream().mapToInt(Fault::fired).sum();
    }

    /** What is to go wrong with this request, or null. */
    Fault.Action next(SandboxRequest request) {
        Fault winner = null;
        for (Fault fault : faults) {
            if (fault.isDue(request) && winner == null) {
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
