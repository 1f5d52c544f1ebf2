package io.github.camellago.test.domain;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.Reply;

/**
 * The organization of a sandbox.
 */
final class Organization {

    private final Context context;
    private final Signatures signatures;
    private Map<String, Object> record;

    Organization(Context context, Signatures signatures) {
        this.context = context;
        this.signatures = signatures;
    }

    void register() {
        context.router.on("GET", "/organizations", "organization", call -> reply());
        context.router.on("GET", "/organizations/grpc_token", "organization", call -> Reply.of("organization", Json.object(
                "grpc_token", signatures.token(Json.object("organization_id", context.organizationId, "aud", "lago-grpc")))));
        context.router.on("PUT", "/organizations", "organization", call -> {
            Map<String, Object> given = call.root("organization");
            Map<String, Object> changed = new LinkedHashMap<>(record);
            changed.replaceAll((field, value) -> switch (field) {
                case "lago_id", "slug", "created_at", "events_store", "webhook_urls", "taxes" -> value;
                default -> given.getOrDefault(field, value);
            });
            record = Json.frozen(changed);
            return reply();
        });
    }

    void reset() {
        record = Json.frozen(
                Json.object("lago_id", context.organizationId, "name", "Sandbox", "slug", "sandbox", "created_at",
                        context.now(), "webhook_url",
                        null, "webhook_urls", null, "country", null, "default_currency", "USD", "address_line1", null,
                        "address_line2", null,
                        "state", null, "zipcode", null, "email", null, "city", null, "legal_name", null, "legal_number", null,
                        "document_numbering", "per_customer", "document_number_prefix", "LAG-SBX", "net_payment_term", 0,
                        "tax_identification_number", null, "timezone", "UTC", "email_settings", List.of(),
                        "billing_configuration",
                        Json.object("invoice_footer", null, "invoice_grace_period", 0, "document_locale", "en"), "taxes", null,
                        "finalize_zero_amount_invoice", true, "events_store",
                        context.variant.clickhouse() ? "clickhouse" : "postgres"));
    }

    private Reply reply() {
        return Reply.of("organization", Json.with(record, "webhook_urls",
                context.table("webhook_endpoints").all().stream().map(endpoint -> endpoint.get("webhook_url")).toList(),
                "taxes",
                context.where("taxes", "applied_to_organization", true)));
    }
}
