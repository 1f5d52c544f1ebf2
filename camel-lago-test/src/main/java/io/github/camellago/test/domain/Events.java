package io.github.camellago.test.domain;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.LagoError;
import io.github.camellago.test.server.Reply;
import io.github.camellago.test.server.SandboxClock;
import io.github.camellago.test.server.Validation;

/**
 * Ingestion. A batch is stored whole or not at all; an event sent twice is an error. The variants differ, see {@link Variant}.
 */
final class Events extends Crud {

    private static final DateTimeFormatter MILLIS = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'")
            .withZone(ZoneOffset.UTC);
    private static final List<String> MANDATORY = List.of("transaction_id", "external_subscription_id", "code");

    private long accepted;

    Events(Context context) {
        super(context, "events");
    }

    @Override
    void register() {
        on("POST", "/events", this::create);
        on("POST", "/events/batch", this::createBatch);
        on("GET", "/events", call -> list(call, context.variant.clickhouse() ? table.lastStoredFirst() : table.all()));
        on("GET", "/events/{transaction_id}", this::get);
    }

    /** How many events were stored, or would have been if this sandbox kept them. */
    long accepted() {
        return accepted;
    }

    void reset() {
        accepted = 0;
    }

    /** Stores an event unchecked; its timestamp may be seconds or, as Lago shows it, a date-time. */
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
        Validation validation = check(event, Set.of());
        validation.check();
        return Reply.of("event", answer(store(event)));
    }

    private Reply createBatch(Call call) {
        List<Map<String, Object>> given = Json.asObjects(call.json().get("events"));
        if (given.isEmpty()) {
            throw LagoError.invalid("events", "no_events");
        }
        if (given.size() > context.variant.maxBatchSize()) {
            throw LagoError.invalid("events", "too_many_events");
        }
        Map<String, Object> errors = new LinkedHashMap<>();
        List<Map<String, Object>> good = new ArrayList<>(given.size());
        Set<String> inBatch = new HashSet<>();
        for (int i = 0; i < given.size(); i++) {
            Map<String, Object> event = read(given.get(i));
            Validation validation = check(event, inBatch);
            if (validation.details().isEmpty()) {
                inBatch.add(identity(event));
                good.add(event);
            } else {
                errors.put(String.valueOf(i), validation.details());
            }
        }
        if (!errors.isEmpty() && !context.variant.partialBatches()) {
            throw LagoError.invalid(errors);
        }
        List<Map<String, Object>> stored = good.stream().map(this::store).map(Events::answer).toList();
        if (!errors.isEmpty()) {
            throw LagoError.invalid(errors);
        }
        return Reply.of("events", stored);
    }

    /** The event with its timestamp as Lago writes it; a timestamp that is none is left as it is. */
    private Map<String, Object> read(Map<String, Object> given) {
        Map<String, Object> event = resource.fresh(given);
        Object timestamp = event.get("timestamp");
        Instant instant = timestamp == null || "".equals(timestamp) ? context.clock.now() : instant(timestamp);
        event.put("timestamp", instant == null ? null : MILLIS.format(instant));
        if (event.get("properties") == null) {
            event.put("properties", Map.of());
        }
        return event;
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

    private Validation check(Map<String, Object> event, Set<String> inBatch) {
        Validation validation = new Validation();
        MANDATORY.forEach(field -> validation.mandatory(event, field));
        if (event.get("timestamp") == null) {
            validation.add("timestamp", "invalid_format");
        }
        if (validation.details().isEmpty() && !context.variant.clickhouse()
                && (inBatch.contains(identity(event)) || known(event) != null)) {
            validation.add("transaction_id", "value_already_exist");
        }
        return validation;
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
        Map<String, Object> stored = table
                .insert(context.variant.clickhouse() ? Json.with(event, "lago_id", clickhouseId(event)) : event);
        if (context.table("billable_metrics").oneByKey(event.get("code")) == null) {
            context.changed("event.error", "event_error", Json.object("status", 422, "error", "Unprocessable Entity", "message",
                    Json.object("code", List.of("metric_not_found")), "event", stored));
        }
        return stored;
    }

    /** The stored event that {@code event} repeats, or null. */
    private Map<String, Object> known(Map<String, Object> event) {
        String identity = identity(event);
        for (Map<String, Object> stored : table.byKey(event.get("transaction_id"))) {
            if (identity.equals(identity(stored))) {
                return stored;
            }
        }
        return null;
    }

    /** ClickHouse has no ids of its own: Lago makes one up, and it is no UUID. */
    private String clickhouseId(Map<String, Object> event) {
        return context.organizationId + "-" + UUID.nameUUIDFromBytes(identity(event).getBytes(StandardCharsets.UTF_8));
    }

    private String identity(Map<String, Object> event) {
        String identity = event.get("transaction_id") + "\n" + event.get("external_subscription_id");
        return context.variant.clickhouse() ? identity + "\n" + event.get("timestamp") + "\n" + event.get("code") : identity;
    }

    /** Customer and subscription are only known later, so the answer to an ingestion never has them. */
    private static Map<String, Object> answer(Map<String, Object> event) {
        return event;
    }

    @Override
    Map<String, Object> shown(Map<String, Object> event) {
        Map<String, Object> subscription = context.table("subscriptions").oneByKey(event.get("external_subscription_id"));
        return subscription == null || event.get("lago_subscription_id") != null
                ? super.shown(event)
                : Json.with(super.shown(event), "lago_subscription_id", subscription.get("lago_id"),
                        "lago_customer_id", subscription.get("lago_customer_id"));
    }
}
