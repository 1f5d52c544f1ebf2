package io.github.camellago.test.domain;

import java.util.List;
import java.util.Map;

import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.LagoError;
import io.github.camellago.test.server.Reply;

/**
 * Coupons: a deleted one can no longer be applied; where it was applied it ends.
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
    void complete(Map<String, Object> record, Map<String, Object> given) {
        if (given.get("applies_to") != null) {
            List<String> plans = Json.asStrings(Json.at(given, "applies_to.plan_codes"));
            List<String> metrics = Json.asStrings(Json.at(given, "applies_to.billable_metric_codes"));
            plans.forEach(code -> context.need("plans", code));
            metrics.forEach(code -> context.need("billable_metrics", code));
            record.put("plan_codes", plans);
            record.put("limited_plans", !plans.isEmpty());
            record.put("billable_metric_codes", metrics);
            record.put("limited_billable_metrics", !metrics.isEmpty());
        }
        Object amount = "percentage".equals(record.get("coupon_type"))
                ? record.get("percentage_rate")
                : record.get("amount_cents");
        if (record.get("coupon_type") != null && amount == null) {
            throw LagoError.invalid("percentage".equals(record.get("coupon_type")) ? "percentage_rate" : "amount_cents",
                    "value_is_mandatory");
        }
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
