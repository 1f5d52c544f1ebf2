package io.github.camellago.test.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Answers lists: filters, cuts the page out, writes {@code meta}.
 */
public final class Pager {

    private static final int PER_PAGE = 100;

    private final boolean staleTotals;
    private final Map<String, Integer> totals = new ConcurrentHashMap<>();

    /** @param staleTotals whether a list's total, once counted, is told again until {@link #forgetTotals} */
    public Pager(boolean staleTotals) {
        this.staleTotals = staleTotals;
    }

    public void forgetTotals() {
        totals.clear();
    }

    /** The page of a resource's records that {@code call} asks for, as {@code view} shows each. */
    public Reply list(Call call, Resource resource, List<Map<String, Object>> records,
            Function<Map<String, Object>, Map<String, Object>> view) {
        return list(call, resource.name(), matching(call, resource, records), view);
    }

    /** Those records that the call's filters let through. */
    public static List<Map<String, Object>> matching(Call call, Resource resource, List<Map<String, Object>> records) {
        if (call.query().isEmpty() || resource.filters().isEmpty()) {
            return records;
        }
        Predicate<Map<String, Object>> filter = Filters.of(resource.filters(), call);
        return records.stream().filter(filter).toList();
    }

    /** The page that {@code call} asks for, under the root key {@code root}. */
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
        int total = staleTotals ? totals.computeIfAbsent(listOf(call), list -> records.size()) : records.size();
        return Reply.json(200, Json.object(root, shown, "meta", Json.object(
                "current_page", total == 0 ? 0 : page,
                "next_page", to < records.size() ? page + 1 : null,
                "prev_page", page > 1 && total > 0 ? page - 1 : null,
                "total_pages", (total + perPage - 1) / perPage,
                "total_count", total)));
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
