package io.github.camellago.test.domain;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.LagoError;
import io.github.camellago.test.server.SandboxClock;
import io.github.camellago.test.server.Validation;

/**
 * The rates of a rate card. A rate is pending until it takes effect, active until the next rate takes effect, and then terminated.
 */
final class Rates extends Crud {

    private static final String COLLECTION = "/rate_cards/{rate_card_code}/rates";
    private static final List<String> MODELS_OF_FIXED_PRODUCTS = List.of("standard", "graduated", "volume");
    private static final List<String> FIXED_WHEN_ACTIVE = List.of("effective_from", "rate_model", "min_amount_cents",
            "billing_interval_count", "billing_interval_unit");

    Rates(Context context) {
        super(context, "rates");
    }

    @Override
    void register() {
        on("GET", COLLECTION, call -> list(call, of(card(call))));
        on("POST", COLLECTION, call -> reply(create(card(call), call.root("rate"), "")));
        on("GET", COLLECTION + "/{code}", this::get);
        on("PUT", COLLECTION + "/{code}", this::update);
        on("DELETE", COLLECTION + "/{code}", this::delete);
    }

    private Map<String, Object> card(Call call) {
        return context.require("rate_cards", call.param("rate_card_code"));
    }

    private Map<String, Object> card(Map<String, Object> rate) {
        return context.require("rate_cards", rate.get("rate_card_code"));
    }

    /** The rates of a card, by effective date, latest first. */
    List<Map<String, Object>> of(Map<String, Object> card) {
        return context.where("rates", "rate_card_code", card.get("code"));
    }

    @Override
    Map<String, Object> find(Call call) {
        return of(card(call)).stream().filter(rate -> call.param("code").equals(rate.get("code"))).findFirst()
                .orElseThrow(() -> LagoError.notFound("rate_card_rate"));
    }

    /** Stores a rate of a card. The keys of errors are {@code prefix} and the name of the field. */
    Map<String, Object> create(Map<String, Object> card, Map<String, Object> given, String prefix) {
        Map<String, Object> record = stripped(given);
        record.values().removeIf(Objects::isNull);
        Map<String, Object> rate = Json.with(resource.fresh(record), "rate_card_code", card.get("code"), "effective_from",
                start(card, record.get("effective_from")));
        Validation validation = Validation.create(resource, record);
        check(card, rate, record, null, validation);
        Map<String, List<String>> errors = new LinkedHashMap<>();
        validation.details().forEach((field, reasons) -> errors.put(prefix + field, reasons));
        if (!errors.isEmpty()) {
            throw LagoError.invalid(errors);
        }
        return table.insert(rate);
    }

    /** The time when a rate takes effect. With billing in arrears, the start of the day. */
    private static String start(Map<String, Object> card, Object given) {
        Instant instant = SandboxClock.parse(given);
        if (instant == null) {
            return null;
        }
        return SandboxClock.text("arrears".equals(card.get("billing_timing")) ? instant.truncatedTo(ChronoUnit.DAYS) : instant);
    }

    private void check(Map<String, Object> card, Map<String, Object> rate, Map<String, Object> given, Map<String, Object> self,
            Validation validation) {
        List<Map<String, Object>> others = of(card).stream().filter(other -> other != self).toList();
        if (others.stream().anyMatch(other -> Objects.equals(other.get("code"), rate.get("code")))) {
            validation.add("code", "value_already_exist");
        }
        if (given.containsKey("effective_from")) {
            checkStart(rate, given, others, validation);
        }
        if (Amounts.decimal(rate.get("min_amount_cents"), BigDecimal.ZERO).signum() < 0) {
            validation.add("min_amount_cents", "value_is_out_of_range");
        } else if (Amounts.cents(rate.get("min_amount_cents")) > 0 && "advance".equals(card.get("billing_timing"))) {
            validation.add("min_amount_cents", "not_allowed_for_billing_timing");
        }
        if (Amounts.decimal(rate.get("billing_interval_count"), BigDecimal.ZERO).signum() <= 0) {
            validation.add("billing_interval_count", "value_is_out_of_range");
        }
        String unsuitable = unsuitable(card, String.valueOf(rate.get("rate_model")));
        if (unsuitable != null) {
            validation.add("rate_model", unsuitable);
        } else if ("standard".equals(rate.get("rate_model")) && !isAmount(Json.at(rate, "rate_properties.amount"))) {
            validation.add("rate_properties", "invalid_amount");
        }
    }

