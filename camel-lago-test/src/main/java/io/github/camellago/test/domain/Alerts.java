package io.github.camellago.test.domain;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.LagoError;
import io.github.camellago.test.server.Reply;
import io.github.camellago.test.server.Validation;

/**
 * Alerts of subscriptions and of wallets, created one by one or as a batch that is stored whole or not at all.
 */
final class Alerts extends Crud {

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
                subscriptions.find(call).get("external_id")));
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
        if (!call.json().containsKey("alerts")) {
            return reply(create(Json.with(call.root("alert"), "_owner", owner)));
        }
        List<Map<String, Object>> batch = Json.asObjects(call.json().get("alerts"));
        if (batch.isEmpty()) {
            throw LagoError.invalid("alerts", "no_alerts");
        }
        Map<String, Object> errors = new LinkedHashMap<>();
        List<Map<String, Object>> siblings = new ArrayList<>(of(owner));
        for (int i = 0; i < batch.size(); i++) {
            Validation validation = check(batch.get(i), siblings);
            if (validation.details().isEmpty()) {
                siblings.add(batch.get(i));
            } else {
                errors.put(String.valueOf(i), validation.details());
            }
        }
        if (!errors.isEmpty()) {
            throw LagoError.invalid(errors);
        }
        return Reply.of("alerts", batch.stream().map(given -> shown(create(Json.with(given, "_owner", owner)))).toList());
    }

    private Validation check(Map<String, Object> given, List<Map<String, Object>> siblings) {
        Validation validation = Validation.create(resource, given);
        if (Json.asObjects(given.get("thresholds")).isEmpty()) {
            validation.add("thresholds", "value_is_mandatory");
        }
        if (siblings.stream().anyMatch(alert -> alert.get("code").equals(given.get("code")))) {
            validation.add("code", "value_already_exist");
        }
        return validation;
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
            check(given, of(owner)).check();
            record.putAll(owner);
            record.put("lago_organization_id", context.organizationId);
            if (owner.containsKey("lago_wallet_id")) {
                record.put("direction", "decreasing");
            }
        }
        if (given.get("billable_metric_code") != null) {
            record.put("billable_metric", context.need("billable_metrics", given.get("billable_metric_code")));
        }
        if (given.containsKey("thresholds")) {
            List<Object> thresholds = new ArrayList<>();
            Json.asObjects(given.get("thresholds")).forEach(one -> thresholds.add(Json.object("code", one.get("code"), "value",
                    Amounts.text(Amounts.decimal(one.get("value"), BigDecimal.ZERO)), "recurring",
                    Boolean.TRUE.equals(one.get("recurring")))));
            record.put("thresholds", thresholds);
        }
    }
}
