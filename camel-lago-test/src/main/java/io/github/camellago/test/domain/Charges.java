package io.github.camellago.test.domain;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;

import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.LagoError;
import io.github.camellago.test.server.Reply;

/**
 * The routes for charges, fixed charges and their filters, of a plan and of a subscription. Those of a subscription override those of its plan.
 */
final class Charges {

    /** The owner of the charges: finds the plan of a call, and stores the changed plan. */
    private record Owner(Function<Call, Map<String, Object>> plan, BiConsumer<Call, Map<String, Object>> save) {}

    /** Changes a charge of a plan to what a call says. */
    @FunctionalInterface
    private interface Change {
        Map<String, Object> apply(Map<String, Object> charge, Map<String, Object> given, Map<String, Object> plan);
    }

    private final Context context;
    private final ChargeRecords records;
    private final Subscriptions subscriptions;

    Charges(Context context, ChargeRecords records, Subscriptions subscriptions) {
        this.context = context;
        this.records = records;
        this.subscriptions = subscriptions;
    }

    void register() {
        Owner plan = new Owner(call -> context.require("plans", call.param("code")),
                (call, changed) -> context.table("plans").update((String) changed.get("lago_id"), changed));
        Owner subscription = new Owner(call -> subscriptions.plan(subscriptions.parent(call)),
                (call, changed) -> subscriptions.table
                        .update((String) subscriptions.parent(call).get("lago_id"), Json.object("_plan", changed)));
        charges("plan", "/plans/{code}", "charge", plan, records::charge,
                (charge, given, of) -> records.updated(charge, given, isUsed(of)));
        charges("plan", "/plans/{code}", "fixed_charge", plan, records::fixedCharge,
                (charge, given, of) -> records.updatedFixed(charge, given, isUsed(of)));
        Change override = (charge, given, of) -> records.changed(charge, given);
        charges("subscription", "/subscriptions/{external_id}", "charge", subscription, null, override);
        charges("subscription", "/subscriptions/{external_id}", "fixed_charge", subscription, null, override);
        filters("plan", "/plans/{code}", plan);
        filters("subscription", "/subscriptions/{external_id}", subscription);
    }

    private boolean isUsed(Map<String, Object> plan) {
        return ((Plans) context.crud("plans")).isUsed(plan);
    }

    /** @param make creates a charge; null if the owner cannot create and delete charges */
    private void charges(String permission, String path, String root, Owner owner,
            BiFunction<Map<String, Object>, List<Object>, Map<String, Object>> make, Change change) {
        String list = root + "s";
        String item = path + "/" + list + "/{" + root + "_code}";
        context.router.on("GET", path + "/" + list, permission,
                call -> context.pager.list(call, list, newestFirst(owner.plan().apply(call).get(list)), charge -> charge));
        context.router.on("GET", item, permission, call -> Reply.of(root, one(owner.plan().apply(call), root, call)));
        context.router.on("PUT", item, permission, call -> {
            Map<String, Object> plan = owner.plan().apply(call);
            Map<String, Object> charge = one(plan, root, call);
            Map<String, Object> changed = change.apply(charge, call.root(root), plan);
            owner.save().accept(call, replaced(plan, list, changed));
            return Reply.of(root, changed);
        });
        if (make != null) {
            context.router.on("POST", path + "/" + list, permission, call -> {
                Map<String, Object> plan = owner.plan().apply(call);
                List<Object> all = new ArrayList<>((List<?>) plan.get(list));
                Map<String, Object> charge = make.apply(call.root(root), all);
                all.add(charge);
                owner.save().accept(call, Json.with(plan, list, all));
                return Reply.of(root, charge);
            });
            context.router.on("DELETE", item, permission, call -> {
                Map<String, Object> plan = owner.plan().apply(call);
                Map<String, Object> charge = one(plan, root, call);
                owner.save().accept(call, removed(plan, list, charge));
                return Reply.of(root, charge);
            });
        }
    }

