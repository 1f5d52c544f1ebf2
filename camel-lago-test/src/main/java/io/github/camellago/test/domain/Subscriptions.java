package io.github.camellago.test.domain;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Ids;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.LagoError;
import io.github.camellago.test.server.Reply;
import io.github.camellago.test.server.SandboxClock;
import io.github.camellago.test.server.Validation;
import io.github.camellago.test.server.Values;

/**
 * Subscriptions. A create with the same {@code external_id} is idempotent, and with another plan it is an upgrade or a downgrade. A delete
 * terminates the subscription.
 */
final class Subscriptions extends Crud {

    private static final Map<String, List<String>> TERMINATIONS = Map.of("on_termination_credit_note",
            List.of("credit", "skip", "refund", "offset"), "on_termination_invoice", List.of("generate", "skip"));
    /** The subscription's own usage thresholds, which replace those of its plan. */
    private static final String THRESHOLDS = "_thresholds";
    private static final List<String> STATUSES = List.of("pending", "active", "terminated", "canceled", "incomplete");

    private final Customers customers;
    private final Plans plans;

    Subscriptions(Context context, Customers customers, Plans plans) {
        super(context, "subscriptions");
        this.customers = customers;
        this.plans = plans;
    }

    @Override
    void register() {
        on("POST", "/subscriptions", this::create);
        on("GET", "/subscriptions", call -> list(call, inStatus(call)));
        on("GET", "/subscriptions/{external_id}", this::get);
        on("PUT", "/subscriptions/{external_id}", this::update);
        on("DELETE", "/subscriptions/{external_id}", this::terminate);
        on("GET", "/customers/{external_customer_id}/subscriptions", call -> {
            Object customer = context.customer(call.param("external_customer_id")).get("external_id");
            return list(call,
                    inStatus(call).stream().filter(record -> customer.equals(record.get("external_customer_id"))).toList());
        });
    }

    /** The subscriptions with a status of {@code status[]}. The default is active. An unknown status disables the filter. */
    private List<Map<String, Object>> inStatus(Call call) {
        List<String> asked = call.query().getOrDefault("status[]", List.of()).stream().filter(one -> !one.isEmpty()).toList();
        List<String> statuses = asked.isEmpty() ? List.of("active") : asked;
        return STATUSES.containsAll(statuses)
                ? table.all().stream().filter(record -> statuses.contains(record.get("status"))).toList()
                : table.all();
    }

    @Override
    Reply list(Call call, List<Map<String, Object>> records) {
        String overridden = call.query("overridden") != null ? call.query("overridden") : call.query("overriden");
        return super.list(call, overridden == null
                ? records
                : records.stream().filter(record -> Values.isTrue(overridden) == (record.get("_plan") != null)).toList());
    }

    /** The subscription of the path, in the status of the query. The default status is active. */
    @Override
    Map<String, Object> find(Call call) {
        String status = call.query("status");
        return find(call.param("external_id"), status == null ? "active" : status);
    }

    private void checkOverrides(Map<String, Object> given) {
        if (given.containsKey("plan_overrides")) {
            context.variant.license().requirePremium();
        }
    }

    /** The subscription of a nested path, where two query parameters can name the status. */
    Map<String, Object> parent(Call call) {
        String status = call.query("subscription_status");
        return status == null ? find(call) : find(call.param("external_id"), status);
    }

    Map<String, Object> find(Object externalId, String status) {
        List<Map<String, Object>> found = table.byKey(externalId).stream().filter(record -> status.equals(record.get("status")))
                .toList();
        if (found.isEmpty()) {
            throw LagoError.notFound("subscription");
        }
        return found.get(found.size() - 1);
    }

    /** The plan of a subscription, with its overrides. */
    Map<String, Object> plan(Map<String, Object> subscription) {
        Object overridden = subscription.get("_plan");
        return overridden != null ? Json.asObject(overridden) : context.require("plans", subscription.get("plan_code"));
    }

