package io.github.camellago.test.domain;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.LagoError;
import io.github.camellago.test.server.Reply;
import io.github.camellago.test.server.Validation;

/**
 * Coupons. A deleted coupon can no longer be applied, and its applied coupons end.
 */
final class Coupons extends Crud {

    Coupons(Context context) {
        super(context, "coupons");
    }

    @Override
    void register() {
        super.register();
        on("POST", "/coupons", this::create);
        on("DELETE", "/coupons/{code}", this::delete);
    }

    @Override
    void validate(Validation validation, Map<String, Object> given, Map<String, Object> whole) {
        if ("fixed_amount".equals(whole.get("coupon_type"))) {
            validation.mandatory(whole, "amount_cents").mandatory(whole, "amount_currency");
        } else if ("percentage".equals(whole.get("coupon_type"))) {
            validation.mandatory(whole, "percentage_rate");
        }
        if ("recurring".equals(whole.get("frequency")) && whole.get("frequency_duration") == null) {
            validation.add("frequency_duration", "value_is_mandatory").add("frequency_duration", "is not a number");
        }
        Object end = given.get("expiration_at");
        if (end != null && !"".equals(end) && !context.isFuture(end)) {
            validation.add("expiration_at", "invalid_date");
        }
    }

    @Override
    void complete(Map<String, Object> record, Map<String, Object> given) {
        if (given.get("applies_to") != null) {
            List<String> plans = Json.asStrings(Json.at(given, "applies_to.plan_codes"));
            List<String> metrics = Json.asStrings(Json.at(given, "applies_to.billable_metric_codes"));
            context.requireAll("plans", plans);
            context.requireAll("billable_metrics", metrics);
            if (!plans.isEmpty() && !metrics.isEmpty()) {
                throw LagoError.notAllowed("only_one_limitation_type_per_coupon_allowed");
            }
            record.put("plan_codes", plans);
            record.put("limited_plans", !plans.isEmpty());
            record.put("billable_metric_codes", metrics);
            record.put("limited_billable_metrics", !metrics.isEmpty());
        } else if (!record.containsKey("limited_plans")) {
            // an update without applies_to removes the plans and the metrics, but the coupon stays limited
            record.put("plan_codes", List.of());
            record.put("billable_metric_codes", List.of());
        }
    }

    /** Most fields of a coupon that was applied stay. */
    @Override
    Map<String, Object> update(Map<String, Object> coupon, Map<String, Object> given) {
        if (context.where("applied_coupons", "lago_coupon_id", coupon.get("lago_id")).isEmpty()) {
            return super.update(coupon, given);
        }
        Map<String, Object> changes = new LinkedHashMap<>(given);
        changes.keySet().retainAll(List.of("name", "description", "expiration", "expiration_at"));
        changes.put("applies_to", Json.object("plan_codes", coupon.get("plan_codes"), "billable_metric_codes",
                coupon.get("billable_metric_codes")));
        return super.update(coupon, changes);
    }

    @Override
    Reply delete(Call call) {
        Map<String, Object> coupon = find(call);
        for (Map<String, Object> applied : context.where("applied_coupons", "lago_coupon_id", coupon.get("lago_id"))) {
            context.table("applied_coupons").update((String) applied.get("lago_id"), Json.object("status", "terminated",
                    "terminated_at", context.now(), "coupon_deleted_at", context.now()));
        }
        return super.delete(call);
    }
}
