package io.github.camellago.test.domain;

import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.LagoError;
import io.github.camellago.test.server.Reply;
import io.github.camellago.test.server.Validation;

/**
 * Rate cards: the prices of a product or of one of its filters over time.
 */
final class RateCards extends Crud {

    private static final List<String> BOOLEANS = List.of("proration", "display_on_invoice", "wallet_targetable");
    private static final List<String> FIXED_WITH_RATES = List.of("currency", "applied_pricing_unit_code", "billing_timing",
            "proration", "regroup_paid_fees", "display_on_invoice", "wallet_targetable");

    private final Rates rates;

    RateCards(Context context, Rates rates) {
        super(context, "rate_cards");
        this.rates = rates;
    }

    @Override
    Map<String, Object> create(Map<String, Object> given) {
        Map<String, Object> product = context.require("products", given.get("product_code"));
        Map<String, Object> record = stripped(given);
        if (record.get("product_filter_code") != null
                && context.where("product_filters", "product_code", product.get("code")).stream()
                        .noneMatch(filter -> record.get("product_filter_code").equals(filter.get("code")))) {
            throw LagoError.notFound("product_filter");
        }
        checkSwitches(record);
        record.values().removeIf(Objects::isNull);
        Map<String, Object> card = resource.fresh(record);
        Validation validation = Validation.create(resource, record);
        if (record.get("code") != null && table.oneByKey(record.get("code")) != null) {
            validation.add("code", "value_already_exist");
        }
        check(card, product, validation);
        Map<String, Object> stored = table.insert(card);
        try {
            Json.asObjects(given.get("rates")).forEach(rate -> rates.create(stored, rate, "rates."));
        } catch (LagoError e) {
            remove(stored);
            throw e;
        }
        return stored;
    }

    /** The checks that Lago makes before it validates the record. */
    private void checkSwitches(Map<String, Object> given) {
        Validation validation = new Validation();
        for (String field : BOOLEANS) {
            if (given.get(field) != null && !(given.get(field) instanceof Boolean)) {
                validation.add(field, "value_is_invalid");
            }
        }
        validation.check();
        if (Boolean.TRUE.equals(given.get("wallet_targetable")) && !context.variant.license().premium()) {
            throw LagoError.invalid("wallet_targetable", "feature_unavailable");
        }
        Object unit = given.get("applied_pricing_unit_code");
        if (unit != null && !unit.toString().isBlank()) {
            // the API cannot create pricing units
            throw LagoError.invalid("applied_pricing_unit_code", "value_is_invalid");
        }
    }

    private void check(Map<String, Object> card, Map<String, Object> product, Validation validation) {
        Object currency = card.get("currency");
        if (currency != null
                && Currency.getAvailableCurrencies().stream().noneMatch(one -> one.getCurrencyCode().equals(currency))) {
            validation.add("currency", "value_is_invalid");
        }
        boolean advance = "advance".equals(card.get("billing_timing"));
        boolean displayed = Boolean.TRUE.equals(card.get("display_on_invoice"));
        if (!advance && !displayed) {
            validation.add("display_on_invoice", "not_allowed_for_billing_timing");
        }
        Map<String, Object> metric = context.table("billable_metrics").oneByKey(product.get("billable_metric_code"));
        if (Boolean.TRUE.equals(card.get("proration")) && metric != null) {
            if (!Boolean.TRUE.equals(metric.get("recurring"))) {
                validation.add("proration", "requires_recurring_metric");
            }
            if ("weighted_sum_agg".equals(metric.get("aggregation_type"))) {
                validation.add("proration", "not_allowed_for_aggregation_type");
            }
        }
        if ("invoice".equals(card.get("regroup_paid_fees"))) {
            if (!advance) {
                validation.add("regroup_paid_fees", "not_allowed_for_billing_timing");
            }
            if (displayed) {
                validation.add("regroup_paid_fees", "not_allowed_with_display_on_invoice");
            }
        }
        validation.check();
    }

    @Override
    Map<String, Object> update(Map<String, Object> card, Map<String, Object> given) {
        Map<String, Object> changes = stripped(given);
        List.of("product_code", "product_filter_code").forEach(changes::remove);
        changes.replaceAll((field, value) -> "regroup_paid_fees".equals(field) && value == null ? "none" : value);
        checkSwitches(changes);
        if (!rates.of(card).isEmpty()) {
            for (String field : FIXED_WITH_RATES) {
                if (changes(card, changes, field)) {
                    throw LagoError.invalid(field, "not_editable_with_rates");
                }
            }
        }
        for (String field : List.of("currency", "code")) {
            if (changes(card, changes, field) && attached(card)) {
                throw LagoError.invalid(field, "attached_to_plan_or_subscription");
            }
        }
        Map<String, Object> changed = new LinkedHashMap<>(card);
        changed.putAll(resource.accepted(changes));
        check(changed, context.require("products", card.get("product_code")), Validation.update(resource, changes));
        Map<String, Object> updated = super.update(card, changes);
        refer("rates", "rate_card_code", card, updated);
        return updated;
    }

    @Override
    void checkDelete(Map<String, Object> card) {
        if (attached(card)) {
            throw LagoError.invalid("rate_card", "attached_to_plan_or_subscription");
        }
        rates.of(card).forEach(rate -> rates.table.remove((String) rate.get("lago_id")));
    }

    /** Removes a rate card with its rates. */
    void remove(Map<String, Object> card) {
        rates.of(card).forEach(rate -> rates.table.remove((String) rate.get("lago_id")));
        table.remove((String) card.get("lago_id"));
    }

    /** Whether a plan uses the rate card. */
    boolean attached(Map<String, Object> card) {
        return !context.where("applied_rate_cards", "rate_card_code", card.get("code")).isEmpty();
    }

    @Override
    Map<String, Object> shown(Map<String, Object> card) {
        return Json.with(listed(card), "active_rate", rates.active(card));
    }

    @Override
    Map<String, Object> listed(Map<String, Object> card) {
        return Json.with(super.shown(card), "rates_count", rates.of(card).size());
    }

    @Override
    Reply list(Call call) {
        return list(call, table.all().stream().map(card -> Json.with(card, "_product_id",
                context.require("products", card.get("product_code")).get("lago_id"), "_product_filter_id", filterId(card)))
                .toList());
    }

    private Object filterId(Map<String, Object> card) {
        return context.where("product_filters", "product_code", card.get("product_code")).stream()
                .filter(filter -> filter.get("code").equals(card.get("product_filter_code")))
                .map(filter -> filter.get("lago_id"))
                .findFirst().orElse(null);
    }
}
