package io.github.camellago.test.domain;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.LagoError;
import io.github.camellago.test.server.Reply;
import io.github.camellago.test.server.Table;
import io.github.camellago.test.server.Validation;

/**
 * Alerts of subscriptions and of wallets, created one by one or in atomic batches.
 */
final class Alerts extends Crud {

    private static final Set<String> OF_SUBSCRIPTIONS = Set.of("current_usage_amount", "billable_metric_current_usage_amount",
            "billable_metric_current_usage_units", "lifetime_usage_amount");
    private static final Set<String> OF_WALLETS = Set.of("wallet_balance_amount", "wallet_credits_balance",
            "wallet_ongoing_balance_amount", "wallet_credits_ongoing_balance");

    private final Subscriptions subscriptions;
    private final Wallets wallets;

    Alerts(Context context, Subscriptions subscriptions, Wallets wallets) {
        super(context, "alerts");
        this.subscriptions = subscriptions;
        this.wallets = wallets;
    }

    @Override
    void register() {
        routes("/subscriptions/{external_id}/alerts", call -> Json.object("external_subscription_id",
                subscriptions.parent(call).get("external_id")));
        routes("/customers/{external_customer_id}/wallets/{wallet_code}/alerts", call -> {
            Map<String, Object> wallet = wallets.ofCustomer(call, "wallet_code");
            return Json.object("lago_wallet_id", wallet.get("lago_id"), "wallet_code", wallet.get("code"));
        });
    }

    private void routes(String path, Function<Call, Map<String, Object>> owner) {
        on("GET", path, call -> list(call, of(owner.apply(call))));
        on("POST", path, call -> create(call, owner.apply(call)));
        on("DELETE", path, call -> {
            of(owner.apply(call)).forEach(alert -> table.remove((String) alert.get("lago_id")));
            return Reply.empty(200);
        });
        on("GET", path + "/{code}", call -> reply(one(call, owner)));
        on("PUT", path + "/{code}", call -> {
            Map<String, Object> alert = one(call, owner);
            Map<String, Object> given = call.root("alert");
            if (!alert.get("code").equals(given.getOrDefault("code", alert.get("code")))) {
                free(given, of(owner.apply(call)));
            }
            return reply(update(alert, given));
        });
        on("DELETE", path + "/{code}", call -> {
            Map<String, Object> alert = one(call, owner);
            table.remove((String) alert.get("lago_id"));
            return reply(alert);
        });
    }

    private List<Map<String, Object>> of(Map<String, Object> owner) {
        String field = owner.keySet().iterator().next();
        return context.where("alerts", field, owner.get(field));
    }

    private Map<String, Object> one(Call call, Function<Call, Map<String, Object>> owner) {
        String code = call.param("code");
        return of(owner.apply(call)).stream().filter(alert -> code.equals(alert.get("code"))).findFirst()
                .orElseThrow(() -> LagoError.notFound("alert"));
    }

    private Reply create(Call call, Map<String, Object> owner) {
        List<Map<String, Object>> batch = Json.asObjects(call.json().get("alerts"));
        if (batch.isEmpty()) {
            Map<String, Object> given = call.root("alert");
            check(given, owner, of(owner));
            return reply(create(Json.with(given, "_owner", owner)));
        }
        Map<String, Object> errors = new LinkedHashMap<>();
        List<Map<String, Object>> siblings = new ArrayList<>(of(owner));
        for (int i = 0; i < batch.size(); i++) {
            Map<String, Object> given = batch.get(i);
            try {
                check(given, owner, siblings);
                siblings.add(Json.with(given, "billable_metric", metric(given)));
            } catch (LagoError e) {
                errors.put(String.valueOf(i), Json.object("params", given, "errors", e.details() == null
                        ? "billable_metric_not_found"
                        : "Validation errors: " + Json.text(e.details())));
            }
        }
        if (!errors.isEmpty()) {
            throw LagoError.invalid(errors);
        }
        return Reply.of("alerts", batch.stream().map(given -> shown(create(Json.with(given, "_owner", owner)))).toList());
    }

