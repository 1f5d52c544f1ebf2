package io.github.camellago.test;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;

/**
 * Something that goes wrong with the requests it matches: which ones ({@link #nth}, {@link #times}, {@link #probability}, …; every one unless
 * told otherwise), and how ({@link #status}, {@link #dropAfter}, …; nothing until told). It is in force from the moment it says how.
 */
public final class Fault {

    /** What happens to the request that a fault fires on. */
    enum Kind {
        NOTHING, ANSWER, ANSWER_AFTER, DROP_BEFORE, DROP_AFTER, TRUNCATE, GARBLE;

        boolean hasEffect() {
            return this != ANSWER && this != DROP_BEFORE;
        }
    }

    /** One consistent reading of how things go wrong. */
    record Action(Kind kind, int status, String body, String contentType, Map<String, String> headers, Duration delay) {}

    private static final String HTML = "text/html; charset=utf-8";

    private final Predicate<SandboxRequest> target;
    private Predicate<SandboxRequest> condition = request -> true;
    private int first = 1;
    private int times = Integer.MAX_VALUE;
    private double probability = 1;
    private Random random = new Random(0);
    private Action action = new Action(Kind.NOTHING, 0, null, null, Map.of(), Duration.ZERO);
    private boolean armed;
    private int matched;
    private int due;
    private int fired;

    Fault(Predicate<SandboxRequest> target) {
        this.target = target;
    }

    /** Fires on the n-th matching request, counted from 1 and from when this fault was made; with {@link #times} on those after it too. */
    public synchronized Fault nth(int n) {
        if (n < 1) {
            throw new IllegalArgumentException("Requests are counted from 1, not from " + n);
        }
        first = n;
        times = times == Integer.MAX_VALUE ? 1 : times;
        return this;
    }

    /** Fires on every matching request; the default. */
    public synchronized Fault every() {
        first = 1;
        times = Integer.MAX_VALUE;
        return this;
    }

    /** Fires so many times at most. */
    public synchronized Fault times(int count) {
        times = count;
        return this;
    }

    /** Fires on a matching request with that probability; the same seed decides the same way again. */
    public synchronized Fault probability(double chance, long seed) {
        probability = chance;
        random = new Random(seed);
        return this;
    }

    /** Matches only requests that pass the test as well. */
    public synchronized Fault when(Predicate<SandboxRequest> test) {
        condition = condition.and(test);
        return this;
    }

    /** Matches only requests whose body passes the test as well. */
    public Fault whenBody(Predicate<String> test) {
        return when(request -> test.test(request.body()));
    }

    /** Answers that status, and nothing happens in the sandbox. Without {@link #body} a 5xx is empty and a 4xx is Lago's JSON. */
    public Fault status(int status) {
        return answer(Kind.ANSWER, status);
    }

    /** Answers that status although the request took effect. */
    public Fault statusAfter(int status) {
        return answer(Kind.ANSWER_AFTER, status);
    }

    /** Answers that status with a proxy's HTML page, and nothing happens in the sandbox. */
    public Fault html(int status) {
        return answer(Kind.ANSWER, status).body("<html><head><title>" + status + "</title></head><body><h1>" + status
                + " from a proxy</h1></body></html>", HTML);
    }

    /** 429 without a word on when to come back. */
    public Fault tooManyRequests() {
        return answer(Kind.ANSWER, 429);
    }

    /** 429 with {@code X-RateLimit-*} headers: nothing remains for so many seconds. */
    public Fault tooManyRequests(int resetSeconds) {
        return tooManyRequests().header("X-RateLimit-Limit", "50").header("X-RateLimit-Remaining", "0")
                .header("X-RateLimit-Reset", String.valueOf(resetSeconds));
    }

    /** The connection is reset before anything happens in the sandbox. */
    public Fault dropBefore() {
        return answer(Kind.DROP_BEFORE, 0);
    }

    /** The request takes effect, then the connection is reset instead of an answer. */
    public Fault dropAfter() {
        return answer(Kind.DROP_AFTER, 0);
    }

    /** The request takes effect, and half of the answer's body is all that is sent: JSON that breaks off. */
    public Fault truncate() {
        return answer(Kind.TRUNCATE, 0);
    }

    /** The request takes effect, the answer begins with 200, and breaks down before its body: chunks that are none, then a closed connection. */
    public Fault garble() {
        return answer(Kind.GARBLE, 0);
    }

    /** The answer comes that much later than it would; the request takes effect at once. Goes with any other way, or alone. */
    public synchronized Fault delay(Duration time) {
        action = new Action(action.kind(), action.status(), action.body(), action.contentType(), action.headers(), time);
        armed = true;
        return this;
    }

    /** The body of the answer that {@link #status} or {@link #statusAfter} gives; by itself, that of a 200 without effect. */
    public Fault body(String body) {
        return body(body, "text/plain; charset=utf-8");
    }

    /** {@link #body(String)} of another type than plain text. */
    public synchronized Fault body(String body, String contentType) {
        Kind kind = action.kind() == Kind.NOTHING ? Kind.ANSWER : action.kind();
        int status = action.kind() == Kind.NOTHING ? 200 : action.status();
        action = new Action(kind, status, body, contentType, action.headers(), action.delay());
        armed = true;
        return this;
    }

    /** A header of the answer, whichever way it goes wrong. */
    public synchronized Fault header(String name, String value) {
        Map<String, String> headers = new LinkedHashMap<>(action.headers());
        headers.put(name, value);
        action = new Action(action.kind(), action.status(), action.body(), action.contentType(), headers, action.delay());
        return this;
    }

    /** How often it fired. */
    public synchronized int fired() {
        return fired;
    }

    /** How many requests it matched, whether it fired on them or not. */
    public synchronized int matched() {
        return matched;
    }

    private synchronized Fault answer(Kind kind, int status) {
        action = new Action(kind, status, action.body(), action.contentType(), action.headers(), action.delay());
        armed = true;
        return this;
    }

    /** Counts the request if it matches; whether this fault is due on it. */
    boolean isDue(SandboxRequest request) {
        // without the lock: a test may hold one request back until another one has come
        return isArmed() && target.test(request) && condition.test(request) && count();
    }

    private synchronized boolean isArmed() {
        return armed;
    }

    private synchronized boolean count() {
        matched++;
        if (matched < first || due >= times || probability < 1 && random.nextDouble() >= probability) {
            return false;
        }
        due++;
        return true;
    }

    synchronized Action fire() {
        fired++;
        return action;
    }

}
