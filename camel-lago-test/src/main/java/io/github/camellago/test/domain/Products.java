package io.github.camellago.test.domain;

import java.util.List;
import java.util.Map;

import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.LagoError;
import io.github.camellago.test.server.Reply;
import io.github.camellago.test.server.Validation;

/**
 * Products. Usage products have a billable metric. The others are fixed.
 */
final class Products extends Crud {

    private static final List<String> TYPES = List.of("usage", "fixed");
    private static final List<String> EDITABLE = List.of("name", "code", "description", "invoice_display_name",
            "product_category_code");

    private final RateCards rateCards;

    Products(Context context, RateCards rateCards) {
        super(context, "products");
        this.rateCards = rateCards;
    }

    @Override
    Reply list(Call call) {
        List<String> categories = call.queryAll("product_category_code").stream().filter(code -> !code.isBlank()).toList();
        categories.forEach(code -> context.require("product_categories", code));
        String type = call.query("product_type");
        if (type != null && !type.isBlank() && !TYPES.contains(type)) {
            throw LagoError.invalid("product_type", "value_is_invalid");
        }
        boolean without = Boolean.parseBoolean(call.query("without_product_category"));
        return list(call, table.all().stream().filter(product -> {
            Object category = product.get("product_category_code");
            return categories.isEmpty() && !without || categories.contains(String.valueOf(category))
                    || without && category == null;
        }).toList());
    }

    @Override
    Map<String, Object> create(Map<String, Object> given) {
        checkCategory(given);
        if (given.containsKey("billable_metric_code")) {
            context.require("billable_metrics", given.get("billable_metric_code"));
        }
        Map<String, Object> record = stripped(given);
        Validation validation = Validation.create(resource, record);
        if (record.get("code") != null && table.oneByKey(record.get("code")) != null) {
            validation.add("code", "value_already_exist");
        }
        Object type = record.get("product_type");
        Object metric = record.get("billable_metric_code");
        if (!TYPES.contains(String.valueOf(type))) {
            validation.add("product_type", "value_is_invalid");
        } else if ("usage".equals(type) && metric == null) {
            validation.add("billable_metric_code", "value_is_mandatory");
        } else if ("fixed".equals(type) && metric != null) {
            validation.add("billable_metric_code", "value_must_be_blank");
        }
        validation.check();
        return table.insert(resource.fresh(record));
    }

    private void checkCategory(Map<String, Object> given) {
        Object category = given.get("product_category_code");
        if (category != null && !category.toString().isBlank()) {
            context.require("product_categories", category);
        }
    }

    @Override
    Map<String, Object> update(Map<String, Object> product, Map<String, Object> given) {
        checkCategory(given);
        Map<String, Object> changes = stripped(given);
        changes.keySet().retainAll(EDITABLE);
        changes.replaceAll((field, value) -> "product_category_code".equals(field) && "".equals(value) ? null : value);
        if (attached(product)) {
            for (String field : List.of("code", "product_category_code")) {
                if (changes(product, changes, field)) {
                    throw LagoError.invalid(field, "attached_to_plan_or_subscription");
                }
            }
        }
        Map<String, Object> updated = super.update(product, changes);
        refer("product_filters", "product_code", product, updated);
        refer("rate_cards", "product_code", product, updated);
        return updated;
    }

    @Override
    void checkDelete(Map<String, Object> product) {
        if (attached(product)) {
            throw LagoError.invalid("product", "attached_to_plan_or_subscription");
        }
        remove(product);
    }

    /** Removes a product with its filters and rate cards. */
    void remove(Map<String, Object> product) {
        filters(product).forEach(filter -> context.table("product_filters").remove((String) filter.get("lago_id")));
        context.where("rate_cards", "product_code", product.get("code")).forEach(rateCards::remove);
        table.remove((String) product.get("lago_id"));
    }

    boolean attached(Map<String, Object> product) {
        return context.where("rate_cards", "product_code", product.get("code")).stream().anyMatch(rateCards::attached);
    }

    private List<Map<String, Object>> filters(Map<String, Object> product) {
        return context.where("product_filters", "product_code", product.get("code"));
    }

    @Override
    Map<String, Object> shown(Map<String, Object> product) {
        return Json.with(super.shown(product), "filters_count", filters(product).size());
    }
}
