package io.github.camellago.test.domain;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.LagoError;
import io.github.camellago.test.server.Reply;
import io.github.camellago.test.server.SandboxClock;
import io.github.camellago.test.server.Validation;

/**
 * Event ingestion. A batch is atomic, and a duplicate event is an error. The variants differ, see {@link Variant}.
 */
final class Events extends Crud {

    private static final DateTimeFormatter MILLIS = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'")
            .withZone(ZoneOffset.UTC);
    private static final Instant NEVER = Instant.parse("9999-12-31T23:59:59Z");
    private static final String KNOWN = "value_already_exist";

    private long accepted;

    Events(Context context) {
        super(context, "events");
    }

    @Override
    void register() {
        on("POST", "/events", this::create);
        on("POST", "/events/batch", this::createBatch);
        on("GET", "/events", this::list);
        on("GET", "/events/{transaction_id}", this::get);
    }

    @Override
    Reply list(Call call) {
        return list(call, sinceStart(call, context.variant.clickhouse() ? table.lastStoredFirst() : table.all()));
    }

    /** The events since the start of the subscription, if the call asks for them. Otherwise all events. */
    List<Map<String, Object>> sinceStart(Call call, List<Map<String, Object>> events) {
        String flag = call.query("timestamp_from_started_at");
        if (flag == null) {
            return events;
        }
        Validation validation = new Validation();
        if (!List.of("true", "false").contains(flag)) {
            validation.add("timestamp_from_started_at", "must be one of: true, false");
        }
        String subscription = call.query("external_subscription_id");
        if ("true".equals(flag) && (subscription == null || subscription.isBlank())) {
            validation.add("external_subscription_id", "required with timestamp_from_started_at");
        }
        if ("true".equals(flag) && call.query("timestamp_from") != null) {
            validation.add("timestamp_from", "cannot be used with timestamp_from_started_at");
        }
        validation.check();
        Map<String, Object> started = context.table("subscriptions").oneByKey(subscription);
        Instant from = started == null ? null : SandboxClock.parse(started.get("started_at"));
        return "false".equals(flag) || from == null
                ? events
                : events.stream().filter(event -> !from.isAfter(SandboxClock.parse(event.get("timestamp")))).toList();
    }

    /** The number of stored events. Without a store, the number of accepted events. */
    long accepted() {
        return accepted;
    }

    void reset() {
        accepted = 0;
    }

    /** Stores an event without validation. The timestamp may be in seconds or a date-time. */
    Map<String, Object> seed(Map<String, Object> event) {
        Object timestamp = event.get("timestamp");
        Instant shown = SandboxClock.parse(timestamp);
        Instant instant = shown != null || timestamp == null ? shown : instant(timestamp);
        accepted++;
        return table.insert(Json.with(event, "timestamp", MILLIS.format(instant == null ? context.clock.now() : instant)));
    }

    @Override
    Reply create(Call call) {
        Map<String, Object> event = read(call.root("event"));
        compute(event);
        check(event).check();
        if (isKnown(event)) {
            throw LagoError.invalid("transaction_id", KNOWN);
        }
        Map<String, Object> stored = store(event);
        reportErrors(List.of(stored));
        return Reply.of("event", stored);
    }

