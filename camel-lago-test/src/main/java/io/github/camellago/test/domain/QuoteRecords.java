package io.github.camellago.test.domain;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Handler;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.LagoError;
import io.github.camellago.test.server.SandboxClock;

/**
 * Base class for quotes, their versions, order forms and orders: checks the feature flag and the filters of lists.
 */
abstract class QuoteRecords extends Crud {

    static final List<String> ORDER_TYPES = List.of("subscription_creation", "subscription_amendment", "one_off");
    static final Predicate<String> UUID = value -> value.matches("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    QuoteRecords(Context context, String collection) {
        super(context, collection);
    }

    /** Adds a route that answers 403 without the feature flag. */
    final void flagged(String method, String path, Handler handler) {
        on(method, path, call -> {
            License.require(context.variant.license().orderForms(), "feature_unavailable");
            return handler.handle(call);
        });
    }

    /** The record of the path for a changing call. 404 if it does not exist, 403 without premium. */
    final Map<String, Object> editable(Call call) {
        Map<String, Object> record = find(call);
        context.variant.license().requirePremium();
        return record;
    }

    /** 422 for invalid values of a list's filter. */
    static void checkFilter(Call call, String filter, Predicate<String> allowed, String message) {
        List<String> values = call.queryAll(filter).stream().filter(value -> !value.isEmpty()).toList();
        if (!values.stream().allMatch(allowed)) {
            throw LagoError.invalid(filter, message);
        }
    }

    static void checkFilter(Call call, String filter, List<String> allowed) {
        checkFilter(call, filter, allowed::contains, "must be one of: " + String.join(", ", allowed));
    }

    static void checkDates(Call call, String... filters) {
        for (String filter : filters) {
            checkFilter(call, filter, value -> SandboxClock.parse(value) != null, "invalid_date");
        }
    }

    /** The current version of a quote, which is the last one, or null. */
    final Map<String, Object> currentVersion(Map<String, Object> quote) {
        List<Map<String, Object>> versions = versions(quote.get("lago_id"));
        return versions.isEmpty() ? null : versions.get(0);
    }

    /** The versions of a quote, newest first. */
    final List<Map<String, Object>> versions(Object quoteId) {
        return context.where("quote_versions", "lago_quote_id", quoteId);
    }

    /** The quote of a record with {@code lago_quote_id}. Empty if it does not exist. */
    final Map<String, Object> quote(Map<String, Object> record) {
        Map<String, Object> quote = context.table("quotes").byId(record.get("lago_quote_id"));
        return quote == null ? Map.of() : quote;
    }

    static List<String> ownerIds(Map<String, Object> quote) {
        return Json.asObjects(quote.get("_owners")).stream().map(owner -> String.valueOf(owner.get("lago_id"))).toList();
    }

    /** The next number with the prefix: {@code QT-2026-0001}. */
    final String number(String prefix) {
        return "%s-%d-%04d".formatted(prefix, context.clock.today().getYear(), table.size() + 1);
    }

    final Map<String, Object> set(Map<String, Object> record, Object... namesAndValues) {
        return table.update((String) record.get("lago_id"), Json.object(namesAndValues));
    }

    static boolean isFuture(Object value, Instant now) {
        Instant instant = SandboxClock.parse(value);
        return instant != null && instant.isAfter(now);
    }

    static boolean isBlank(Object value) {
        return value == null || value.toString().isBlank();
    }
}
