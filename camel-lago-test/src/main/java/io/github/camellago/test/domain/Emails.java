package io.github.camellago.test.domain;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.LagoError;
import io.github.camellago.test.server.Reply;

/**
 * Resends documents to customers. Checks the calls as Lago does, but sends no e-mail.
 */
final class Emails {

    private static final Pattern ADDRESS = Pattern.compile("[^@\\s,]+@[^@\\s,.]+(\\.[^@\\s,.]+)+");

    private final Context context;

    Emails(Context context) {
        this.context = context;
    }

    void register() {
        resend("invoices", "invoice.finalized");
        resend("credit_notes", "credit_note.created");
        resend("payment_receipts", "payment_receipt.created");
    }

    private void resend(String collection, String setting) {
        Crud crud = context.crud(collection);
        crud.on("POST", "/" + collection + "/{lago_id}/resend_email",
                call -> resend(call, crud.find(call), collection, setting));
    }

    private Reply resend(Call call, Map<String, Object> document, String collection, String setting) {
        if ("invoices".equals(collection) && !"finalized".equals(document.get("status"))) {
            throw LagoError.notAllowed("invoice_not_finalized");
        }
        License.require(context.variant.license().premium(), "premium_license_required");
        Map<String, Object> entity = billingEntity(document);
        if (!Json.asStrings(entity.get("email_settings")).contains(setting)) {
            throw LagoError.notAllowed("email_settings_disabled");
        }
        check(call.json(), entity, customerEmail(document));
        return Reply.empty(200);
    }

    private Map<String, Object> billingEntity(Map<String, Object> document) {
        Map<String, Object> entity = context.table("billing_entities").oneByKey(document.get("billing_entity_code"));
        return entity != null ? entity : context.require("billing_entities", "default");
    }

    private Object customerEmail(Map<String, Object> document) {
        Map<String, Object> customer = document.get("payment") == null
                ? Json.asObject(document.get("customer"))
                : context.table("customers").oneByKey(Json.at(document, "payment.external_customer_id"));
        return customer == null ? null : customer.get("email");
    }

    private static void check(Map<String, Object> given, Map<String, Object> entity, Object customerEmail) {
        Map<String, List<String>> errors = new LinkedHashMap<>();
        if (entity.get("email") == null || "".equals(entity.get("email"))) {
            errors.put("billing_entity", List.of("must have email configured"));
        }
        List<String> to = addresses(given.get("to"));
        if (to.isEmpty() && customerEmail != null) {
            to.add(customerEmail.toString());
        }
        if (to.isEmpty()) {
            errors.put("to", List.of("must have at least one recipient"));
        }
        invalid("to", to, errors);
        invalid("cc", addresses(given.get("cc")), errors);
        invalid("bcc", addresses(given.get("bcc")), errors);
        if (!errors.isEmpty()) {
            throw LagoError.invalid(errors);
        }
    }

    private static List<String> addresses(Object given) {
        return new ArrayList<>(Json.asStrings(given));
    }

    private static void invalid(String field, List<String> addresses, Map<String, List<String>> errors) {
        List<String> wrong = addresses.stream().filter(address -> !ADDRESS.matcher(address).matches()).toList();
        if (!wrong.isEmpty()) {
            errors.put(field, Collections.singletonList("invalid email format: " + String.join(", ", wrong)));
        }
    }
}