    private Reply createBatch(Call call) {
        List<Map<String, Object>> given = Json.asObjects(call.json().get("events"));
        if (given.isEmpty()) {
            throw LagoError.invalid("events", "no_events");
        }
        if (given.size() > context.variant.maxBatchSize()) {
            throw LagoError.invalid("events", "too_many_events");
        }
        Map<Integer, Object> errors = new TreeMap<>();
        List<Map<String, Object>> events = given.stream().map(this::read).toList();
        for (int i = 0; i < events.size(); i++) {
            try {
                compute(events.get(i));
                check(events.get(i)).check();
            } catch (LagoError e) {
                errors.put(i, e.details());
            }
        }
        boolean partial = context.variant.partialBatches();
        if (errors.isEmpty() || partial) {
            duplicates(events, errors);
        }
        if (!errors.isEmpty() && !partial) {
            throw LagoError.invalid(errors);
        }
        List<Map<String, Object>> stored = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            if (!errors.containsKey(i)) {
                stored.add(store(events.get(i)));
            }
        }
        reportErrors(stored);
        if (!errors.isEmpty()) {
            throw LagoError.invalid(errors);
        }
        return Reply.of("events", stored);
    }

    /**
     * Reports known events. Lago inserts all others, and then looks the rows up by transaction_id alone, one row per event. So of two events with
     * the same transaction_id, the later one is reported as known, even if their subscriptions differ.
     */
    private void duplicates(List<Map<String, Object>> events, Map<Integer, Object> errors) {
        if (context.variant.clickhouse()) {
            return;
        }
        Set<Object> inserted = new HashSet<>();
        for (int i = 0; i < events.size(); i++) {
            if (!errors.containsKey(i) && !isKnown(events.get(i))) {
                inserted.add(events.get(i).get("transaction_id"));
            }
        }
        for (int i = 0; i < events.size(); i++) {
            if (!errors.containsKey(i) && !inserted.remove(events.get(i).get("transaction_id"))) {
                errors.put(i, Map.of("transaction_id", List.of(KNOWN)));
            }
        }
    }

    /** The event with its timestamp in Lago's format. An invalid timestamp becomes null. */
    private Map<String, Object> read(Map<String, Object> given) {
        Map<String, Object> event = resource.fresh(given);
        Object timestamp = event.get("timestamp");
        Instant instant = timestamp == null ? context.clock.now() : instant(timestamp);
        event.put("timestamp", instant == null ? null : MILLIS.format(instant));
        event.put("properties", Json.asObject(event.get("properties")));
        Object amount = event.get("precise_total_amount_cents");
        if (amount != null) {
            event.put("precise_total_amount_cents", Amounts.text(Amounts.decimal(amount, BigDecimal.ZERO)));
        }
        return event;
    }

    /** Overwrites the metric's field with the value of the metric's expression. */
    private void compute(Map<String, Object> event) {
        Map<String, Object> metric = context.table("billable_metrics").oneByKey(event.get("code"));
        String expression = metric == null ? null : (String) metric.get("expression");
        if (expression == null || expression.isBlank()) {
            return;
        }
        try {
            Instant timestamp = SandboxClock.parse(event.get("timestamp"));
            Object value = Expression.evaluate(expression,
                    Json.with(event, "timestamp", timestamp == null ? null : timestamp.getEpochSecond()));
            Object written = value instanceof BigDecimal number ? Amounts.text(number) : value;
            event.put("properties",
                    Json.with(Json.asObject(event.get("properties")), (String) metric.get("field_name"), written));
        } catch (IllegalArgumentException e) {
            throw LagoError.invalid((Object) ("expression_evaluation_failed: " + e.getMessage()));
        }
    }

    private static Instant instant(Object seconds) {
        try {
            BigDecimal exact = new BigDecimal(seconds.toString().trim());
            BigDecimal whole = exact.setScale(0, RoundingMode.FLOOR);
            return Instant.ofEpochSecond(whole.longValueExact(), exact.subtract(whole).movePointRight(9).longValue());
        } catch (ArithmeticException | NumberFormatException | DateTimeException e) {
            return null;
        }
    }

    private static Validation check(Map<String, Object> event) {
        Validation validation = new Validation();
        if (event.get("timestamp") == null) {
            return validation.add("timestamp", "invalid_format");
        }
        return validation.mandatory(event, "transaction_id").mandatory(event, "code");
    }

    private Map<String, Object> store(Map<String, Object> event) {
        if (context.variant.clickhouse()) {
            Map<String, Object> known = known(event);
            if (known != null) {
                return known;
            }
        }
        accepted++;
        if (!context.variant.storeEvents()) {
            return Json.with(event, "created_at", context.now());
        }
        return table.insert(context.variant.clickhouse() ? Json.with(event, "lago_id", clickhouseId(event)) : event);
    }

    /** Sends the webhook about accepted events that Lago cannot bill. Lago sends it hourly, the sandbox immediately. Lago checks no events in ClickHouse. */
    private void reportErrors(List<Map<String, Object>> stored) {
        if (context.variant.storeEvents() && !context.variant.clickhouse()) {
            new EventErrors(context).report(stored);
        }
    }

    /** Whether the event is already stored. Events without a subscription are never duplicates. */
    private boolean isKnown(Map<String, Object> event) {
        return !context.variant.clickhouse() && event.get("external_subscription_id") != null && known(event) != null;
    }

    /** The stored event with the same identity as {@code event}, or null. */
    private Map<String, Object> known(Map<String, Object> event) {
        String identity = identity(event);
        for (Map<String, Object> stored : table.byKey(event.get("transaction_id"))) {
            if (identity.equals(identity(stored))) {
                return stored;
            }
        }
        return null;
    }

    /** ClickHouse has no ids. Lago generates an id that is not a UUID. */
    private String clickhouseId(Map<String, Object> event) {
        return context.organizationId + "-" + UUID.nameUUIDFromBytes(identity(event).getBytes(StandardCharsets.UTF_8));
    }

    private String identity(Map<String, Object> event) {
        String identity = event.get("transaction_id") + "\n" + event.get("external_subscription_id");
        return context.variant.clickhouse() ? identity + "\n" + event.get("timestamp") + "\n" + event.get("code") : identity;
    }

    /** PostgreSQL keeps no subscription with an event. ClickHouse looks it up when the event is read. */
    @Override
    Map<String, Object> shown(Map<String, Object> event) {
        if (!context.variant.clickhouse()) {
            return super.shown(event);
        }
        Map<String, Object> subscription = subscription(event);
        return Json.with(inClickhousesForm(super.shown(event)), "lago_subscription_id",
                subscription == null ? null : subscription.get("lago_id"),
                "lago_customer_id", subscription == null ? null : subscription.get("lago_customer_id"));
    }

    /** The subscription at the time of the event, or null. One that has not ended comes first, then the one that started last. */
    private Map<String, Object> subscription(Map<String, Object> event) {
        Instant time = SandboxClock.parse(event.get("timestamp"));
        return context.table("subscriptions").byKey(event.get("external_subscription_id")).stream().filter(subscription -> {
            Instant started = SandboxClock.parse(subscription.get("started_at"));
            return time != null && started != null && !started.truncatedTo(ChronoUnit.MILLIS).isAfter(time)
                    && !ended(subscription).truncatedTo(ChronoUnit.MILLIS).isBefore(time);
        }).max(Comparator.comparing(Events::ended)
                .thenComparing(subscription -> SandboxClock.parse(subscription.get("started_at")))).orElse(null);
    }

    private static Instant ended(Map<String, Object> subscription) {
        Instant ended = SandboxClock.parse(subscription.get("terminated_at"));
        return ended == null ? NEVER : ended;
    }

    /** ClickHouse stores properties as a map of text, and no amount as zero. */
    private static Map<String, Object> inClickhousesForm(Map<String, Object> event) {
        Map<String, Object> properties = new LinkedHashMap<>();
        Json.asObject(event.get("properties"))
                .forEach((name, value) -> properties.put(name, value == null ? "" : Json.asText(value)));
        Object amount = event.get("precise_total_amount_cents");
        return Json.with(event, "properties", properties, "precise_total_amount_cents", amount == null ? "0.0" : amount);
    }
}