    /** Checks in Lago's order. Reports only the first problem. */
    private void check(Map<String, Object> given, Map<String, Object> owner, List<Map<String, Object>> siblings) {
        String type = Json.asText(given.get("alert_type"));
        if (type == null || type.isBlank()) {
            throw LagoError.invalid("alert_type", "value_is_mandatory", "value_is_invalid");
        }
        if (!(owner.containsKey("lago_wallet_id") ? OF_WALLETS : OF_SUBSCRIPTIONS).contains(type)) {
            throw LagoError.invalid("alert_type", "invalid_type");
        }
        if (Json.asObjects(given.get("thresholds")).isEmpty()) {
            throw LagoError.invalid("thresholds", "value_is_mandatory");
        }
        checkThresholds(given);
        Map<String, Object> metric = metric(given);
        Validation validation = new Validation().mandatory(given, "code");
        if ((metric != null) != type.startsWith("billable_metric_")) {
            validation.add("billable_metric", metric == null ? "value_is_mandatory" : "value_must_be_blank");
        }
        validation.check();
        free(given, siblings);
        Object metricId = metric == null ? null : metric.get("lago_id");
        if (siblings.stream().anyMatch(alert -> type.equals(alert.get("alert_type"))
                && Objects.equals(metricId, Json.at(alert, "billable_metric.lago_id")))) {
            throw LagoError.invalid("base", "alert_already_exists");
        }
    }

    private static void checkThresholds(Map<String, Object> given) {
        Set<Object> seen = new HashSet<>();
        for (Map<String, Object> threshold : Json.asObjects(given.get("thresholds"))) {
            boolean recurring = Boolean.parseBoolean(String.valueOf(threshold.get("recurring")));
            if (!seen.add(Arrays.asList(threshold.get("value"), recurring))) {
                throw LagoError.invalid("thresholds", "duplicate_threshold_values");
            }
            if (threshold.get("value") == null) {
                throw LagoError.invalid("thresholds:value", "value_is_mandatory");
            }
            BigDecimal value = Amounts.decimal(threshold.get("value"));
            if (value == null || recurring && value.signum() <= 0) {
                throw LagoError.invalid("thresholds:value", value == null ? "value_is_invalid" : "recurring_value_is_negative");
            }
        }
    }

    /** The metric of the alert, or null. 404 if it does not exist. */
    private Map<String, Object> metric(Map<String, Object> given) {
        Table metrics = context.table("billable_metrics");
        Object id = given.get("billable_metric_id");
        if (id == null && given.get("billable_metric_code") == null) {
            return null;
        }
        Map<String, Object> metric = id != null ? metrics.byId(id) : metrics.oneByKey(given.get("billable_metric_code"));
        if (metric == null) {
            throw LagoError.notFound("billable_metric");
        }
        return metric;
    }

    private static void free(Map<String, Object> given, List<Map<String, Object>> siblings) {
        if (siblings.stream().anyMatch(alert -> alert.get("code").equals(given.get("code")))) {
            throw LagoError.invalid("code", "value_already_exist");
        }
    }

    @Override
    void complete(Map<String, Object> record, Map<String, Object> given) {
        if (given.containsKey("_owner")) {
            Map<String, Object> owner = Json.asObject(given.get("_owner"));
            record.putAll(owner);
            record.put("subscription_external_id", owner.get("external_subscription_id"));
            record.put("lago_organization_id", context.organizationId);
            if (owner.containsKey("lago_wallet_id")) {
                record.put("direction", "decreasing");
            }
        }
        Map<String, Object> metric = metric(given);
        if (metric != null) {
            record.put("billable_metric", metric);
        }
        if (given.containsKey("thresholds")) {
            checkThresholds(given);
            List<Object> thresholds = new ArrayList<>();
            Json.asObjects(given.get("thresholds")).forEach(one -> thresholds.add(Json.object("code", one.get("code"), "value",
                    Amounts.text(Amounts.decimal(one.get("value"))), "recurring",
                    Boolean.TRUE.equals(one.get("recurring")))));
            record.put("thresholds", thresholds);
        }
    }
}
