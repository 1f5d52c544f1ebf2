package io.github.camellago.test.domain;

import java.util.Map;

import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.LagoError;
import io.github.camellago.test.server.Validation;

/**
 * Fees. Only fees without an invoice can be paid or deleted.
 */
final class Fees extends Crud {

    Fees(Context context) {
        super(context, "fees");
    }

    @Override
    void register() {
        super.register();
        on("PUT", "/fees/{lago_id}", this::update);
        on("DELETE", "/fees/{lago_id}", this::delete);
    }

    @Override
    Map<String, Object> update(Map<String, Object> fee, Map<String, Object> given) {
        new Validation().mandatory(given, "payment_status").check();
        Validation.update(resource, given).check();
        if (fee.get("lago_invoice_id") != null) {
            throw LagoError.notAllowed("invoiced_fee");
        }
        if ("charge".equals(Json.at(fee, "item.type")) && Boolean.TRUE.equals(fee.get("invoiceable"))) {
            throw LagoError.notAllowed("invoiceable_fee");
        }
        String status = (String) given.get("payment_status");
        Map<String, Object> changes = Json.object("payment_status", status);
        if (!"pending".equals(status)) {
            changes.put(status + "_at", context.now());
        }
        return table.update((String) fee.get("lago_id"), changes);
    }

    @Override
    void checkDelete(Map<String, Object> fee) {
        if (fee.get("lago_invoice_id") != null) {
            throw LagoError.notAllowed("invoiced_fee");
        }
    }
}
