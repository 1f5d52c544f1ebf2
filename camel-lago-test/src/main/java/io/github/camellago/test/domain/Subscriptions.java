package io.github.camellago.test.domain;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.LagoError;
import io.github.camellago.test.server.Reply;
import io.github.camellago.test.server.SandboxClock;
import io.github.camellago.test.server.Validation;

/**
 * Subscriptions: {@code external_id} makes a create repeatable; with another plan it is an upgrade or a downgrade. Deleting one ends it.
 */
final class Subscriptions extends Crud {

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

    private List<Map<String, Object>> inStatus(Call call) {
        List<String> asked = call.queryAll("status");
        List<String> statuses = asked.isEmpty() ? List.of("active") : asked;
        return table.all().stream().filter(record -> statuses.contains(record.get("status"))).toList();
    }

    /** The subscription that the path names, in the status that the query names, active unless told. */
    @Override
    Map<String, Object> find(Call call) {
        String status = call.query("status") != null ? call.query("status") : call.query("subscription_status");
        return find(call.param("external_id"), status == null ? "active" : status);
    }

    Map<String, Object> find(Object externalId, String status) {
        List<Map<String, Object>> found = table.byKey(externalId).stream().filter(record -> status.equals(record.get("status")))
                .toList();
        if (found.isEmpty()) {
            throw LagoError.notFound("subscription");
        }
        return found.get(found.size() - 1);
    }

    /** The plan of a subscription, with what it overrides. */
    Map<String, Object> plan(Map<String, Object> subscription) {
        Object overridden = subscription.get("_plan");
        return overridden != null ? Json.asObject(overridden) : context.need("plans", subscription.get("plan_code"));
    }

    @Override
    Reply create(Call call) {
        Map<String, Object> given = call.root("subscription");
        Validation validation = new Validation();
        validation.mandatory(given, "external_customer_id").mandatory(given, "external_id").check();
        Map<String, Object> plan = context.need("plans", given.get("plan_code"));
        Validation.create(resource, given).check();
        Map<String, Object> customer = customerPaying(given, plan);
        Map<String, Object> current = current(given, customer);
        if (current == null) {
            Map<String, Object> started = start(given, customer, plan, null);
            context.changed("subscription.started", "subscription", shown(started));
            return reply(started);
        }
        if (plan.get("code").equals(current.get("plan_code"))) {
            return reply(current);
        }
        boolean upgrade = plans.yearly(plan).compareTo(plans.yearly(plan(current))) >= 0;
        return reply(upgrade ? upgrade(current, given, customer, plan) : downgrade(current, given, customer, plan));
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

    /** The customer's subscription of that external id, running or yet to start, or null. */
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
        return table.insert(record);
    }

    private Map<String, Object> upgrade(Map<String, Object> current, Map<String, Object> given, Map<String, Object> customer,
            Map<String, Object> plan) {
        end(current, "terminated", Json.object("next_plan_code", plan.get("code")));
        Map<String, Object> kept = Json.with(given, "subscription_at", current.get("subscription_at"));
        return start(kept, customer, plan, current.get("plan_code"));
    }

    /** The plan changes when the running period ends; till then the present one stays, and the next one waits. */
    private Map<String, Object> downgrade(Map<String, Object> current, Map<String, Object> given, Map<String, Object> customer,
            Map<String, Object> plan) {
        Instant next = Periods.of(current, plan(current), context.clock.now()).to().plusSeconds(1);
        start(Json.with(given, "subscription_at", SandboxClock.text(next)), customer, plan, current.get("plan_code"));
        return table.update((String) current.get("lago_id"), Json.object("next_plan_code", plan.get("code"),
                "downgrade_plan_date", SandboxClock.text(next).substring(0, 10)));
    }

    @Override
    Map<String, Object> update(Map<String, Object> record, Map<String, Object> given) {
        Map<String, Object> changes = new LinkedHashMap<>();
        List.of("name", "ending_at", "subscription_at", "payment_method", "consolidate_invoice", "purchase_order_number")
                .forEach(field -> {
                    if (given.containsKey(field)) {
                        changes.put(field, given.get(field));
                    }
                });
        if (given.get("plan_overrides") != null) {
            changes.put("_plan", plans.overridden(plan(record), Json.asObject(given.get("plan_overrides"))));
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
        Map<String, Object> ended = end(record, pending ? "canceled" : "terminated", how);
        context.changed("subscription.terminated", "subscription", shown(ended));
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
            shown.put("plan", plans.shown(plan));
        }
        return shown;
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
