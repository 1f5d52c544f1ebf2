package io.github.camellago.client;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** All rate budgets of one CamelContext: one per host, API key and limit. Keys are held as digests only, and forgotten when they
 * are no longer used. Thread-safe. */
public final class RateBudgets {

    private static final int SWEEP_FROM = 1_000;

    private final Map<String, RateBudget> budgets = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;
    private volatile int sweepAt = SWEEP_FROM;

    public RateBudgets() {
        this(System::nanoTime);
    }

    /** @param nanoTime the time, as {@link System#nanoTime()} gives it */
    RateBudgets(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    RateBudget of(String host, String fingerprint, RateLimitGroup group) {
        String name = group + " " + host + " " + fingerprint;
        RateBudget known = budgets.get(name);
        if (known != null) {
            return known;
        }
        if (budgets.size() >= sweepAt) {
            sweep();
        }
        return budgets.computeIfAbsent(name, k -> new RateBudget(group.calls() + " at " + host, nanoTime));
    }

    /** Forgets keys that are no longer used. The next sweep comes when the number of keys has doubled, so that sweeps stay cheap. */
    private void sweep() {
        budgets.values().removeIf(RateBudget::isIdle);
        sweepAt = Math.max(SWEEP_FROM, 2 * budgets.size());
    }

    int size() {
        return budgets.size();
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
