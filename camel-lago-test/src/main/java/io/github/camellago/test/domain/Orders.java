package io.github.camellago.test.domain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Ids;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.LagoError;
import io.github.camellago.test.server.Reply;
import io.github.camellago.test.server.Router;

/**
 * Orders. They are created when an order form is signed. Executing an order in Lago creates the invoice for its add-ons, or the subscriptions
 * to its plans.
 */
final class Orders extends QuoteRecords {

    private static final List<String> STATUSES = List.of("created", "executed", "failed");
    private static final List<String> MODES = List.of("execute_in_lago", "order_only");

    Orders(Context context) {
        super(context, "orders");
    }

    @Override
    void register() {
        flagged("GET", "/orders", this::list);
        flagged("GET", "/orders/{lago_id}", this::get);
        flagged("POST", "/orders/{lago_id}/execute", this::execute);
    }

    void add(Map<String, Object> form, Map<String, Object> quote, Map<String, Object> given) {
        Map<String, Object> version = context.table("quote_versions").byId(form.get("lago_quote_version_id"));
        Map<String, Object> record = resource.fresh(Map.of());
        record.putAll(Json.object("number", number("OR"), "order_type", quote.get("order_type"), "execution_mode",
                given.get("execution_mode"), "currency", version.get("currency"), "lago_organization_id",
                context.organizationId,
                "lago_customer_id", form.get("lago_customer_id"), "lago_order_form_id", form.get("lago_id"), "billing_snapshot",
                version.get("billing_items")));
        context.changed("order.created", "order", withoutSnapshot(table.insert(record)));
    }

    /** Checks the execution mode and time of an order. */
    static void checkExecution(Object mode, Object at, Instant now) {
        if (isBlank(mode) && !isBlank(at)) {
            throw LagoError.invalid("execution_mode", "value_is_mandatory");
        }
        if (!isBlank(mode) && !MODES.contains(mode)) {
            throw LagoError.invalid("execution_mode", "value_is_invalid");
        }
        if (!isBlank(at) && !isFuture(at, now)) {
            throw LagoError.invalid("execute_at", "invalid_date");
        }
    }

    @Override
    Reply list(Call call) {
        checkFilter(call, "status", STATUSES);
        checkFilter(call, "order_type", ORDER_TYPES);
        checkFilter(call, "execution_mode", MODES);
        checkFilter(call, "customer_id", UUID, "is in invalid format");
        checkFilter(call, "owner_id", UUID, "is in invalid format");
        checkDates(call, "executed_at_from", "executed_at_to");
        return list(call, table.all().stream().map(order -> {
            Map<String, Object> form = context.table("order_forms").byId(order.get("lago_order_form_id"));
            Map<String, Object> quote = form == null ? Map.of() : quote(form);
            return Json.with(order, "_order_form_number", form == null ? null : form.get("number"), "_quote_number",
                    quote.get("number"), "_owner_ids", ownerIds(quote));
        }).toList());
    }

    private Reply execute(Call call) {
        Map<String, Object> order = editable(call);
        Object mode = Json.asObject(call.json().get("order")).get("execution_mode");
        if (!isBlank(mode) && !mode.equals(order.get("execution_mode"))) {
            checkExecution(mode, null, context.clock.now());
            if (!"created".equals(order.get("status"))) {
                throw LagoError.invalid("status", "not_editable");
            }
            order = set(order, "execution_mode", mode);
        }
        if ("executed".equals(order.get("status"))) {
            return reply(order);
        }
        if (order.get("execution_mode") == null) {
            throw LagoError.invalid("execution_mode", "value_is_mandatory");
        }
        return reply(executed(order));
    }

    private Map<String, Object> executed(Map<String, Object> order) {
        Map<String, Object> made = "execute_in_lago".equals(order.get("execution_mode")) ? make(order) : Map.of();
        Map<String, Object> written = Json.with(record(order), "executed_at", context.now());
        written.putAll(made);
        Map<String, Object> executed = set(order, "status", "executed", "executed_at", context.now(), "execution_record",
                written);
        context.changed("order.executed", "order", withoutSnapshot(executed));
        return executed;
    }

    private Map<String, Object> record(Map<String, Object> order) {
        return Json.with(Json.asObject(resource.computed().get("execution_record")), "execution_mode",
                order.get("execution_mode"));
    }

    private Map<String, Object> make(Map<String, Object> order) {
        Map<String, Object> customer = context.table("customers").byId(order.get("lago_customer_id"));
        Map<String, Object> items = Json.asObject(order.get("billing_snapshot"));
        if ("one_off".equals(order.get("order_type"))) {
            Map<String, Object> invoice = send(order, "invoices", "invoice", Json.object("external_customer_id",
                    customer.get("external_id"), "currency", order.get("currency"), "fees", fees(items)));
            return Json.object("invoice_id", invoice.get("lago_id"));
        }
        List<Object> ids = new ArrayList<>();
        for (Map<String, Object> plan : Json.asObjects(items.get("plans"))) {
            Map<String, Object> payload = Json.asObject(plan.get("payload"));
            Object code = context.require("plans", context.table("plans").byId(plan.get("id")).get("code")).get("code");
            ids.add(send(order, "subscriptions", "subscription",
                    Json.object("external_customer_id", customer.get("external_id"),
                            "external_id", externalId(order, payload), "plan_code", code, "name",
                            payload.get("subscriptionName")))
                    .get("lago_id"));
        }
        return Json.object("subscription_ids", ids);
    }

    /** An amendment changes the plan of the quote's subscription. */
    private Object externalId(Map<String, Object> order, Map<String, Object> payload) {
        Map<String, Object> form = context.table("order_forms").byId(order.get("lago_order_form_id"));
        Map<String, Object> amended = form == null
                ? null
                : context.table("subscriptions").byId(quote(form).get("lago_subscription_id"));
        return amended != null ? amended.get("external_id") : payload.getOrDefault("subscriptionExternalId", Ids.next());
    }

    private List<Object> fees(Map<String, Object> items) {
        List<Object> fees = new ArrayList<>();
        for (Map<String, Object> item : Json.asObjects(items.get("addOns"))) {
            Map<String, Object> values = Json.with(Json.asObject(item.get("payload")));
            values.putAll(Json.asObject(item.get("overrides")));
            fees.add(Json.object("add_on_code", values.get("code"), "units", values.get("units"), "unit_amount_cents",
                    values.get("unitAmountCents"), "invoice_display_name", values.get("invoiceDisplayName"), "description",
                    values.get("description")));
        }
        return fees;
    }

    /** Creates a record as the API does. If that fails, the order fails. */
    private Map<String, Object> send(Map<String, Object> order, String collection, String root, Map<String, Object> given) {
        try {
            Router.Match match = context.router
                    .match(Call.of("POST", "/" + collection, "", Json.bytes(Json.object(root, given))));
            return Json.asObject(Json.asObject(Json.parse(match.route().handler().handle(match.call()).body())).get(root));
        } catch (LagoError e) {
            set(order, "status", "failed", "executed_at", null, "execution_record", Json.with(record(order), "errors",
                    List.of(e.getMessage())));
            throw e;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private Map<String, Object> withoutSnapshot(Map<String, Object> order) {
        Map<String, Object> shown = shown(order);
        shown.remove("billing_snapshot");
        return shown;
    }
}
