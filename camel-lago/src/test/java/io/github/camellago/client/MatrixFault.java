package io.github.camellago.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.github.camellago.test.Fault;

/**
 * A way in which a call goes wrong.
 *
 * @param name   what the test's message calls it
 * @param before what happens instead of the effect, or null if this fault always follows the effect
 * @param after  what happens after the effect, or null if this fault never follows the effect
 * @param denial whether the answer says that Lago has done nothing; Lago never gives such an answer after the effect
 */
record MatrixFault(String name, Consumer<Fault> before, Consumer<Fault> after, boolean denial) {

    private static final Duration LATE = Duration.ofMillis(1_500);

    /** Connections that are refused do not reach the sandbox. */
    static final MatrixFault REFUSED = new MatrixFault("connection refused", null, null, false);

    private static final String JSON = "application/json";
    private static final String PAGE = "<html><body><h1>oops</h1></body></html>";
    private static final Map<String, String> FOREIGN = Map.of("HTML", PAGE, "a gateway's JSON",
            "{\"message\":\"Bad gateway config\"}", "nothing", "");
    private static final Map<String, String> RATE_LIMIT = Map.of("X-RateLimit-Limit", "50", "X-RateLimit-Remaining", "0",
            "X-RateLimit-Reset", "1");

    static List<MatrixFault> all() {
        List<MatrixFault> all = new ArrayList<>();
        for (int status : List.of(400, 413, 422)) {
            FOREIGN.forEach((name, body) -> all.add(answer(status + " with " + name, status, body)));
        }
        for (String body : List.of("{}", "[]", "", "{\"status\":500,\"error\":\"Internal Server Error\"}", "{\"events\":[]}",
                "{\"events\":[{\"lago_id\":\"1a901a90", PAGE)) {
            all.add(answer("200 with '" + body + "'", 200, body));
        }
        all.add(answer("302", 302, PAGE, Map.of("Location", "http://localhost:9/login"), false));
        all.add(answer("401 from Lago", 401, "{\"status\":401,\"error\":\"Unauthorized\"}", Map.of(), true));
        all.add(answer("403 with HTML", 403, PAGE));
        all.add(answer("403 with a gateway's JSON", 403, "{\"message\":\"Forbidden\"}"));
        all.add(answer("404 with HTML", 404, PAGE));
        all.add(answer("408", 408, ""));
        all.add(answer("425", 425, ""));
        String limited = "{\"status\":429,\"error\":\"Too Many Requests\"}";
        all.add(answer("429 with headers", 429, limited, RATE_LIMIT, true));
        all.add(answer("429 without headers", 429, limited, Map.of(), true));
        all.add(answer("429 with HTML", 429, PAGE));
        all.add(answer("500 from Rails", 500, "{\"status\":500,\"error\":\"Internal Server Error\"}"));
        all.add(answer("503 with Retry-After", 503, "", Map.of("Retry-After", "0"), true));
        for (int status : List.of(502, 503, 504, 507, 520)) {
            all.add(answer(String.valueOf(status), status, status == 504 ? "" : PAGE));
        }
        all.add(REFUSED);
        all.add(new MatrixFault("connection reset", Fault::dropBefore, Fault::dropAfter, false));
        all.add(new MatrixFault("broken answer", null, Fault::garble, false));
        all.add(new MatrixFault("truncated answer", null, Fault::truncate, false));
        all.add(new MatrixFault("late answer", f -> f.html(504).delay(LATE), f -> f.delay(LATE), false));
        all.add(new MatrixFault("dripping answer", f -> f.html(200).drip(LATE), f -> f.drip(LATE), false));
        return all;
    }

    /** Milliseconds. Short if the fault needs it, else long: the machine may be busy. */
    int responseTimeout() {
        return name.equals("late answer") ? 500 : 30_000;
    }

    int callTimeout() {
        return name.equals("dripping answer") ? 700 : 30_000;
    }

    private static MatrixFault answer(String name, int status, String body) {
        return answer(name, status, body, Map.of(), false);
    }

    private static MatrixFault answer(String name, int status, String body, Map<String, String> headers, boolean denial) {
        String type = body.startsWith("<") ? "text/html" : JSON;
        Consumer<Fault> complete = fault -> {
            headers.forEach(fault::header);
            fault.body(body, type);
        };
        return new MatrixFault(name, fault -> complete.accept(fault.status(status)),
                fault -> complete.accept(fault.statusAfter(status)), denial);
    }
}
