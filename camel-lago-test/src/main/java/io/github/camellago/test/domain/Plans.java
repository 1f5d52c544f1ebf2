package io.github.camellago.test.domain;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

import io.github.camellago.test.server.Ids;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.LagoError;

/**
 * Plans with their charges, fixed charges, thresholds and minimum commitment.
 */
final class Plans extends Crud {

    private static final String EXISTING = "_existing";
    private static final List<String> FIXED_IF_USED = List.of("code", "interval", "pay_in_advance", "amount_currency",
            "trial_period", "bill_charges_monthly", "bill_fixed_charges_monthly");

    private final ChargeRecords charges;
    private final EntitlementRecords entitlements;

    Plans(Context context, ChargeRecords charges) {
        super(context, "plans");
        this.charges = charges;
        this.entitlements = new EntitlementRecords(context);
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
        Map<String, Object> plan = Json.asObject(given.get(EXISTING));
        boolean used = isUsed(plan);
        if (!used) {
            boolean monthly = List.of("yearly", "semiannual").contains(String.valueOf(given.get("interval")));
            List.of("bill_charges_monthly", "bill_fixed_charges_monthly")
                    .forEach(field -> record.put(field, monthly ? Boolean.TRUE.equals(given.get(field)) : null));
        }
        if (given.containsKey("charges")) {
            allKnown("billable_metrics", "billable_metric", given.get("charges"));
            record.put("charges", each(plan.get("charges"), given.get("charges"), charges::charge,
                    (charge, one) -> charges.updated(charge, one, used)));
        }
        if (given.containsKey("fixed_charges")) {
            allKnown("add_ons", "add_on", given.get("fixed_charges"));
            record.put("fixed_charges", each(plan.get("fixed_charges"), given.get("fixed_charges"), this::fixedCharge,
                    (charge, one) -> charges.updatedFixed(charge, one, used)));
        }
        if (given.containsKey("usage_thresholds")) {
            record.put("usage_thresholds", thresholds(given));
        }
        record.put("minimum_commitment", given.get("minimum_commitment") == null
                ? plan.get("minimum_commitment")
                : commitment(given, plan));
    }

    /** In a plan, Lago takes the add-on by its id only. */
    private Object fixedCharge(Map<String, Object> given, List<Object> siblings) {
        if (given.get("add_on_id") == null) {
            throw LagoError.failed();
        }
        return charges.fixedCharge(given, siblings);
    }

    /** The commitment changed to what is given. An empty object removes it. */
    private Map<String, Object> commitment(Map<String, Object> given, Map<String, Object> plan) {
        Map<String, Object> asked = Json.asObject(given.get("minimum_commitment"));
        Map<String, Object> known = Json.asObject(plan.get("minimum_commitment"));
        if (asked.isEmpty()) {
            return null;
        }
        return Json.object("lago_id", known.getOrDefault("lago_id", Ids.next()), "plan_code",
                given.getOrDefault("code", plan.get("code")), "amount_cents",
                asked.getOrDefault("amount_cents", known.get("amount_cents")), "invoice_display_name",
                asked.getOrDefault("invoice_display_name", known.get("invoice_display_name")), "interval",
                given.getOrDefault("interval", plan.get("interval")), "created_at",
                known.getOrDefault("created_at", context.now()), "updated_at", context.now(), "taxes",
                asked.containsKey("tax_codes") ? taxes(asked) : known.getOrDefault("taxes", List.of()));
    }

    /**
     * An update ignores most fields of a plan with subscriptions. It keeps the charges that it names by {@code id}, creates those without a
     * known {@code id}, and removes all others.
     */
    @Override
    Map<String, Object> update(Map<String, Object> plan, Map<String, Object> given) {
        Map<String, Object> changes = new LinkedHashMap<>(given);
        if (isUsed(plan)) {
            FIXED_IF_USED.forEach(changes::remove);
        }
        changes.put(EXISTING, plan);
        Map<String, Object> updated = super.update(plan, changes);
        int price = Amounts.decimal(updated.get("amount_cents"), BigDecimal.ZERO)
                .compareTo(Amounts.decimal(plan.get("amount_cents"), BigDecimal.ZERO));
        if (price != 0) {
            subscriptions().priceChanged(updated);
        }
        return updated;
    }

    private Subscriptions subscriptions() {
        return (Subscriptions) context.crud("subscriptions");
    }

    /** Whether the plan has subscriptions. One with overrides has a plan of its own. */
    boolean isUsed(Map<String, Object> plan) {
        return plan.get("code") != null && context.where("subscriptions", "plan_code", plan.get("code")).stream()
                .anyMatch(subscription -> subscription.get("_plan") == null);
    }

    /** 404 with the plural name if a charge refers to a record that does not exist. */
    private void allKnown(String collection, String name, Object given) {
        for (Map<String, Object> charge : Json.asObjects(given)) {
            Object id = charge.get(name + "_id");
            if (id != null && context.table(collection).byId(id) == null) {
                throw LagoError.notFound(collection);
            }
        }
    }

    private static List<Object> each(Object existing, Object given,
            BiFunction<Map<String, Object>, List<Object>, Object> create,
            BiFunction<Map<String, Object>, Map<String, Object>, Object> update) {
        List<Object> made = new ArrayList<>();
        // their codes are taken, also the codes of those that are removed in the end
        List<Object> siblings = new ArrayList<>(Json.asObjects(existing));
        for (Map<String, Object> one : Json.asObjects(given)) {
            Optional<Map<String, Object>> known = Json.asObjects(existing).stream()
                    .filter(charge -> charge.get("lago_id").equals(one.get("id"))).findFirst();
            Object charge = known.isPresent() ? update.apply(known.get(), one) : create.apply(one, siblings);
            siblings.add(charge);
            made.add(charge);
        }
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
        shown.put("entitlements", entitlements.all(Json.asObject(plan.get(EntitlementRecords.FIELD))));
        return shown;
    }

    /** The list has no fixed charges. */
    @Override
    Map<String, Object> listed(Map<String, Object> plan) {
        Map<String, Object> listed = shown(plan);
        listed.remove("fixed_charges");
        return listed;
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