    private void checkStart(Map<String, Object> rate, Map<String, Object> given, List<Map<String, Object>> others,
            Validation validation) {
        String start = (String) rate.get("effective_from");
        if (start == null) {
            if (given.get("effective_from") != null && !"".equals(given.get("effective_from"))) {
                validation.add("effective_from", "value_is_invalid");
            }
            return;
        }
        if (others.stream().anyMatch(other -> start.equals(other.get("effective_from")))) {
            validation.add("effective_from", "value_already_exist");
        } else if (others.stream()
                .anyMatch(other -> !isPending(other) && start.compareTo((String) other.get("effective_from")) < 0)) {
            validation.add("effective_from", "must_be_after_active_rate");
        }
    }

    private String unsuitable(Map<String, Object> card, String model) {
        Map<String, Object> product = context.require("products", card.get("product_code"));
        Map<String, Object> metric = context.table("billable_metrics").oneByKey(product.get("billable_metric_code"));
        Object aggregation = metric == null ? null : metric.get("aggregation_type");
        if ("fixed".equals(product.get("product_type")) && !MODELS_OF_FIXED_PRODUCTS.contains(model)) {
            return "not_allowed_for_product";
        }
        if ("dynamic".equals(model) && !"sum_agg".equals(aggregation)
                || List.of("percentage", "graduated_percentage").contains(model) && "latest_agg".equals(aggregation)) {
            return "not_allowed_for_aggregation_type";
        }
        boolean advance = "advance".equals(card.get("billing_timing"));
        if (advance && "volume".equals(model)) {
            return "not_allowed_for_billing_timing";
        }
        if (Boolean.TRUE.equals(card.get("proration"))
                && !(advance ? List.of("standard") : MODELS_OF_FIXED_PRODUCTS).contains(model)) {
            return "not_allowed_with_proration";
        }
        return null;
    }

    private static boolean isAmount(Object amount) {
        try {
            return amount instanceof String text && new BigDecimal(text).signum() >= 0;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    @Override
    Map<String, Object> update(Map<String, Object> rate, Map<String, Object> given) {
        Map<String, Object> card = card(rate);
        Map<String, Object> changes = stripped(given);
        String status = status(rate);
        if ("terminated".equals(status)) {
            throw LagoError.invalid("status", "terminated_rate_not_editable");
        }
        for (String field : FIXED_WHEN_ACTIVE) {
            if ("active".equals(status) && changes.containsKey(field)) {
                throw LagoError.invalid(field, "not_editable_on_active_rate");
            }
        }
        if (renames(rate, changes) && !context.where("applied_rate_cards", "rate_card_code", card.get("code")).isEmpty()) {
            throw LagoError.invalid("code", "attached_to_plan_or_subscription");
        }
        Map<String, Object> changed = Json.with(rate);
        changed.putAll(resource.accepted(changes));
        if (changes.containsKey("effective_from")) {
            changed.put("effective_from", start(card, changes.get("effective_from")));
        }
        Validation validation = Validation.update(resource, changes);
        check(card, changed, changes, rate, validation);
        validation.check();
        changed.remove("updated_at");
        return table.update((String) rate.get("lago_id"), changed);
    }

    @Override
    void checkDelete(Map<String, Object> rate) {
        if (!isPending(rate)) {
            throw LagoError.invalid("status", "only_pending_rates_can_be_deleted");
        }
    }

    private boolean isPending(Map<String, Object> rate) {
        return Instant.parse((String) rate.get("effective_from")).isAfter(context.clock.now());
    }

    private String status(Map<String, Object> rate) {
        if (isPending(rate)) {
            return "pending";
        }
        String start = (String) rate.get("effective_from");
        boolean superseded = of(card(rate)).stream()
                .anyMatch(other -> !isPending(other) && start.compareTo((String) other.get("effective_from")) < 0);
        return superseded ? "terminated" : "active";
    }

    /** The current rate as calls return it, or null. */
    Map<String, Object> active(Map<String, Object> card) {
        return of(card).stream().filter(rate -> "active".equals(status(rate))).findFirst().map(this::shown).orElse(null);
    }

    @Override
    Map<String, Object> shown(Map<String, Object> rate) {
        Map<String, Object> shown = Json.with(super.shown(rate), "status", status(rate));
        shown.remove("rate_card_code");
        return shown;
    }
}
