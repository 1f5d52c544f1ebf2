package io.github.camellago.test.domain;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Handler;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.LagoError;
import io.github.camellago.test.server.Reply;
import io.github.camellago.test.server.Table;

/**
 * The features and privileges of plans, and the changes of subscriptions to them. Stored as feature → privilege → value. In a subscription, a
 * feature without an object is removed, and so is a privilege without a value.
 */
final class Entitlements {

    private final Context context;
    private final EntitlementRecords records;
    private final Subscriptions subscriptions;

    Entitlements(Context context, Subscriptions subscriptions) {
        this.context = context;
        this.records = new EntitlementRecords(context);
        this.subscriptions = subscriptions;
    }

    void register() {
        String plan = "/plans/{code}/entitlements";
        plan("GET", plan, call -> Reply.of("entitlements", records.all(granted(plan(call)))));
        plan("POST", plan, call -> planChange(call, Map.of()));
        plan("PATCH", plan, call -> planChange(call, granted(plan(call))));
        plan("GET", plan + "/{feature_code}", call -> one(granted(plan(call)), call));
        plan("DELETE", plan + "/{feature_code}", this::removeFromPlan);
        plan("DELETE", plan + "/{feature_code}/privileges/{privilege_code}", this::removePrivilegeFromPlan);
        String subscription = "/subscriptions/{external_id}/entitlements";
        subscription("GET", subscription, call -> ofSubscription(subscriptions.parent(call)));
        subscription("PATCH", subscription, this::override);
        subscription("DELETE", subscription + "/{feature_code}", this::removeFromSubscription);
        subscription("DELETE", subscription + "/{feature_code}/privileges/{privilege_code}",
                this::removePrivilegeFromSubscription);
    }

    private void plan(String method, String path, Handler handler) {
        context.router.on(method, path, "plan", handler);
    }

    private void subscription(String method, String path, Handler handler) {
        context.router.on(method, path, "subscription", handler);
    }

    private Map<String, Object> plan(Call call) {
        return context.require("plans", call.param("code"));
    }

    private static Map<String, Object> granted(Map<String, Object> record) {
        return Json.asObject(record.get(EntitlementRecords.FIELD));
    }

    private Reply planChange(Call call, Map<String, Object> before) {
        Map<String, Object> plan = plan(call);
        Map<String, Object> merged = merged(before, given(call));
        save(context.table("plans"), plan, merged);
        return Reply.of("entitlements", records.all(merged));
    }

    /** The entitlements of the body. 404 if a feature or a privilege does not exist. */
    private Map<String, Object> given(Call call) {
        if (!(call.json().get("entitlements") instanceof Map<?, ?> map)) {
            throw LagoError.missingRoot("entitlements");
        }
        Map<String, Object> given = Json.asObject(map);
        given.forEach((feature, privileges) -> {
            Set<Object> known = new LinkedHashSet<>();
            Json.asObjects(context.require("features", feature).get("privileges")).forEach(one -> known.add(one.get("code")));
            if (!known.containsAll(Json.asObject(privileges).keySet())) {
                throw LagoError.notFound("privilege");
            }
        });
        return given;
    }

    private static Map<String, Object> merged(Map<String, Object> before, Map<String, Object> given) {
        Map<String, Object> merged = new LinkedHashMap<>(before);
        given.forEach((feature, privileges) -> {
            Map<String, Object> values = new LinkedHashMap<>(Json.asObject(merged.get(feature)));
            values.putAll(Json.asObject(privileges));
            merged.put(feature, values);
        });
        return merged;
    }

    private static void save(Table table, Map<String, Object> record, Map<String, Object> entitlements) {
        table.update((String) record.get("lago_id"), Json.object(EntitlementRecords.FIELD, entitlements));
    }

    private Reply one(Map<String, Object> granted, Call call) {
        String feature = call.param("feature_code");
        if (!granted.containsKey(feature)) {
            throw LagoError.notFound("entitlement");
        }
        return Reply.of("entitlement", records.shown(feature, Json.asObject(granted.get(feature))));
    }

    private Reply removeFromPlan(Call call) {
        Map<String, Object> plan = plan(call);
        Reply reply = one(granted(plan), call);
        Map<String, Object> rest = new LinkedHashMap<>(granted(plan));
        rest.remove(call.param("feature_code"));
        save(context.table("plans"), plan, rest);
        return reply;
    }

