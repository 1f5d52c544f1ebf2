package io.github.camellago.test.domain;

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
 * Versions of quotes. A draft is approved, which creates an order form, or voided.
 */
final class QuoteVersions extends QuoteRecords {

    static final List<String> STATUSES = List.of("draft", "approved", "voided");

    private final OrderForms orderForms;

    QuoteVersions(Context context, OrderForms orderForms) {
        super(context, "quote_versions");
        this.orderForms = orderForms;
    }

    @Override
    void register() {
        String item = "/quote_versions/{lago_id}";
        flagged("GET", item, this::get);
        flagged("POST", item + "/approve", this::approve);
        flagged("POST", item + "/void", call -> reply(voidDraft(editable(call), "manual")));
        flagged("POST", item + "/clone", call -> reply(cloned(editable(call))));
    }

    /** Stores the next version of a quote, as a draft. */
    Map<String, Object> add(Map<String, Object> quote, Map<String, Object> given) {
        Map<String, Object> record = resource.fresh(given);
        record.putAll(
                Json.object("lago_quote_id", quote.get("lago_id"), "lago_organization_id", context.organizationId, "version",
                        versions(quote.get("lago_id")).size() + 1));
        return table.insert(record);
    }

    private Reply approve(Call call) {
        Map<String, Object> version = editable(call);
        if (!"draft".equals(version.get("status"))) {
            throw LagoError.invalid("status", "not_approvable");
        }
        checkItems(version);
        Object expiresAt = call.json().get("expires_at");
        if (!isBlank(expiresAt) && !isFuture(expiresAt, context.clock.now())) {
            throw LagoError.invalid("expires_at", "invalid_date");
        }
        Map<String, Object> approved = set(version, "status", "approved", "approved_at", context.now());
        context.changed("quote.approved", "quote", withQuote(approved));
        orderForms.add(quote(approved), approved, isBlank(expiresAt) ? null : SandboxClock.text(SandboxClock.parse(expiresAt)));
        return reply(approved);
    }

    /** A one-off order needs add-ons, and an order of subscriptions needs plans. */
    private void checkItems(Map<String, Object> version) {
        boolean oneOff = "one_off".equals(quote(version).get("order_type"));
        String key = oneOff ? "addOns" : "plans";
        Object items = Json.at(version, "billing_items." + key);
        if (items == null) {
            throw LagoError.invalid("billing_items." + key, "value_is_mandatory");
        }
        List<Map<String, Object>> list = Json.asObjects(items);
        if (list.isEmpty()) {
            throw LagoError.invalid("billing_items." + key, "invalid_count");
        }
        Validation validation = new Validation();
        for (int i = 0; i < list.size(); i++) {
            if (context.table(oneOff ? "add_ons" : "plans").byId(list.get(i).get("id")) == null) {
                validation.add("billing_items." + key + "." + i + ".id", oneOff ? "add_on_not_found" : "plan_not_found");
            }
        }
        validation.check();
    }

    /** Voids a draft, or an approved version whose order form has been voided. */
    Map<String, Object> voidDraft(Map<String, Object> version, String reason) {
        if (!"draft".equals(version.get("status")) && !reason.startsWith("cascade_of_")) {
            throw LagoError.invalid("status", "not_voidable");
        }
        Map<String, Object> voided = set(version, "status", "voided", "void_reason", reason, "voided_at", context.now(),
                "approved_at", null);
        context.changed("quote.voided", "quote", withQuote(voided));
        return voided;
    }

    private Map<String, Object> cloned(Map<String, Object> version) {
        List<Map<String, Object>> all = List.copyOf(versions(version.get("lago_quote_id")));
        if (all.stream().anyMatch(one -> "approved".equals(one.get("status")))) {
            throw LagoError.invalid("status", "not_clonable");
        }
        all.stream().filter(one -> "draft".equals(one.get("status"))).forEach(draft -> voidDraft(draft, "superseded"));
        return add(quote(version), version);
    }

    /** The quote with this version, as webhooks contain it. */
    Map<String, Object> withQuote(Map<String, Object> version) {
        return Json.with(super.shown(quote(version)), "version", listed(version));
    }

    @Override
    Map<String, Object> listed(Map<String, Object> version) {
        Map<String, Object> shown = new LinkedHashMap<>(super.shown(version));
        List.of("content", "billing_items").forEach(shown::remove);
        if (shown.get("billing_entity_code") == null) {
            Map<String, Object> customer = context.table("customers").byId(quote(version).get("lago_customer_id"));
            shown.put("billing_entity_code", customer == null ? "default" : customer.get("billing_entity_code"));
        }
        return shown;
    }

    @Override
    Map<String, Object> shown(Map<String, Object> version) {
        return Json.with(listed(version), "content", version.get("content"), "billing_items", version.get("billing_items"));
    }
}
