package io.github.camellago.test.domain;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Ids;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.LagoError;
import io.github.camellago.test.server.Reply;
import io.github.camellago.test.server.Validation;

/**
 * Credit notes on finalized invoices. A repeated create gives the money back again, up to the amount of the fees.
 */
final class CreditNotes extends Crud {

    private record Item(Map<String, Object> fee, long cents, long taxes) {}

    private final Files files;

    CreditNotes(Context context, Files files) {
        super(context, "credit_notes");
        this.files = files;
    }

    @Override
    void register() {
        super.register();
        on("POST", "/credit_notes", this::create);
        on("PUT", "/credit_notes/{lago_id}", this::update);
        on("PUT", "/credit_notes/{lago_id}/void", this::voidNote);
        files.register(this, note -> note);
        on("POST", "/credit_notes/estimate", this::estimate);
    }

    @Override
    Reply create(Call call) {
        Map<String, Object> given = call.root("credit_note");
        Map<String, Object> invoice = context.require("invoices", given.get("invoice_id"));
        creditable(invoice);
        Validation.create(resource, given).check();
        List<Item> items = items(invoice, given);
        long subTotal = items.stream().mapToLong(Item::cents).sum();
        long taxes = items.stream().mapToLong(Item::taxes).sum();
        long credit = Amounts.cents(given.get("credit_amount_cents"));
        long refund = Amounts.cents(given.get("refund_amount_cents"));
        long offset = Amounts.cents(given.get("offset_amount_cents"));
        if (credit + refund + offset != subTotal + taxes) {
            throw LagoError.invalid("base", "does_not_match_item_amounts");
        }
        if (refund > Amounts.cents(invoice.get("total_paid_amount_cents"))) {
            throw LagoError.invalid("refund_amount_cents", "higher_than_remaining_invoice_amount");
        }
        int sequence = context.where("credit_notes", "lago_invoice_id", invoice.get("lago_id")).size() + 1;
        Map<String, Object> record = resource.fresh(given);
        record.putAll(Json.object("billing_entity_code", invoice.get("billing_entity_code"), "sequential_id", sequence,
                "number",
                invoice.get("number") + "-CN%03d".formatted(sequence), "lago_invoice_id", invoice.get("lago_id"),
                "invoice_number",
                invoice.get("number"), "issuing_date", context.today(), "credit_status", credit > 0 ? "available" : null,
                "refund_status", refund > 0 ? "pending" : null, "currency", invoice.get("currency"), "total_amount_cents",
                subTotal + taxes, "taxes_amount_cents", taxes, "taxes_rate", rate(items),
                "sub_total_excluding_taxes_amount_cents",
                subTotal, "balance_amount_cents", credit, "credit_amount_cents", credit, "refund_amount_cents", refund,
                "offset_amount_cents", offset, "items", shownItems(items, invoice), "customer", invoice.get("customer")));
        Map<String, Object> note = table.insert(record);
        context.changed("credit_note.created", "credit_note", shown(note));
        return reply(note);
    }

    private static void creditable(Map<String, Object> invoice) {
        if (!"finalized".equals(invoice.get("status"))) {
            throw LagoError.notAllowed("invalid_type_or_status");
        }
    }

    private List<Item> items(Map<String, Object> invoice, Map<String, Object> given) {
        List<Item> items = new ArrayList<>();
        for (Map<String, Object> one : Json.asObjects(given.get("items"))) {
            Map<String, Object> fee = context.table("fees").byId(one.get("fee_id"));
            if (fee == null || !invoice.get("lago_id").equals(fee.get("lago_invoice_id"))) {
                throw LagoError.notFound("fee");
            }
            long cents = Amounts.cents(one.get("amount_cents"));
            if (cents < 0) {
                throw LagoError.invalid("amount_cents", "invalid_value");
            }
            if (cents > Amounts.cents(fee.get("amount_cents")) - credited(fee)) {
                throw LagoError.invalid("amount_cents", "higher_than_remaining_fee_amount");
            }
            items.add(new Item(fee, cents, Amounts.percent(cents, Amounts.decimal(fee.get("taxes_rate"), BigDecimal.ZERO))));
        }
        if (items.isEmpty()) {
            throw LagoError.invalid("items", "value_is_mandatory");
        }
        return items;
    }

