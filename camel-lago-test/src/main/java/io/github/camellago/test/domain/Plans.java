package io.github.camellago.test.domain;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

import io.github.camellago.test.server.Ids;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.LagoError;

/**
 * Plans with their charges, fixed charges, thresholds and minimum commitment.
 */
final class Plans extends Crud {

    private final ChargeRecords charges;

    Plans(Context context, ChargeRecords charges) {
        super(context, "plans");
        this.charges = charges;
    }

    @Override
    void register() {
        super.register();
        on("POST", "/plans", this::create);
        on("PUT", "/plans/{code}", this::update);
        on("DELETE", "/plans/{code}", this::delete);
    }

    @Override
    void complete(Map<String, Object> record, Map<String, Object> given) {
        super.complete(record, given);
        if (given.containsKey("charges")) {
            allKnown("billable_metrics", "billable_metric", given.get("charges"));
            record.put("charges", each(given.get("charges"), charges::charge));
        }
        if (given.containsKey("fixed_charges")) {
            allKnown("add_ons", "add_on", given.get("fixed_charges"));
            record.put("fixed_charges", each(given.get("fixed_charges"), charges::fixedCharge));
        }
        if (given.containsKey("usage_thresholds")) {
            record.put("usage_thresholds", thresholds(given));
        }
        Map<String, Object> commitment = Json.asObject(given.get("minimum_commitment"));
        if (!commitment.isEmpty()) {
            record.put("minimum_commitment", Json.object("lago_id", Ids.next(), "plan_code", given.get("code"), "amount_cents",
                    commitment.get("amount_cents"), "invoice_display_name", commitment.get("invoice_display_name"), "interval",
                    given.get("interval"), "created_at", context.now(), "updated_at", context.now(), "taxes",
                    taxes(commitment)));
        }
    }

    /** 404 with the plural name if a charge refers to a record that does not exist. */
    private void allKnown(String collection, String name, Object given) {
        for (Map<String, Object> charge : Json.asObjects(given)) {
            Object id = charge.get(name + "_id");
            Object code = charge.get(name + "_code");
            if (id != null && context.table(collection).byId(id) == null
                    || id == null && code != null && context.table(collection).oneByKey(code) == null) {
                throw LagoError.notFound(collection);
            }
        }
    }

    private static List<Object> each(Object given,
            BiFunction<Map<String, Object>, List<Object>, Object> make) {
        List<Object> made = new ArrayList<>();
        Json.asObjects(given).forEach(one -> made.add(make.apply(one, made)));
        return made;
    }

    private List<Object> thresholds(Map<String, Object> given) {
        List<Object> thresholds = new ArrayList<>();
        Json.asObjects(given.get("usage_thresholds")).forEach(one -> thresholds.add(Json.object("lago_id", Ids.next(),
                "threshold_display_name", one.get("threshold_display_name"), "amount_cents", one.get("amount_cents"),
                "recurring",
                Boolean.TRUE.equals(one.get("recurring")), "created_at", context.now(), "updated_at", context.now())));
        return thresholds;
    }

    /** A plan can always be deleted. Its active subscriptions are terminated, and its pending ones are canceled. */
    @Override
    void checkDelete(Map<String, Object> plan) {
        for (Map<String, Object> subscription : List.copyOf(context.where("subscriptions", "plan_code", plan.get("code")))) {
            String id = (String) subscription.get("lago_id");
            if ("active".equals(subscription.get("status"))) {
                context.table("subscriptions").update(id,
                        Json.object("status", "terminated", "terminated_at", context.now()));
            } else if ("pending".equals(subscription.get("status"))) {
                context.table("subscriptions").update(id, Json.object("status", "canceled", "canceled_at", context.now()));
            }
        }
    }

    @Override
    Map<String, Object> shown(Map<String, Object> plan) {
        Map<String, Object> shown = super.shown(plan);
        shown.remove("metadata", null);
        return shown;
    }

    /** The price of the plan per year in cents. */
    BigDecimal yearly(Map<String, Object> plan) {
        int periods = switch (String.valueOf(plan.get("interval"))) {
            case "weekly" -> 52;
            case "quarterly" -> 4;
            case "semiannual" -> 2;
            case "yearly" -> 1;
            default -> 12;
        };
        return Amounts.decimal(plan.get("amount_cents"), BigDecimal.ZERO).multiply(BigDecimal.valueOf(periods));
    }

    /** {@code plan} with the overrides of a subscription: fields of the plan, and charges by id. */
    Map<String, Object> overridden(Map<String, Object> plan, Map<String, Object> overrides) {
        Map<String, Object> result = new LinkedHashMap<>(plan);
        result.putAll(resource.accepted(overrides));
        List<Object> changed = new ArrayList<>();
        for (Map<String, Object> charge : Json.asObjects(plan.get("charges"))) {
            Map<String, Object> override = Json.asObjects(overrides.get("charges")).stream()
                    .filter(one -> charge.get("lago_id").equals(one.get("id"))).findFirst().orElse(Map.of());
            changed.add(override.isEmpty() ? charge : charges.changed(charge, override));
        }
        result.put("charges", changed);
        return Json.frozen(result);
    }
}
