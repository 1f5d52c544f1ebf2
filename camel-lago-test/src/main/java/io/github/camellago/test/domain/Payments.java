package io.github.camellago.test.domain;

import java.math.BigInteger;
import java.util.Collections;
import java.util.List;
import java.util.Map;

import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.LagoError;
import io.github.camellago.test.server.Reply;
import io.github.camellago.test.server.SandboxClock;
import io.github.camellago.test.server.Validation;

/**
 * Manual payments with receipts. A repeated create pays again, up to the open amount.
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
        new Validation().mandatory(given, "invoice_id").check();
        Object amount = given.get("amount_cents");
        boolean whole = amount instanceof Integer || amount instanceof Long || amount instanceof BigInteger;
        if (!whole || Amounts.cents(amount) <= 0) {
            throw LagoError.invalid("amount_cents", "invalid_value");
        }
        Map<String, Object> invoice = context.require("invoices", given.get("invoice_id"));
        if (!List.of("finalized", "open").contains(invoice.get("status"))) {
            throw LagoError.forbidden("feature_unavailable");
        }
        Object paidAt = given.get("paid_at");
        if (paidAt != null && !"".equals(paidAt) && SandboxClock.parse(paidAt) == null) {
            throw LagoError.invalid("paid_at", "invalid_date");
        }
        long cents = Amounts.cents(amount);
        long paid = Amounts.cents(invoice.get("total_paid_amount_cents"));
        Validation validation = new Validation().mandatory(given, "reference").format(given, "reference", "at_most_40");
        if (paid + cents > Amounts.cents(invoice.get("total_amount_cents"))) {
            validation.add("amount_cents", "value_is_out_of_range");
        }
        validation.check();
        Map<String, Object> record = resource.fresh(given);
        record.putAll(Json.object("lago_customer_id", Json.at(invoice, "customer.lago_id"), "external_customer_id",
                Json.at(invoice, "customer.external_id"), "invoice_ids", List.of(invoice.get("lago_id")), "invoice_numbers",
                Collections.singletonList(invoice.get("number")), "lago_payable_id", invoice.get("lago_id"),
                "amount_currency", invoice.get("currency")));
        if (paidAt != null && !"".equals(paidAt)) {
            record.put("created_at", SandboxClock.text(SandboxClock.parse(paidAt)));
        }
        Map<String, Object> payment = table.insert(record);
        invoices.paid(invoice, paid + cents);
        Map<String, Object> receipt = context.table("payment_receipts").resource().fresh(Map.of());
        receipt.put("number", "RCPT-%04d".formatted(context.table("payment_receipts").size() + 1));
        receipt.put("payment", payment);
        context.table("payment_receipts").insert(receipt);
        return reply(payment);
    }
}
