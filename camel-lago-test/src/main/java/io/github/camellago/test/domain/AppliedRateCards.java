package io.github.camellago.test.domain;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.LagoError;

/**
 * The rate cards of a plan. They cannot be changed if the plan has subscriptions.
 */
final class AppliedRateCards extends Crud {

    private static final String COLLECTION = "/plans/{plan_code}/applied_rate_cards";

    AppliedRateCards(Context context) {
        super(context, "applied_rate_cards");
    }

    @Override
    void register() {
        on("GET", COLLECTION, call -> list(call, of(plan(call))));
        on("POST", COLLECTION, call -> reply(create(plan(call), call.root("applied_rate_card"))));
        on("GET", COLLECTION + "/{code}", this::get);
        on("PUT", COLLECTION + "/{code}", this::update);
        on("DELETE", COLLECTION + "/{code}", this::delete);
    }

    private Map<String, Object> plan(Call call) {
        return context.require("plans", call.param("plan_code"));
    }

    private List<Map<String, Object>> of(Map<String, Object> plan) {
        return context.where("applied_rate_cards", "plan_code", plan.get("code"));
    }

    /** An unknown plan is reported as an unknown applied rate card, except by lists and creates. */
    @Override
    Map<String, Object> find(Call call) {
        return context.where("applied_rate_cards", "plan_code", call.param("plan_code")).stream()
                .filter(applied -> call.param("code").equals(applied.get("rate_card_code"))).findFirst()
                .orElseThrow(() -> LagoError.notFound("applied_rate_card"));
    }

    private Map<String, Object> create(Map<String, Object> plan, Map<String, Object> given) {
        checkLock(plan.get("code"));
        Map<String, Object> card = context.require("rate_cards", given.get("rate_card_code"));
        if (!Objects.equals(card.get("currency"), plan.get("amount_currency"))) {
            throw LagoError.invalid("currency", "currency_does_not_match");
        }
        for (Map<String, Object> applied : of(plan)) {
            Map<String, Object> other = context.require("rate_cards", applied.get("rate_card_code"));
            if (Objects.equals(other.get("product_code"), card.get("product_code"))
                    && Objects.equals(other.get("product_filter_code"), card.get("product_filter_code"))) {
                throw LagoError.invalid("rate_card",
                        card.get("product_filter_code") == null ? "product_already_priced" : "product_filter_already_priced");
            }
        }
        checkUnits(given.get("units"));
        return table
                .insert(Json.with(resource.fresh(given), "plan_code", plan.get("code"), "rate_card_code", card.get("code")));
    }

    @Override
    Map<String, Object> update(Map<String, Object> applied, Map<String, Object> given) {
        checkLock(applied.get("plan_code"));
        checkUnits(given.get("units"));
        return super.update(applied, given);
    }

    @Override
    void checkDelete(Map<String, Object> applied) {
        checkLock(applied.get("plan_code"));
    }

    private void checkLock(Object planCode) {
        if (!context.where("subscriptions", "plan_code", planCode).isEmpty()) {
            throw LagoError.invalid("plan", "plan_locked");
        }
    }

    private static void checkUnits(Object units) {
        if (units != null && Amounts.decimal(units, BigDecimal.ZERO).signum() < 0) {
            throw LagoError.invalid("units", "value_is_out_of_range");
        }
    }
}
