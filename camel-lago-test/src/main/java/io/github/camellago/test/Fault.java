package io.github.camellago.test;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;

/**
 * A fault that is injected into matching requests. {@link #nth}, {@link #times}, {@link #probability} and others select the requests. The
 * default is every matching request. {@link #status}, {@link #dropAfter} and others set the effect. The fault is active once its effect is set.
 */
public final class Fault {

    /** The effect on the request that a fault fires on. */
    enum Kind {
        NOTHING, ANSWER, ANSWER_AFTER, DROP_BEFORE, DROP_AFTER, TRUNCATE, GARBLE;

        boolean hasEffect() {
            return this != ANSWER && this != DROP_BEFORE;
        }
    }

    /** A consistent snapshot of the effect. */
    record Action(Kind kind, int status, String body, String contentType, Map<String, String> headers, Duration delay,
            Duration drip) {}

    private static final String HTML = "text/html; charset=utf-8";

    private final Predicate<SandboxRequest> target;
    private Predicate<SandboxRequest> condition = request -> true;
    private int first = 1;
    private int times = Integer.MAX_VALUE;
    private double probability = 1;
    private Random random = new Random(0);
    private Action action = new Action(Kind.NOTHING, 0, null, null, Map.of(), Duration.ZERO, Duration.ZERO);
    private boolean armed;
    private int matched;
    private int selected;
    private int fired;

    Fault(Predicate<SandboxRequest> target) {
        this.target = target;
    }

    /** Fires on the n-th matching request. Counts from 1 and from the creation of this fault. {@link #times} adds the requests after it. */
    public synchronized Fault nth(int n) {
        if (n < 1) {
            throw new IllegalArgumentException("n must be at least 1, but is " + n);
        }
        first = n;
        times = times == Integer.MAX_VALUE ? 1 : times;
        return this;
    }

    /** Fires on every matching request. This is the default. */
    public synchronized Fault every() {
        first = 1;
        times = Integer.MAX_VALUE;
        return this;
    }

    /** Fires at most the given number of times. */
    public synchronized Fault times(int count) {
        times = count;
        return this;
    }

    /** Fires on a matching request with the given probability. The same seed gives the same sequence. */
    public synchronized Fault probability(double chance, long seed) {
        probability = chance;
        random = new Random(seed);
        return this;
    }

    /** Matches only requests that also satisfy the predicate. */
    public synchronized Fault when(Predicate<SandboxRequest> test) {
        condition = condition.and(test);
        return this;
    }

    /** Matches only requests whose body also satisfies the predicate. */
    public Fault whenBody(Predicate<String> test) {
        return when(request -> test.test(request.body()));
    }

    /** Answers with the status. The request has no effect. Without {@link #body}, a 5xx is empty and a 4xx is Lago's JSON. */
    public Fault status(int status) {
        return answer(Kind.ANSWER, status);
    }

    /** Answers with the status, although the request has taken effect. */
    public Fault statusAfter(int status) {
        return answer(Kind.ANSWER_AFTER, status);
    }

    /** Answers with the status and a proxy's HTML page. The request has no effect. */
    public Fault html(int status) {
        return answer(Kind.ANSWER, status).body("<html><head><title>" + status + "</title></head><body><h1>" + status
                + " from a proxy</h1></body></html>", HTML);
    }

    /** Answers 429 without rate-limit headers. The request has no effect. */
    public Fault tooManyRequests() {
        return answer(Kind.ANSWER, 429);
    }

    /** Answers 429 with {@code X-RateLimit-*} headers: 0 requests remain for the given number of seconds. The request has no effect. */
    public Fault tooManyRequests(int resetSeconds) {
        return tooManyRequests().header("X-RateLimit-Limit", "50").header("X-RateLimit-Remaining", "0")
                .header("X-RateLimit-Reset", String.valueOf(resetSeconds));
    }

    /** Resets the connection before the request takes effect. */
    public Fault dropBefore() {
        return answer(Kind.DROP_BEFORE, 0);
    }

    /** Resets the connection instead of an answer, after the request has taken effect. */
    public Fault dropAfter() {
        return answer(Kind.DROP_AFTER, 0);
    }

    /** Sends only half of the answer's body, after the request has taken effect. */
    public Fault truncate() {
        return answer(Kind.TRUNCATE, 0);
    }

    /** Sends status 200, invalid chunks, and closes the connection, after the request has taken effect. */
    public Fault garble() {
        return answer(Kind.GARBLE, 0);
    }

    /** Delays the answer. The request takes effect at once. Can be combined with any other effect. */
    public synchronized Fault delay(Duration time) {
        action = new Action(action.kind(), action.status(), action.body(), action.contentType(), action.headers(), time,
                action.drip());
        armed = true;
        return this;
    }

    /** Sends the answer's body in small pieces over that time. The request takes effect at once. Can be combined with any other effect. */
    public synchronized Fault drip(Duration time) {
        action = new Action(action.kind(), action.status(), action.body(), action.contentType(), action.headers(),
                action.delay(),
                time);
        armed = true;
        return this;
    }

    /** Sets the body of the answer of {@link #status} or {@link #statusAfter}. Without them, answers 200, and the request has no effect. */
    public Fault body(String body) {
        return body(body, "text/plain; charset=utf-8");
    }

    /** Like {@link #body(String)}, with a content type. */
    public synchronized Fault body(String body, String contentType) {
        Kind kind = action.kind() == Kind.NOTHING ? Kind.ANSWER : action.kind();
        int status = action.kind() == Kind.NOTHING ? 200 : action.status();
        action = new Action(kind, status, body, contentType, action.headers(), action.delay(), action.drip());
        armed = true;
        return this;
    }

    /** Adds a header to the answer, or replaces it. Without {@link #status} and the like, the answer is otherwise as it was. */
    public synchronized Fault header(String name, String value) {
        Map<String, String> headers = new LinkedHashMap<>(action.headers());
        headers.put(name, value);
        action = new Action(action.kind(), action.status(), action.body(), action.contentType(), headers, action.delay(),
                action.drip());
        armed = true;
        return this;
    }

    /** The number of requests that this fault fired on. */
    public synchronized int fired() {
        return fired;
    }

    /** The number of matching requests, including those that it did not fire on. */
    public synchronized int matched() {
        return matched;
    }

    private synchronized Fault answer(Kind kind, int status) {
        action = new Action(kind, status, action.body(), action.contentType(), action.headers(), action.delay(),
                action.drip());
        armed = true;
        return this;
    }

    /** Counts the request if it matches. Returns whether this fault fires on it. */
    boolean selects(SandboxRequest request) {
        // without the lock: a predicate may block until another request arrives
        return isArmed() && target.test(request) && condition.test(request) && count();
    }

    private synchronized boolean isArmed() {
        return armed;
    }

    private synchronized boolean count() {
        matched++;
        if (matched < first || selected >= times || probability < 1 && random.nextDouble() >= probability) {
            return false;
        }
        selected++;
        return true;
    }

    synchronized Action fire() {
        fired++;
        return action;
    }

}
