package io.github.camellago.test.server;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The organization's API keys and what each may do. A permission is {@code customer:read} or {@code customer:write}.
 */
public final class Keys {

    private static final Set<String> EVERYTHING = Set.of("*");

    private final Map<String, Set<String>> permissions = new ConcurrentHashMap<>();

    public void addFull(String key) {
        permissions.put(key, EVERYTHING);
    }

    public void add(String key, Set<String> allowed) {
        permissions.put(key, Set.copyOf(allowed));
    }

    /** From now on {@code key} is answered 401; false if it was unknown. */
    public boolean revoke(String key) {
        return permissions.remove(key) != null;
    }

    public void clear() {
        permissions.clear();
    }

    /** What the Authorization header's key may do; 401 when there is no such key. */
    Set<String> authenticate(String authorization) {
        Set<String> allowed = authorization != null && authorization.regionMatches(true, 0, "Bearer ", 0, 7)
                ? permissions.get(authorization.substring(7).trim())
                : null;
        if (allowed == null) {
            throw LagoError.unauthorized();
        }
        return allowed;
    }

    /** 403 unless {@code allowed} contains what the route asks for. */
    static void authorize(Set<String> allowed, Router.Route route) {
        String mode = "GET".equals(route.method()) ? "read" : "write";
        if (allowed != EVERYTHING && !allowed.contains(route.permission() + ":" + mode)) {
            throw LagoError.forbidden(mode + "_action_not_allowed_for_" + route.permission());
        }
    }
}
