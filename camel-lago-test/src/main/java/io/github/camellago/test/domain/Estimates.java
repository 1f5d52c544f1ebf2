package io.github.camellago.test.domain;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.LagoError;
import io.github.camellago.test.server.Reply;
import io.github.camellago.test.server.Validation;

/**
 * Estimates the fees of events, and previews invoices. Stores nothing.
 */
final class Estimates {

    private final Context context;
    private final Subscriptions subscriptions;
    private final FeeMaker fees;
    private final InvoiceMaker invoices;

    Estimates(Context context, Subscriptions subscriptions, FeeMaker fees, InvoiceMaker invoices) {
        this.context = context;
        this.subscriptions = subscriptions;
        this.fees = fees;
        this.invoices = invoices;
    }

    void register() {
        context.router.on("POST", "/events/estimate_fees", "event", this::one);
        context.router.on("POST", "/events/estimate_instant_fees", "event", this::instant);
        context.router.on("POST", "/events/batch_estimate_instant_fees", "event", this::many);
        context.router.on("POST", "/invoices/preview", "invoice", this::preview);
        context.router.on("POST", "/billable_metrics/evaluate_expression", "billable_metric", this::evaluate);
    }

    private Reply one(Call call) {
        return Reply.of("fees", estimate(call.root("event")));
    }

    private Reply instant(Call call) {
        return Reply.of("fees", estimate(call.root("event")).stream().map(Estimates::inNumbers).toList());
    }

    /** Estimated instant fees have exact amounts as numbers. Other fees have them as strings. */
    private static Map<String, Object> inNumbers(Map<String, Object> fee) {
        Map<String, Object> converted = Json.with(fee, "amount_details", null);
        for (String field : List.of("precise_amount", "precise_total_amount", "taxes_precise_amount", "precise_unit_amount")) {
            converted.put(field, Amounts.decimal(converted.get(field)));
        }
        return converted;
    }

    private Reply many(Call call) {
        if (!(call.json().get("events") instanceof List<?>)) {
            throw LagoError.missingRoot("events");
        }
        List<Object> all = new ArrayList<>();
        for (Map<String, Object> event : Json.asObjects(call.json().get("events"))) {
            estimate(event).forEach(fee -> all.add(inNumbers(fee)));
        }
        return Reply.of("fees", all);
    }

    private List<Map<String, Object>> estimate(Map<String, Object> event) {
        new Validation().mandatory(event, "code").mandatory(event, "external_subscription_id").check();
        Map<String, Object> subscription = subscriptions.find(event.get("external_subscription_id"), "active");
        Map<String, Object> metric = context.require("billable_metrics", event.get("code"));
        Map<String, Object> customer = context.require("customers", subscription.get("external_customer_id"));
        Map<String, Object> plan = subscriptions.plan(subscription);
        List<Map<String, Object>> estimated = new ArrayList<>();
        for (Map<String, Object> charge : Json.asObjects(plan.get("charges"))) {
            if (metric.get("lago_id").equals(charge.get("lago_billable_metric_id"))) {
                estimated.add(estimate(event, metric, subscription, customer, plan, charge));
            }
        }
        return estimated;
    }

    private Map<String, Object> estimate(Map<String, Object> event, Map<String, Object> metric,
            Map<String, Object> subscription,
            Map<String, Object> customer, Map<String, Object> plan, Map<String, Object> charge) {
        Periods period = Periods.of(subscription, plan, context.clock.now());
        Map<String, Object> now = Json.with(event, "timestamp", context.now());
        BigDecimal units = Aggregation.units(metric, List.of(now), period);
        BigDecimal exact = Amounts.decimal(event.get("precise_total_amount_cents"), BigDecimal.ZERO);
        BigDecimal cents = Pricing.cents(charge.get("charge_model"), Json.asObject(charge.get("properties")), units, 1, exact);
        Map<String, Object> item = Json.object("type", "charge", "code", metric.get("code"), "name", metric.get("name"),
                "description",
                metric.get("description"), "invoice_display_name", charge.get("invoice_display_name"), "filters", null,
                "lago_item_id",
                metric.get("lago_id"), "item_type", "BillableMetric", "grouped_by", Map.of());
        Map<String, Object> fee = fees.priced(customer, plan.get("amount_currency"), units, cents, item,
                fees.taxes(Map.of(), charge, customer));
        fee.putAll(Json.object("lago_id", null, "lago_charge_id", charge.get("lago_id"), "lago_subscription_id",
                subscription.get("lago_id"), "external_subscription_id", subscription.get("external_id"), "events_count", 1,
                "pay_in_advance", true, "event_transaction_id", event.get("transaction_id"), "created_at", null));
        return fee;
    }

    private Reply preview(Call call) {
        Map<String, Object> body = call.json();
        if (body.get("coupons") != null && !(body.get("coupons") instanceof List)) {
            throw LagoError.plainBadRequest("coupons_must_be_an_array");
        }
        if (body.get("subscriptions") != null && !(body.get("subscriptions") instanceof Map)) {
            throw LagoError.plainBadRequest("subscriptions_must_be_an_object");
        }
        Map<String, Object> asked = Json.asObject(body.get("customer"));
        Map<String, Object> customer = asked.get("external_id") == null
                ? Json.with(asked, "lago_id", null)
                : context.customer(asked.get("external_id"));
        List<Map<String, Object>> plans = new ArrayList<>();
        for (String external : Json.asStrings(Json.at(body, "subscriptions.external_ids"))) {
            plans.add(subscriptions.plan(subscriptions.find(external, "active")));
        }
        if (plans.isEmpty()) {
            plans.add(context.require("plans", body.get("plan_code")));
        }
        List<Map<String, Object>> lines = plans.stream()
                .map(plan -> fees.fee(customer, plan.get("amount_currency"), BigDecimal.ONE,
                        Amounts.decimal(plan.get("amount_cents")),
                        Json.object("type", "subscription", "code", plan.get("code"), "name",
                                plan.get("name"), "lago_item_id", plan.get("lago_id"), "item_type", "Subscription"),
                        fees.taxes(Map.of(), plan, customer)))
                .toList();
        Map<String, Object> invoice = invoices.draft(customer, "subscription", plans.get(0).get("amount_currency"), lines,
                Map.of());
        return Reply.of("invoice",
                Json.with(context.crud("invoices").listed(invoice), "lago_id", null, "status", "draft", "number", "", "fees",
                        lines, "credits",
                        List.of(), "subscriptions", List.of(), "created_at", context.now(), "updated_at", context.now()));
    }

    private Reply evaluate(Call call) {
        Map<String, Object> body = call.json();
        Validation validation = new Validation().mandatory(body, "expression");
        if (Json.asObject(body.get("event")).isEmpty()) {
            validation.add("event", "value_is_mandatory");
        }
        validation.check();
        try {
            Object value = Expression.evaluate(String.valueOf(body.get("expression")), Json.asObject(body.get("event")));
            return Reply.of("expression_result", Json.object("value", value));
        } catch (IllegalArgumentException e) {
            throw LagoError.invalid("expression", "invalid_expression");
        }
    }
}
