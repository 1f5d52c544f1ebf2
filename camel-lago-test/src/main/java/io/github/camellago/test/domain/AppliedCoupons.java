package io.github.camellago.test.domain;

import java.util.Map;

import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.LagoError;
import io.github.camellago.test.server.Reply;
import io.github.camellago.test.server.Validation;

/**
 * Coupons that are applied to customers. A reusable coupon can be applied several times.
 */
final class AppliedCoupons extends Crud {

    AppliedCoupons(Context context) {
        super(context, "applied_coupons");
    }

    @Override
    void register() {
        super.register();
        on("POST", "/applied_coupons", this::create);
        on("DELETE", "/customers/{external_customer_id}/applied_coupons/{applied_coupon_id}", this::terminate);
    }

    @Override
    Reply create(Call call) {
        Map<String, Object> given = call.root("applied_coupon");
        Map<String, Object> customer = context.customer(given.get("external_customer_id"));
        Map<String, Object> coupon = context.require("coupons", given.get("coupon_code"));
        Validation.create(resource, given).check();
        boolean again = context.where("applied_coupons", "lago_coupon_id", coupon.get("lago_id")).stream()
                .anyMatch(one -> customer.get("lago_id").equals(one.get("lago_customer_id")));
        if (again && Boolean.FALSE.equals(coupon.get("reusable"))) {
            throw LagoError.invalid("coupon", "coupon_is_not_reusable");
        }
        Map<String, Object> record = resource.fresh(given);
        resource.input().keySet().forEach(field -> {
            if (given.get(field) == null) {
                record.put(field, coupon.get(field));
            }
        });
        record.putAll(Json.object("lago_coupon_id", coupon.get("lago_id"), "coupon_code", coupon.get("code"), "coupon_name",
                coupon.get("name"), "coupon_description", coupon.get("description"), "lago_customer_id",
                customer.get("lago_id"), "external_customer_id",
                customer.get("external_id"),
                "amount_cents_remaining", record.get("amount_cents"), "frequency_duration_remaining",
                record.get("frequency_duration"),
                "expiration_at", coupon.get("expiration_at")));
        return reply(table.insert(record));
    }

    private Reply terminate(Call call) {
        Object customer = context.customer(call.param("external_customer_id")).get("lago_id");
        Map<String, Object> applied = context.require("applied_coupons", call.param("applied_coupon_id"));
        if (!customer.equals(applied.get("lago_customer_id"))) {
            throw LagoError.notFound("applied_coupon");
        }
        return reply(table.update((String) applied.get("lago_id"),
                Json.object("status", "terminated", "terminated_at", context.now())));
    }
}