    @Override
    Reply create(Call call) {
        Map<String, Object> given = trimmed(call.root("subscription"));
        checkOverrides(given);
        checkBillingEntity(given);
        Object asked = call.json().get("authorization");
        Map<String, Object> authorization = asked == null ? Map.of() : authorize(Json.asObject(asked), given);
        new Validation().mandatory(given, "external_customer_id").check();
        Map<String, Object> plan = context.require("plans", given.get("plan_code"));
        Validation validation = Validation.create(resource, given);
        validate(validation, given, given);
        validation.check();
        Map<String, Object> customer = customerPaying(given, plan);
        Map<String, Object> current = current(given, customer);
        if (current == null) {
            Map<String, Object> started = start(given, customer, plan, null);
            context.changed("subscription.started", "subscription", shown(started));
            return reply(authorization, started);
        }
        if (plan.get("code").equals(current.get("plan_code")) && current.get("_plan") == null) {
            return reply(authorization, current);
        }
        if ("pending".equals(current.get("status"))) {
            return reply(authorization, replan(current, given, plan));
        }
        Map<String, Object> price = Json.with(plan);
        if (Json.asObject(given.get("plan_overrides")).get("amount_cents") != null) {
            price.put("amount_cents", Json.asObject(given.get("plan_overrides")).get("amount_cents"));
        }
        // a subscription with overrides has a plan of its own, which no other create names
        boolean upgrade = plans.yearly(price).compareTo(plans.yearly(plan(current))) >= 0;
        return reply(authorization,
                upgrade ? upgrade(current, given, customer, plan) : downgrade(current, given, customer, plan));
    }

    private static Map<String, Object> trimmed(Map<String, Object> given) {
        Map<String, Object> trimmed = new LinkedHashMap<>(given);
        List.of("external_id", "external_customer_id", "name")
                .forEach(field -> trimmed.computeIfPresent(field, (name, value) -> String.valueOf(value).strip()));
        return trimmed;
    }

    /** Another plan for a subscription that has not started. Its overrides are lost, also those of the call. */
    private Map<String, Object> replan(Map<String, Object> pending, Map<String, Object> given, Map<String, Object> plan) {
        Map<String, Object> changes = Json.object("plan_code", plan.get("code"), "plan_amount_cents",
                plan.get("amount_cents"), "plan_amount_currency", plan.get("amount_currency"), "_plan", null);
        if (given.get("name") != null && !"".equals(given.get("name"))) {
            changes.put("name", given.get("name"));
        }
        return table.update((String) pending.get("lago_id"), changes);
    }

    /**
     * Another price of a plan. A scheduled change to the plan is an upgrade if the plan is no longer cheaper: it takes place at once. A
     * scheduled change to a plan that is no longer cheaper than this one is canceled.
     */
    void priceChanged(Map<String, Object> plan) {
        for (Map<String, Object> pending : List.copyOf(table.all())) {
            if (!"pending".equals(pending.get("status")) || pending.get("previous_plan_code") == null) {
                continue;
            }
            Map<String, Object> current = current(pending, context.customer(pending.get("external_customer_id")));
            if (current == null) {
                continue;
            }
            if (plan.get("code").equals(pending.get("plan_code"))) {
                if (plans.yearly(plan).compareTo(plans.yearly(plan(current))) >= 0) {
                    end(pending, "canceled", Map.of());
                    upgrade(current, Json.with(pending, "subscription_at", null),
                            context.customer(pending.get("external_customer_id")), plan);
                }
            } else if (plan.get("code").equals(current.get("plan_code"))
                    && plans.yearly(plan).compareTo(plans.yearly(plan(pending))) < 0) {
                end(pending, "canceled", Map.of());
                table.update((String) current.get("lago_id"), Json.object("next_plan_code", null, "downgrade_plan_date", null));
            }
        }
    }

    /** Authorizes the card. Each call authorizes it again. */
    private Map<String, Object> authorize(Map<String, Object> asked, Map<String, Object> given) {
        if (!context.variant.license().paymentAuthorization()) {
            throw LagoError.withMessage(403, "Forbidden", "feature_not_available",
                    "Payment authorization (beta_payment_authorization) is not available for this organization");
        }
        Map<String, Object> customer = context.table("customers").oneByKey(given.get("external_customer_id"));
        if (customer == null || !"stripe".equals(Json.at(customer, "billing_configuration.payment_provider"))) {
            throw LagoError.withMessage(422, "Unprocessable Entity", "stripe_required",
                    "Only Stripe is supported for authorization");
        }
        return Json.object("id", "pi_" + Ids.next(), "object", "payment_intent", "amount", asked.get("amount_cents"),
                "amount_capturable", asked.get("amount_cents"), "status", "requires_capture");
    }

