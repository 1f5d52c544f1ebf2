package io.github.camellago.test.domain;

import java.util.List;
import java.util.Map;

import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.LagoError;
import io.github.camellago.test.server.Reply;

/**
 * Order forms. They are generated from an approved quote, and then signed, which creates an order, or voided.
 */
final class OrderForms extends QuoteRecords {

    private static final List<String> STATUSES = List.of("generated", "signed", "expired", "voided");
    private static final List<String> DOCUMENTS = List.of("application/pdf", "image/jpeg", "image/png");

    private final Orders orders;

    OrderForms(Context context, Orders orders) {
        super(context, "order_forms");
        this.orders = orders;
    }

    @Override
    void register() {
        String item = "/order_forms/{lago_id}";
        flagged("GET", "/order_forms", this::list);
        flagged("GET", item, this::get);
        flagged("POST", item + "/mark_as_signed", this::sign);
        flagged("POST", item + "/void", this::voidForm);
    }

    void add(Map<String, Object> quote, Map<String, Object> version, Object expiresAt) {
        Map<String, Object> record = resource.fresh(Map.of());
        record.putAll(
                Json.object("number", number("OF"), "expires_at", expiresAt, "lago_organization_id", context.organizationId,
                        "lago_customer_id", quote.get("lago_customer_id"), "lago_quote_id", quote.get("lago_id"),
                        "lago_quote_version_id",
                        version.get("lago_id")));
        context.changed("order_form.created", "order_form", table.insert(record));
    }

    @Override
    Reply list(Call call) {
        checkFilter(call, "status", STATUSES);
        checkFilter(call, "customer_id", UUID, "is in invalid format");
        checkFilter(call, "owner_id", UUID, "is in invalid format");
        checkDates(call, "created_at_from", "created_at_to", "expires_at_from", "expires_at_to");
        return list(call, table.all().stream().map(form -> Json.with(form, "_quote_number", quote(form).get("number"),
                "_owner_ids", ownerIds(quote(form)))).toList());
    }

    private Reply sign(Call call) {
        Map<String, Object> form = editable(call);
        Map<String, Object> given = Json.asObject(call.json().get("order_form"));
        Orders.checkExecution(given.get("execution_mode"), given.get("execute_at"), context.clock.now());
        String document = document(form, given.get("signed_document"));
        if (!"generated".equals(form.get("status"))) {
            throw LagoError.invalid("status", "not_signable");
        }
        Map<String, Object> signed = set(form, "status", "signed", "signed_at", context.now(), "signed_document_url", document);
        context.changed("order_form.signed", "order_form", signed);
        orders.add(signed, quote(signed), given);
        return reply(signed);
    }

    /** The URL of the document. The document is uploaded as a data URI. */
    private String document(Map<String, Object> form, Object dataUri) {
        if (isBlank(dataUri)) {
            return null;
        }
        String text = dataUri.toString();
        if (!text.matches("(?s)data:[^;,]+.*,.*")) {
            throw LagoError.invalid("signed_document", "invalid_format");
        }
        if (!DOCUMENTS.contains(text.substring("data:".length()).split("[;,]")[0])) {
            throw LagoError.invalid("signed_document", "invalid_content_type");
        }
        return context.baseUrl + "/rails/active_storage/blobs/" + form.get("number");
    }

    private Reply voidForm(Call call) {
        Map<String, Object> form = editable(call);
        if (!"generated".equals(form.get("status"))) {
            throw LagoError.invalid("status", "not_voidable");
        }
        Map<String, Object> voided = set(form, "status", "voided", "voided_at", context.now(), "void_reason", "manual");
        context.changed("order_form.voided", "order_form", voided);
        Map<String, Object> version = context.table("quote_versions").byId(form.get("lago_quote_version_id"));
        if (version != null) {
            ((QuoteVersions) context.crud("quote_versions")).voidDraft(version, "cascade_of_voided");
        }
        return reply(voided);
    }
}
