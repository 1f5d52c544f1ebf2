package io.github.camellago.test.domain;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.LagoError;
import io.github.camellago.test.server.Reply;
import io.github.camellago.test.server.Validation;

/**
 * Payment requests for overdue invoices. A repeated create requests the payment again.
 */
final class PaymentRequests extends Crud {

    PaymentRequests(Context context) {
        super(context, "payment_requests");
    }

    @Override
    void register() {
        super.register();
        on("POST", "/payment_requests", this::create);
    }

    @Override
    Reply create(Call call) {
        Map<String, Object> given = call.root("payment_request");
        Map<String, Object> customer = context.customer(given.get("external_customer_id"));
        Validation.create(resource, given).check();
        List<Map<String, Object>> invoices = new ArrayList<>();
        for (String id : Json.asStrings(given.get("lago_invoice_ids"))) {
            Map<String, Object> invoice = context.require("invoices", id);
            if (!Boolean.TRUE.equals(invoice.get("payment_overdue"))) {
                throw LagoError.notAllowed("invoices_not_overdue");
            }
            invoices.add(invoice);
        }
        if (invoices.isEmpty()) {
            throw LagoError.notFound("invoice");
        }
        Map<String, Object> record = resource.fresh(given);
        Crud shown = context.crud("invoices");
        record.putAll(Json.object("amount_cents", FeeMaker.sum(invoices, "total_due_amount_cents"), "amount_currency",
                invoices.get(0).get("currency"), "customer", context.crud("customers").listed(customer), "invoices",
                invoices.stream().map(shown::listed).toList()));
        return reply(table.insert(record));
    }
}
