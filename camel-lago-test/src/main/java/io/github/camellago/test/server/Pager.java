package io.github.camellago.test.server;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Answers lists: filters the records, selects the page, and adds {@code meta}.
 */
public final class Pager {

    private static final int PER_PAGE = 100;

    private static final Duration CACHED = Duration.ofMinutes(30);

    private record Cached(int total, Instant since) {}

    private final boolean staleTotals;
    private final SandboxClock cacheClock;
    private final Map<String, Integer> totals = new ConcurrentHashMap<>();
    private final Map<String, Cached> cache = new ConcurrentHashMap<>();

    /** @param staleTotals whether the first total of a list is repeated until {@link #forgetTotals} */
    public Pager(boolean staleTotals) {
        this(staleTotals, null);
    }

    /** @param cacheClock the clock of Lago's cache for the totals of invoices and fees, or null without the cache */
    public Pager(boolean staleTotals, SandboxClock cacheClock) {
        this.staleTotals = staleTotals;
        this.cacheClock = cacheClock;
    }

    public void forgetTotals() {
        totals.clear();
        cache.clear();
    }

    /** The requested page of a resource's records, each converted by {@code view}. */
    public Reply list(Call call, Resource resource, List<Map<String, Object>> records,
            Function<Map<String, Object>, Map<String, Object>> view) {
        return list(call, resource.name(), matching(call, resource, records), view);
    }

    /** The records that match the call's filters. */
    public static List<Map<String, Object>> matching(Call call, Resource resource, List<Map<String, Object>> records) {
        return call.query().isEmpty() ? records : Filters.matching(resource.filters(), call, records);
    }

    /** The requested page, under the root key {@code root}. */
    public Reply list(Call call, String root, List<Map<String, Object>> records,
            Function<Map<String, Object>, Map<String, Object>> view) {
        int perPage = positive(call.query("per_page"), PER_PAGE);
        int page = positive(call.query("page"), 1);
        int from = (int) Math.min(records.size(), (page - 1L) * perPage);
        int to = (int) Math.min(records.size(), (long) from + perPage);
        List<Object> shown = new ArrayList<>(to - from);
        for (Map<String, Object> record : records.subList(from, to)) {
            shown.add(view.apply(record));
        }
        boolean cached = cacheClock != null && ("invoices".equals(root) || "fees".equals(root));
        int total = cached
                ? cached(call, root, records.size(), page * (long) perPage)
                : staleTotals ? totals.computeIfAbsent(listOf(call), list -> records.size()) : records.size();
        return Reply.json(200, Json.object(root, shown, "meta", Json.object(
                "current_page", total == 0 ? 0 : page,
                "next_page", (cached ? page * (long) perPage < total : to < records.size()) ? page + 1 : null,
                "prev_page", page > 1 && total > 0 ? page - 1 : null,
                "total_pages", (total + perPage - 1) / perPage,
                "total_count", total)));
    }

    /**
     * The total from Lago's cache. Lago caches it for 30 minutes, and uses it only while it says that more pages follow. The cache key has only
     * the plain filters, for invoices neither the customer nor any {@code name[]}.
     */
    private int cached(Call call, String root, int counted, long upToThisPage) {
        Map<String, Object> filters = new TreeMap<>(call.query());
        filters.keySet().removeIf(name -> "page".equals(name) || name.endsWith("[]"));
        if ("invoices".equals(root)) {
            filters.keySet().removeAll(List.of("external_customer_id", "customer_external_id"));
        }
        String key = root + filters;
        Cached known = cache.get(key);
        if (known != null && known.total() > upToThisPage && cacheClock.now().isBefore(known.since().plus(CACHED))) {
            return known.total();
        }
        cache.put(key, new Cached(counted, cacheClock.now()));
        return counted;
    }

    private static String listOf(Call call) {
        Map<String, Object> filters = new TreeMap<>(call.query());
        filters.remove("page");
        filters.remove("per_page");
        return call.path() + filters;
    }

    private static int positive(String value, int otherwise) {
        try {
            int number = value == null ? otherwise : Integer.parseInt(value.trim());
            return number > 0 ? number : otherwise;
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }
}