    private void filters(String permission, String path, Owner owner) {
        String list = path + "/charges/{charge_code}/filters";
        String item = list + "/{filter_id}";
        context.router.on("GET", list, permission, call -> {
            Map<String, Object> charge = one(owner.plan().apply(call), "charge", call);
            return context.pager.list(call, "filters", Json.asObjects(charge.get("filters")), filter -> shown(filter, charge));
        });
        context.router.on("GET", item, permission, call -> {
            Map<String, Object> charge = one(owner.plan().apply(call), "charge", call);
            return Reply.of("filter", shown(filter(charge, call), charge));
        });
        context.router.on("POST", list, permission, call -> {
            Map<String, Object> charge = one(owner.plan().apply(call), "charge", call);
            Map<String, Object> filter = records.filter(call.root("filter"));
            save(owner, call, added(charge, "filters", filter));
            return Reply.of("filter", shown(filter, charge));
        });
        context.router.on("PUT", item, permission, call -> {
            Map<String, Object> charge = one(owner.plan().apply(call), "charge", call);
            Map<String, Object> given = call.root("filter");
            Map<String, Object> filter = Json.with(filter(charge, call));
            filter.replaceAll((field, value) -> "lago_id".equals(field) ? value : given.getOrDefault(field, value));
            // the list is sorted by the time of the last change
            save(owner, call, added(removed(charge, "filters", filter), "filters", filter));
            return Reply.of("filter", shown(filter, charge));
        });
        context.router.on("DELETE", item, permission, call -> {
            Map<String, Object> charge = one(owner.plan().apply(call), "charge", call);
            Map<String, Object> filter = filter(charge, call);
            save(owner, call, removed(charge, "filters", filter));
            return Reply.of("filter", shown(filter, charge));
        });
    }

    private static void save(Owner owner, Call call, Map<String, Object> charge) {
        owner.save().accept(call, replaced(owner.plan().apply(call), "charges", charge));
    }

    private static Map<String, Object> one(Map<String, Object> plan, String root, Call call) {
        String code = call.param(root + "_code");
        return Json.asObjects(plan.get(root + "s")).stream().filter(charge -> code.equals(charge.get("code"))).findFirst()
                .orElseThrow(() -> LagoError.notFound(root));
    }

    private static Map<String, Object> filter(Map<String, Object> charge, Call call) {
        String id = call.param("filter_id");
        return Json.asObjects(charge.get("filters")).stream().filter(filter -> id.equals(filter.get("lago_id"))).findFirst()
                .orElseThrow(() -> LagoError.notFound("charge_filter"));
    }

    private static Map<String, Object> shown(Map<String, Object> filter, Map<String, Object> charge) {
        return Json.with(Json.object("lago_id", filter.get("lago_id"), "charge_code", charge.get("code"),
                "invoice_display_name",
                filter.get("invoice_display_name"), "properties", filter.get("properties"), "values", filter.get("values")));
    }

    private static Map<String, Object> replaced(Map<String, Object> holder, String list, Map<String, Object> changed) {
        List<Object> all = new ArrayList<>();
        Json.asObjects(holder.get(list))
                .forEach(one -> all.add(changed.get("lago_id").equals(one.get("lago_id")) ? changed : one));
        return Json.with(holder, list, all);
    }

    private static Map<String, Object> added(Map<String, Object> holder, String list, Map<String, Object> one) {
        List<Object> all = new ArrayList<>(Json.asObjects(holder.get(list)));
        all.add(one);
        return Json.with(holder, list, all);
    }

    private static Map<String, Object> removed(Map<String, Object> holder, String list, Map<String, Object> gone) {
        return Json.with(holder, list,
                Json.asObjects(holder.get(list)).stream().filter(one -> !gone.get("lago_id").equals(one.get("lago_id")))
                        .toList());
    }

    private static List<Map<String, Object>> newestFirst(Object list) {
        List<Map<String, Object>> reversed = new ArrayList<>(Json.asObjects(list));
        Collections.reverse(reversed);
        return reversed;
    }
}
