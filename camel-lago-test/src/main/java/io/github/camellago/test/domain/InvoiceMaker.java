package io.github.camellago.test.domain;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.Table;

/**
 * Creates invoices with numbers, totals and due dates.
 */
final class InvoiceMaker {

    private final Context context;
    private final Customers customers;

    InvoiceMaker(Context context, Customers customers) {
        this.context = context;
        this.customers = customers;
    }

    /** Stores a finalized invoice and its fees. */
    Map<String, Object> issue(Map<String, Object> customer, String type, Object currency, List<Map<String, Object>> fees,
            Map<String, Object> given) {
        Table invoices = context.table("invoices");
        Map<String, Object> invoice = invoices.insert(draft(customer, type, currency, fees, given));
        String id = (String) invoice.get("lago_id");
        for (Map<String, Object> fee : fees) {
            context.table("fees").insert(Json.with(fee, "lago_invoice_id", id));
        }
        return invoices.update(id, Json.with(number(customer), "web_url", context.baseUrl + "/invoices/" + id));
    }

    /** An invoice for {@code fees} that is not stored and has no number. */
    Map<String, Object> draft(Map<String, Object> customer, String type, Object currency, List<Map<String, Object>> fees,
            Map<String, Object> given) {
        long cents = FeeMaker.sum(fees, "amount_cents");
        long taxes = FeeMaker.sum(fees, "taxes_amount_cents");
        long terms = Amounts.cents(customer.get("net_payment_term"));
        Map<String, Object> invoice = context.table("invoices").resource().fresh(given);
        invoice.putAll(Json.object("issuing_date", context.today(), "payment_due_date",
                context.clock.today().plusDays(terms).toString(),
                "net_payment_term", terms, "invoice_type", type, "currency", currency, "fees_amount_cents", cents,
                "sub_total_excluding_taxes_amount_cents", cents, "taxes_amount_cents", taxes,
                "sub_total_including_taxes_amount_cents",
                cents + taxes, "total_amount_cents", cents + taxes, "total_due_amount_cents", cents + taxes, "payment_status",
                cents + taxes == 0 ? "succeeded" : "pending", "customer", customers.embedded(customer), "applied_taxes",
                taxes(fees)));
        return invoice;
    }

    /** The next number of a customer's invoices. */
    Map<String, Object> number(Map<String, Object> customer) {
        long issued = context.table("invoices").all().stream()
                .filter(invoice -> customer.get("external_id").equals(Json.at(invoice, "customer.external_id")))
                .filter(invoice -> invoice.get("number") != null && !"draft".equals(invoice.get("status"))).count() + 1;
        return Json.object("sequential_id", issued, "number",
                customer.getOrDefault("slug", "LAG-SBX") + "-%03d".formatted(issued));
    }

    private static List<Object> taxes(List<Map<String, Object>> fees) {
        Map<Object, Map<String, Object>> byCode = new LinkedHashMap<>();
        for (Map<String, Object> fee : fees) {
            for (Map<String, Object> tax : Json.asObjects(fee.get("applied_taxes"))) {
                byCode.merge(tax.get("tax_code"), tax, (one, other) -> Json.with(one,
                        "amount_cents", Amounts.cents(one.get("amount_cents")) + Amounts.cents(other.get("amount_cents")),
                        "fees_amount_cents",
                        Amounts.cents(one.get("fees_amount_cents")) + Amounts.cents(other.get("fees_amount_cents"))));
            }
        }
        return new ArrayList<>(byCode.values());
    }
}