    private Reply reply(Map<String, Object> authorization, Map<String, Object> subscription) {
        return authorization.isEmpty()
                ? reply(subscription)
                : Reply.json(200, Json.object("authorization", authorization, "subscription", shown(subscription)));
    }

    @Override
    void validate(Validation validation, Map<String, Object> given, Map<String, Object> whole) {
        Instant now = context.clock.now();
        Instant start = given.get("subscription_at") == null ? now : SandboxClock.parse(given.get("subscription_at"));
        if (start == null) {
            validation.add("subscription_at", "invalid_date");
        }
        Object ending = given.get("ending_at");
        if (ending != null && !"".equals(ending)) {
            Instant end = SandboxClock.parse(ending);
            if (start == null || end == null || !day(end).isAfter(day(now)) || !day(end).isAfter(day(start))) {
                validation.add("ending_at", "invalid_date");
            }
        }
        terminations(validation, given);
    }

    private static LocalDate day(Instant instant) {
        return LocalDate.ofInstant(instant, ZoneOffset.UTC);
    }

    private static void terminations(Validation validation, Map<String, Object> given) {
        TERMINATIONS.forEach((field, known) -> {
            Object value = given.get(field);
            if (value != null && !"".equals(value) && !known.contains(value)) {
                validation.add(field, "invalid_value");
            }
        });
    }

    private Map<String, Object> customerPaying(Map<String, Object> given, Map<String, Object> plan) {
        Map<String, Object> customer = customers.findOrCreate(given.get("external_customer_id"));
        if (customer.get("currency") == null) {
            return customers.table.update((String) customer.get("lago_id"),
                    Json.object("currency", plan.get("amount_currency")));
        }
        if (plan.get("amount_currency") != null && !plan.get("amount_currency").equals(customer.get("currency"))) {
            throw LagoError.invalid("currency", "currencies_does_not_match");
        }
        return customer;
    }

    /** The customer's active or pending subscription with the external id, or null. */
    private Map<String, Object> current(Map<String, Object> given, Map<String, Object> customer) {
        Map<String, Object> current = null;
        for (Map<String, Object> record : table.byKey(given.get("external_id"))) {
            boolean active = "active".equals(record.get("status"));
            if (active && !customer.get("external_id").equals(record.get("external_customer_id"))) {
                throw LagoError.invalid("external_id", "value_already_exist");
            }
            if (active || "pending".equals(record.get("status")) && record.get("previous_plan_code") == null) {
                current = record;
            }
        }
        return current;
    }

    private Map<String, Object> start(Map<String, Object> given, Map<String, Object> customer, Map<String, Object> plan,
            Object previous) {
        Map<String, Object> record = resource.fresh(given);
        Instant at = SandboxClock.parse(given.get("subscription_at"));
        Instant from = at == null ? context.clock.now() : at;
        boolean pending = from.isAfter(context.clock.now());
        record.putAll(
                Json.object("external_customer_id", customer.get("external_id"), "lago_customer_id", customer.get("lago_id"),
                        "plan_amount_cents", plan.get("amount_cents"), "plan_amount_currency", plan.get("amount_currency"),
                        "subscription_at", SandboxClock.text(from), "status", pending ? "pending" : "active",
                        "started_at", pending ? null : SandboxClock.text(from), "activated_at",
                        pending ? null : SandboxClock.text(from),
                        "previous_plan_code", previous));
        if (given.get("plan_overrides") != null) {
            record.put("_plan", plans.overridden(plan, Json.asObject(given.get("plan_overrides"))));
        }
        record.put(THRESHOLDS, given.get("usage_thresholds"));
        return table.insert(record);
    }

    private Map<String, Object> upgrade(Map<String, Object> current, Map<String, Object> given, Map<String, Object> customer,
            Map<String, Object> plan) {
        end(current, "terminated", Json.object("next_plan_code", plan.get("code")));
        Map<String, Object> kept = Json.with(given, "subscription_at", current.get("subscription_at"));
        return start(kept, customer, plan, current.get("plan_code"));
    }

    /** A downgrade: the current subscription stays active until the end of the period, and the next one is pending until then. */
    private Map<String, Object> downgrade(Map<String, Object> current, Map<String, Object> given, Map<String, Object> customer,
            Map<String, Object> plan) {
        Instant next = Periods.of(current, plan(current), context.clock.now()).to().plusSeconds(1);
        start(Json.with(given, "subscription_at", SandboxClock.text(next)), customer, plan, current.get("plan_code"));
        return table.update((String) current.get("lago_id"), Json.object("next_plan_code", plan.get("code"),
                "downgrade_plan_date", SandboxClock.text(next).substring(0, 10)));
    }

