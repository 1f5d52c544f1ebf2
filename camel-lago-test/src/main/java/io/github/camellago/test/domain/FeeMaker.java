package io.github.camellago.test.domain;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.camellago.test.server.Ids;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.LagoError;

/**
 * Creates fees and computes their taxes.
 */
final class FeeMaker {

    private final Context context;

    FeeMaker(Context context) {
        this.context = context;
    }

    /** A fee for an add-on, from the request of a one-off invoice. */
    Map<String, Object> addOnFee(Map<String, Object> customer, String currency, Map<String, Object> given) {
        Map<String, Object> addOn = context.require("add_ons", given.get("add_on_code"));
        BigDecimal units = Amounts.decimal(given.get("units"), BigDecimal.ONE);
        BigDecimal unitAmount = Amounts.decimal(given.get("unit_amount_cents"), Amounts.decimal(addOn.get("amount_cents")));
        if (units.signum() < 0) {
            throw LagoError.invalid("fees.units", "value_is_invalid");
        }
        Map<String, Object> item = Json.object("type", "add_on", "code", addOn.get("code"), "name", addOn.get("name"),
                "description",
                addOn.get("description"), "invoice_display_name", given.get("invoice_display_name"), "filters", null,
                "lago_item_id",
                addOn.get("lago_id"), "item_type", "AddOn", "grouped_by", Map.of());
        Map<String, Object> fee = fee(customer, currency, units, unitAmount, item, taxes(given, addOn, customer));
        fee.put("description", given.getOrDefault("description", addOn.get("description")));
        fee.put("from_date", given.getOrDefault("from_datetime", context.now()));
        fee.put("to_date", given.getOrDefault("to_datetime", context.now()));
        return fee;
    }

    /** A fee of {@code units} at {@code unitCents} each. */
    Map<String, Object> fee(Map<String, Object> customer, Object currency, BigDecimal units, BigDecimal unitCents,
            Map<String, Object> item, List<Map<String, Object>> taxes) {
        return priced(customer, currency, units, units.multiply(unitCents), item, taxes);
    }

    /** A fee of {@code units} with a total of {@code exactCents}. */
    Map<String, Object> priced(Map<String, Object> customer, Object currency, BigDecimal units, BigDecimal exactCents,
            Map<String, Object> item, List<Map<String, Object>> taxes) {
        long cents = Amounts.cents(exactCents);
        BigDecimal rate = rate(taxes);
        long taxCents = Amounts.percent(cents, rate);
        BigDecimal unit = units.signum() == 0
                ? BigDecimal.ZERO
                : exactCents.movePointLeft(2).divide(units, 10, RoundingMode.HALF_UP);
        String exact = Amounts.text(exactCents.movePointLeft(2));
        Map<String, Object> fee = context.table("fees").resource().fresh(Map.of());
        fee.putAll(Json.object("lago_customer_id", customer.get("lago_id"), "external_customer_id", customer.get("external_id"),
                "amount_cents", cents, "precise_amount", exact, "amount_currency", currency, "taxes_amount_cents", taxCents,
                "taxes_precise_amount", Amounts.text(Amounts.ofCents(taxCents)), "taxes_rate", rate, "units",
                Amounts.text(units),
                "precise_unit_amount", Amounts.text(unit), "total_aggregated_units", Amounts.text(units), "total_amount_cents",
                cents + taxCents, "precise_total_amount", Amounts.text(Amounts.ofCents(cents + taxCents)),
                "total_amount_currency",
                currency, "sub_total_excluding_taxes_amount_cents", cents, "sub_total_excluding_taxes_precise_amount_cents",
                Amounts.text(exactCents), "item", item, "applied_taxes", applied(taxes, cents, currency)));
        return fee;
    }

    /** The taxes of a fee: those of the request, otherwise of the item, otherwise of the customer, otherwise of the organization. */
    List<Map<String, Object>> taxes(Map<String, Object> given, Map<String, Object> item, Map<String, Object> customer) {
        if (given.containsKey("tax_codes")) {
            return Json.asStrings(given.get("tax_codes")).stream().map(code -> context.require("taxes", code)).toList();
        }
        List<Map<String, Object>> own = Json.asObjects(item.get("taxes"));
        List<Map<String, Object>> customers = own.isEmpty() ? Json.asObjects(customer.get("taxes")) : own;
        return customers.isEmpty() ? context.where("taxes", "applied_to_organization", true) : customers;
    }

    private static BigDecimal rate(List<Map<String, Object>> taxes) {
        return taxes.stream().map(tax -> Amounts.decimal(tax.get("rate"), BigDecimal.ZERO)).reduce(BigDecimal.ZERO,
                BigDecimal::add);
    }

    /** The taxes for an amount. */
    List<Object> applied(List<Map<String, Object>> taxes, long cents, Object currency) {
        List<Object> applied = new ArrayList<>();
        for (Map<String, Object> tax : taxes) {
            BigDecimal rate = Amounts.decimal(tax.get("rate"), BigDecimal.ZERO);
            applied.add(Json.object("lago_id", Ids.next(), "lago_tax_id", tax.get("lago_id"), "tax_name", tax.get("name"),
                    "tax_code",
                    tax.get("code"), "tax_rate", rate, "tax_description", tax.get("description"), "amount_cents",
                    Amounts.percent(cents, rate), "amount_currency", currency, "fees_amount_cents", cents, "base_amount_cents",
                    cents, "created_at", context.now()));
        }
        return applied;
    }

    static long sum(List<Map<String, Object>> records, String field) {
        return records.stream().mapToLong(record -> Amounts.cents(record.get(field))).sum();
    }
}
