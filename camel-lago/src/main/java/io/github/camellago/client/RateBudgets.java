package io.github.camellago.client;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** All rate budgets of one CamelContext: one per host, API key and limit. Keys are held as digests only. Thread-safe. */
public final class RateBudgets {

    private final Map<String, RateBudget> budgets = new ConcurrentHashMap<>();

    RateBudget of(String host, String fingerprint, RateLimitGroup group) {
        return budgets.computeIfAbsent(group + " " + host + " " + fingerprint,
                k -> new RateBudget(group.calls() + " at " + host));
    }

    static String fingerprint(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
