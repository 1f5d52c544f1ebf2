package io.github.camellago.test.domain;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.Reply;

/**
 * Billing entities. The first one exists from the start. The list has no pages.
 */
final class BillingEntities extends Crud {

    private static final List<String> CONFIGURATION = List.of("invoice_footer", "document_locale", "invoice_grace_period",
            "subscription_invoice_issuing_date_anchor", "subscription_invoice_issuing_date_adjustment");

    BillingEntities(Context context) {
        super(context, "billing_entities");
    }

    @Override
    void register() {
        super.register();
        on("GET", "/billing_entities", call -> Reply.of("billing_entities", table.all().stream().map(this::shown).toList()));
        on("POST", "/billing_entities", this::createWithoutTaxes);
        on("PUT", "/billing_entities/{code}", this::update);
    }

    /** A create takes no taxes and shows none. */
    private Reply createWithoutTaxes(Call call) {
        Map<String, Object> given = new LinkedHashMap<>(call.root("billing_entity"));
        given.remove("tax_codes");
        Map<String, Object> shown = shown(create(given));
        List.of("taxes", "selected_invoice_custom_sections").forEach(shown::remove);
        return Reply.of("billing_entity", shown);
    }

    void reset() {
        Map<String, Object> first = resource.fresh(Json.object("code", "default", "name", "Sandbox"));
        first.put("is_default", true);
        table.insert(first);
    }

    @Override
    void complete(Map<String, Object> record, Map<String, Object> given) {
        super.complete(record, given);
        Map<String, Object> configuration = new LinkedHashMap<>(Json.asObject(given.get("billing_configuration")));
        configuration.keySet().retainAll(CONFIGURATION);
        record.putAll(configuration);
    }
}
