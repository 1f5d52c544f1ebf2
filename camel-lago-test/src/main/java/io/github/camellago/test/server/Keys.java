package io.github.camellago.test.server;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The organization's API keys and their permissions, such as {@code customer:read} and {@code customer:write}.
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

    /** Revokes {@code key}, so that calls get 401. Returns false if it is unknown. */
    public boolean revoke(String key) {
        return permissions.remove(key) != null;
    }

    public void clear() {
        permissions.clear();
    }

    /** The permissions of the key in the Authorization header. 401 if the key is unknown. */
    Set<String> authenticate(String authorization) {
        Set<String> allowed = authorization != null && authorization.regionMatches(true, 0, "Bearer ", 0, 7)
                ? permissions.get(authorization.substring(7).trim())
                : null;
        if (allowed == null) {
            throw LagoError.unauthorized();
        }
        return allowed;
    }

    /** 403 unless {@code allowed} contains the permission of the route. */
    static void authorize(Set<String> allowed, Router.Route route) {
        String mode = "GET".equals(route.method()) ? "read" : "write";
        if (allowed != EVERYTHING && !allowed.contains(route.permission() + ":" + mode)) {
            throw LagoError.forbidden(mode + "_action_not_allowed_for_" + route.permission());
        }
    }
}
