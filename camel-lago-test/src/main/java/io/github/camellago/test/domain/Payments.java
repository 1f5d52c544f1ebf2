package io.github.camellago.test.domain;

import java.util.Collections;
import java.util.List;
import java.util.Map;

import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.LagoError;
import io.github.camellago.test.server.Reply;
import io.github.camellago.test.server.Validation;

/**
 * Payments recorded by hand, each with a receipt. Recording one twice pays twice, up to what is due.
 */
final class Payments extends Crud {

    private final Invoices invoices;

    Payments(Context context, Invoices invoices) {
        super(context, "payments");
        this.invoices = invoices;
    }

    @Override
    void register() {
        super.register();
        on("POST", "/payments", this::create);
    }

    @Override
    Reply create(Call call) {
        Map<String, Object> given = call.root("payment");
        Validation.create(resource, given).check();
        Map<String, Object> invoice = context.need("invoices", given.get("invoice_id"));
        long cents = Amounts.cents(given.get("amount_cents"));
        long paid = Amounts.cents(invoice.get("total_paid_amount_cents"));
        if (cents <= 0 || paid + cents > Amounts.cents(invoice.get("total_amount_cents"))) {
            throw LagoError.invalid("amount_cents", "value_is_out_of_range");
        }
        if (!"finalized".equals(invoice.get("status"))) {
            throw LagoError.invalid("invoice_id", "value_is_invalid");
        }
        Map<String, Object> record = resource.fresh(given);
        record.putAll(Json.object("lago_customer_id", Json.at(invoice, "customer.lago_id"), "external_customer_id",
                Json.at(invoice, "customer.external_id"), "invoice_ids", List.of(invoice.get("lago_id")), "invoice_numbers",
                Collections.singletonList(invoice.get("number")), "lago_payable_id", invoice.get("lago_id"),
                "amount_currency", invoice.get("currency")));
        Map<String, Object> payment = table.insert(record);
        invoices.paid(invoice, paid + cents);
        Map<String, Object> receipt = context.table("payment_receipts").resource().fresh(Map.of());
        receipt.put("number", "RCPT-%04d".formatted(context.table("payment_receipts").size() + 1));
        receipt.put("payment", payment);
        context.table("payment_receipts").insert(receipt);
        return reply(payment);
    }
}