    /** The subscription with the id, in any status if there is only one. Otherwise the active one, or the pending one if {@code status} says so. */
    @Override
    Reply update(Call call) {
        List<Map<String, Object>> found = table.byKey(call.param("external_id"));
        String status = "pending".equals(call.query("status")) || "incomplete".equals(call.query("status"))
                ? call.query("status")
                : "active";
        Map<String, Object> record = found.size() == 1 ? found.get(0) : find(call.param("external_id"), status);
        return reply(update(record, call.root("subscription")));
    }

    @Override
    Map<String, Object> update(Map<String, Object> record, Map<String, Object> given) {
        checkOverrides(given);
        checkBillingEntity(given);
        Validation validation = new Validation();
        validate(validation, given, given);
        validation.check();
        Map<String, Object> changes = new LinkedHashMap<>();
        List.of("name", "ending_at", "subscription_at", "payment_method", "consolidate_invoice", "purchase_order_number",
                "on_termination_credit_note", "on_termination_invoice", "progressive_billing_disabled")
                .forEach(field -> {
                    if (given.containsKey(field)) {
                        changes.put(field, given.get(field));
                    }
                });
        if (given.get("plan_overrides") != null) {
            changes.put("_plan", plans.overridden(plan(record), Json.asObject(given.get("plan_overrides"))));
        }
        if (given.containsKey("usage_thresholds")) {
            changes.put(THRESHOLDS, given.get("usage_thresholds"));
        }
        Map<String, Object> updated = table.update((String) record.get("lago_id"), changes);
        context.changed("subscription.updated", "subscription", shown(updated));
        return updated;
    }

    private Reply terminate(Call call) {
        Map<String, Object> record = find(call);
        boolean pending = "pending".equals(record.get("status"));
        Map<String, Object> how = new LinkedHashMap<>();
        for (String option : List.of("on_termination_credit_note", "on_termination_invoice")) {
            if (call.query(option) != null) {
                how.put(option, call.query(option));
            }
        }
        Validation validation = new Validation();
        terminations(validation, how);
        validation.check();
        Map<String, Object> ended = end(record, pending ? "canceled" : "terminated", how);
        context.changed(pending ? "subscription.canceled" : "subscription.terminated", "subscription", shown(ended));
        return reply(ended);
    }

    private Map<String, Object> end(Map<String, Object> record, String status, Map<String, Object> more) {
        Map<String, Object> changes = Json.with(more, "status", status,
                "canceled".equals(status) ? "canceled_at" : "terminated_at", context.now());
        return table.update((String) record.get("lago_id"), changes);
    }

    @Override
    Map<String, Object> shown(Map<String, Object> record) {
        Map<String, Object> shown = listed(record);
        Map<String, Object> plan = record.get("_plan") != null
                ? Json.asObject(record.get("_plan"))
                : context.table("plans").oneByKey(record.get("plan_code"));
        if (plan != null) {
            Map<String, Object> shownPlan = plans.listed(plan);
            shownPlan.remove("entitlements");
            shown.put("plan", shownPlan);
            List<Map<String, Object>> own = Json.asObjects(record.get(THRESHOLDS));
            shown.put("applicable_usage_thresholds",
                    (own.isEmpty() ? Json.asObjects(plan.get("usage_thresholds")) : own).stream().map(Subscriptions::threshold)
                            .toList());
        }
        return shown;
    }

    private static Map<String, Object> threshold(Map<String, Object> threshold) {
        return Json.object("threshold_display_name", threshold.get("threshold_display_name"), "amount_cents",
                threshold.get("amount_cents"), "recurring", Boolean.TRUE.equals(threshold.get("recurring")));
    }

    @Override
    Map<String, Object> listed(Map<String, Object> record) {
        Map<String, Object> shown = super.shown(record);
        Map<String, Object> plan = context.table("plans").oneByKey(record.get("plan_code"));
        if ("active".equals(record.get("status")) && plan != null) {
            Periods period = Periods.of(record, plan, context.clock.now());
            shown.put("current_billing_period_started_at", SandboxClock.text(period.since(record.get("started_at")).from()));
            shown.put("current_billing_period_ending_at", SandboxClock.text(period.to()));
        }
        return shown;
    }
}