    private Reply removePrivilegeFromPlan(Call call) {
        Map<String, Object> plan = plan(call);
        one(granted(plan), call);
        Map<String, Object> rest = without(granted(plan), call);
        save(context.table("plans"), plan, rest);
        return one(rest, call);
    }

    private static Map<String, Object> without(Map<String, Object> granted, Call call) {
        Map<String, Object> values = new LinkedHashMap<>(Json.asObject(granted.get(call.param("feature_code"))));
        if (!values.containsKey(call.param("privilege_code"))) {
            throw LagoError.notFound("privilege");
        }
        values.remove(call.param("privilege_code"));
        return Json.with(granted, call.param("feature_code"), values);
    }

    private Reply ofSubscription(Map<String, Object> subscription) {
        List<Object> all = new ArrayList<>();
        effective(subscription).keySet().forEach(feature -> all.add(shown(subscription, feature)));
        return Reply.of("entitlements", all);
    }

    private Map<String, Object> granted(Map<String, Object> subscription, boolean byItsPlan) {
        Map<String, Object> plan = byItsPlan ? context.table("plans").oneByKey(subscription.get("plan_code")) : subscription;
        return plan == null ? Map.of() : granted(plan);
    }

    private Map<String, Object> effective(Map<String, Object> subscription) {
        Map<String, Object> overrides = granted(subscription);
        Map<String, Object> inForce = merged(granted(subscription, true), overrides);
        inForce.keySet().removeIf(feature -> overrides.containsKey(feature) && overrides.get(feature) == null);
        return inForce;
    }

    /** A feature of a subscription, with the values of the plan and of the subscription. */
    private Map<String, Object> shown(Map<String, Object> subscription, String feature) {
        Map<String, Object> plan = Json.asObject(granted(subscription, true).get(feature));
        Map<String, Object> own = new LinkedHashMap<>(Json.asObject(granted(subscription).get(feature)));
        own.values().removeIf(Objects::isNull);
        Map<String, Object> shown = records.shown(feature, Json.asObject(effective(subscription).get(feature)));
        List<Map<String, Object>> privileges = Json.asObjects(shown.get("privileges")).stream().map(privilege -> {
            String code = String.valueOf(privilege.get("code"));
            return Json.with(privilege, "plan_value", plan.get(code), "override_value", own.get(code));
        }).toList();
        return Json.with(shown, "privileges", privileges, "overrides", own);
    }

    private Reply override(Call call) {
        Map<String, Object> subscription = subscriptions.parent(call);
        Map<String, Object> own = new LinkedHashMap<>();
        Map<String, Object> ofPlan = granted(subscription, true);
        merged(granted(subscription), given(call)).forEach((feature, values) -> own.put(feature,
                values == null ? null : withoutPlanValues(Json.asObject(values), Json.asObject(ofPlan.get(feature)))));
        save(subscriptions.table, subscription, own);
        return ofSubscription(subscriptions.parent(call));
    }

    /** A value that equals the plan's value is not an override. */
    private static Map<String, Object> withoutPlanValues(Map<String, Object> values, Map<String, Object> ofPlan) {
        Map<String, Object> own = new LinkedHashMap<>(values);
        own.entrySet().removeIf(one -> one.getValue() != null && one.getValue().equals(ofPlan.get(one.getKey())));
        return own;
    }

    private Reply removeFromSubscription(Call call) {
        Map<String, Object> subscription = subscriptions.parent(call);
        context.require("features", call.param("feature_code"));
        save(subscriptions.table, subscription, Json.with(granted(subscription), call.param("feature_code"), null));
        return ofSubscription(subscriptions.parent(call));
    }

    private Reply removePrivilegeFromSubscription(Call call) {
        Map<String, Object> subscription = subscriptions.parent(call);
        String feature = call.param("feature_code");
        String privilege = call.param("privilege_code");
        if (Json.asObjects(context.require("features", feature).get("privileges")).stream()
                .noneMatch(known -> privilege.equals(known.get("code")))) {
            throw LagoError.notFound("privilege");
        }
        if (effective(subscription).containsKey(feature)) {
            Map<String, Object> own = Json.with(Json.asObject(granted(subscription).get(feature)), privilege, null);
            save(subscriptions.table, subscription, Json.with(granted(subscription), feature, own));
        }
        return ofSubscription(subscriptions.parent(call));
    }
}
