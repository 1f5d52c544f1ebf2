package io.github.camellago.client;

/** Lago's rate limits. Each has a budget of its own. */
enum RateLimitGroup {
    /** sending usage events */
    EVENTS("events"),
    /** reading current usage */
    CURRENT_USAGE("current usage"),
    /** everything else */
    OTHER("calls other than events and current usage");

    private final String calls;

    RateLimitGroup(String calls) {
        this.calls = calls;
    }

    /** The limited calls, in words. */
    String calls() {
        return calls;
    }

    /** The limit that a call counts against. */
    static RateLimitGroup of(String method, String path) {
        if (method.equals("POST") && (path.equals("events") || path.equals("events/batch"))) {
            return EVENTS;
        }
        return path.endsWith("/current_usage") ? CURRENT_USAGE : OTHER;
    }
}
