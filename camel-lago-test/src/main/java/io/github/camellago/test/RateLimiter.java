package io.github.camellago.test;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

import io.github.camellago.test.server.SandboxClock;

/**
 * Counts requests in fixed windows, separately for each group of paths.
 */
final class RateLimiter {

    /** Paths that share a limit. */
    enum Group {
        EVENTS, CURRENT_USAGE, OTHER;

        static Group of(String method, String path) {
            if ("POST".equals(method) && (path.equals("/events") || path.equals("/events/batch"))) {
                return EVENTS;
            }
            return path.startsWith("/customers/") && path.endsWith("/current_usage") ? CURRENT_USAGE : OTHER;
        }
    }

    /** Whether a request is allowed, and the values for the rate-limit headers. */
    record Verdict(boolean passes, Map<String, String> headers) {}

    private static final class Window {
        private long number = Long.MIN_VALUE;
        private int used;
    }

    private final SandboxClock clock;
    private final Map<Group, Window> windows = new EnumMap<>(Group.class);
    private RateLimits limits;

    RateLimiter(RateLimits limits, SandboxClock clock) {
        this.clock = clock;
        limits(limits);
    }

    synchronized void limits(RateLimits other) {
        limits = other;
        windows.clear();
    }

    synchronized Verdict admit(Group group) {
        int limit = switch (group) {
            case EVENTS -> limits.events();
            case CURRENT_USAGE -> limits.currentUsage();
            case OTHER -> limits.other();
        };
        if (limit == 0) {
            return new Verdict(true, Map.of());
        }
        long length = limits.window().toMillis();
        long now = clock.now().toEpochMilli();
        Window window = windows.computeIfAbsent(group, g -> new Window());
        if (window.number != now / length) {
            window.number = now / length;
            window.used = 0;
        }
        boolean passes = window.used < limit;
        if (passes) {
            window.used++;
        }
        Map<String, String> headers = new LinkedHashMap<>();
        if (limits.announced()) {
            long left = length - now % length;
            headers.put("X-RateLimit-Limit", String.valueOf(limit));
            headers.put("X-RateLimit-Remaining", String.valueOf(limit - window.used));
            headers.put("X-RateLimit-Reset", String.valueOf((left + 999) / 1000));
        }
        return new Verdict(passes, headers);
    }
}
