package io.github.camellago.test.domain;

import java.util.List;
import java.util.Map;

import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.LagoError;

/**
 * Categories of products. Deleting a category deletes its products.
 */
final class ProductCategories extends Crud {

    private final Products products;

    ProductCategories(Context context, Products products) {
        super(context, "product_categories");
        this.products = products;
    }

    @Override
    Map<String, Object> create(Map<String, Object> given) {
        return super.create(stripped(given));
    }

    @Override
    Map<String, Object> update(Map<String, Object> category, Map<String, Object> given) {
        Map<String, Object> changes = stripped(given);
        if (renames(category, changes) && attached(category)) {
            throw LagoError.invalid("code", "attached_to_plan_or_subscription");
        }
        Map<String, Object> updated = super.update(category, changes);
        refer("products", "product_category_code", category, updated);
        return updated;
    }

    @Override
    void checkDelete(Map<String, Object> category) {
        if (attached(category)) {
            throw LagoError.invalid("product_category", "attached_to_plan_or_subscription");
        }
        products(category).forEach(products::remove);
    }

    private List<Map<String, Object>> products(Map<String, Object> category) {
        return context.where("products", "product_category_code", category.get("code"));
    }

    private boolean attached(Map<String, Object> category) {
        return products(category).stream().anyMatch(products::attached);
    }

    @Override
    Map<String, Object> shown(Map<String, Object> category) {
        return Json.with(super.shown(category), "products_count", products(category).size());
    }
}