    private long credited(Map<String, Object> fee) {
        return context.where("credit_notes", "lago_invoice_id", fee.get("lago_invoice_id")).stream()
                .flatMap(note -> Json.asObjects(note.get("items")).stream())
                .filter(item -> fee.get("lago_id").equals(Json.at(item, "fee.lago_id")))
                .mapToLong(item -> Amounts.cents(item.get("amount_cents"))).sum();
    }

    private static BigDecimal rate(List<Item> items) {
        return Amounts.decimal(items.get(0).fee().get("taxes_rate"), BigDecimal.ZERO);
    }

    private static List<Object> shownItems(List<Item> items, Map<String, Object> invoice) {
        List<Object> shown = new ArrayList<>();
        items.forEach(item -> shown.add(Json.object("lago_id", Ids.next(), "amount_cents", item.cents(), "precise_amount_cents",
                Amounts.text(BigDecimal.valueOf(item.cents())), "amount_currency", invoice.get("currency"), "fee",
                item.fee())));
        return shown;
    }

    @Override
    Map<String, Object> update(Map<String, Object> note, Map<String, Object> given) {
        Validation.update(resource, given).check();
        Map<String, Object> changes = Json.object();
        if (given.get("refund_status") != null) {
            if (note.get("refund_status") == null) {
                throw LagoError.invalid("refund_status", "value_is_invalid");
            }
            changes.put("refund_status", given.get("refund_status"));
        }
        if (given.containsKey("metadata")) {
            changes.put("metadata", given.get("metadata"));
        }
        return table.update((String) note.get("lago_id"), changes);
    }

    private Reply voidNote(Call call) {
        Map<String, Object> note = find(call);
        if (!"available".equals(note.get("credit_status")) || Amounts.cents(note.get("balance_amount_cents")) == 0) {
            throw LagoError.notAllowed("no_voidable_amount");
        }
        return reply(
                table.update((String) note.get("lago_id"), Json.object("credit_status", "voided", "balance_amount_cents", 0)));
    }

    private Reply estimate(Call call) {
        Map<String, Object> given = call.root("credit_note");
        Map<String, Object> invoice = context.require("invoices", given.get("invoice_id"));
        creditable(invoice);
        List<Item> items = items(invoice, given);
        long subTotal = items.stream().mapToLong(Item::cents).sum();
        long taxes = items.stream().mapToLong(Item::taxes).sum();
        long refundable = Math.min(subTotal + taxes, Amounts.cents(invoice.get("total_paid_amount_cents")));
        List<Object> shown = new ArrayList<>();
        items.forEach(item -> shown.add(Json.object("amount_cents", item.cents(), "lago_fee_id", item.fee().get("lago_id"))));
        return Reply.of("estimated_credit_note", Json.object("lago_invoice_id", invoice.get("lago_id"), "invoice_number",
                invoice.get("number"), "currency", invoice.get("currency"), "taxes_amount_cents", taxes,
                "precise_taxes_amount_cents",
                BigDecimal.valueOf(taxes), "taxes_rate", rate(items), "sub_total_excluding_taxes_amount_cents",
                subTotal,
                "max_creditable_amount_cents", subTotal + taxes, "max_refundable_amount_cents", refundable,
                "max_offsettable_amount_cents", subTotal + taxes - refundable, "coupons_adjustment_amount_cents", 0,
                "precise_coupons_adjustment_amount_cents", BigDecimal.ZERO, "items", shown, "applied_taxes", List.of()));
    }
}
