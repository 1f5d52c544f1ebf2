package io.github.camellago.test.domain;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.LagoError;
import io.github.camellago.test.server.Pager;
import io.github.camellago.test.server.Validation;

/**
 * Filters of a product. They match values of the filters of its metric.
 */
final class ProductFilters extends Crud {

    private static final String COLLECTION = "/products/{product_code}/filters";

    private final Products products;
    private final RateCards rateCards;

    ProductFilters(Context context, Products products, RateCards rateCards) {
        super(context, "product_filters");
        this.products = products;
        this.rateCards = rateCards;
    }

    @Override
    void register() {
        on("GET", COLLECTION, call -> context.pager.list(call, "filters",
                Pager.matching(call, resource, of(product(call))), this::shown));
        on("POST", COLLECTION, call -> reply(create(product(call), call.root("filter"))));
        on("GET", COLLECTION + "/{code}", this::get);
        on("PUT", COLLECTION + "/{code}", this::update);
        on("DELETE", COLLECTION + "/{code}", this::delete);
    }

    private Map<String, Object> product(Call call) {
        return context.require("products", call.param("product_code"));
    }

    private List<Map<String, Object>> of(Map<String, Object> product) {
        return context.where("product_filters", "product_code", product.get("code"));
    }

    @Override
    Map<String, Object> find(Call call) {
        return named(product(call), call.param("code"));
    }

    /** The filter of a product. 404 if it does not exist. */
    Map<String, Object> named(Map<String, Object> product, Object code) {
        return of(product).stream().filter(filter -> code.equals(filter.get("code"))).findFirst()
                .orElseThrow(() -> LagoError.notFound("product_filter"));
    }

    private Map<String, Object> create(Map<String, Object> product, Map<String, Object> given) {
        if (!"usage".equals(product.get("product_type"))) {
            throw LagoError.invalid("product", "not_allowed_for_product_type");
        }
        Map<String, Object> record = stripped(given);
        checkSet(product, record, null);
        check(product, record, null, Validation.create(resource, record));
        checkEach(product, record);
        return table.insert(Json.with(resource.fresh(record), "product_code", product.get("code"), "values", values(record)));
    }

    @Override
    Map<String, Object> update(Map<String, Object> filter, Map<String, Object> given) {
        Map<String, Object> product = context.require("products", filter.get("product_code"));
        Map<String, Object> changes = stripped(given);
        if (renames(filter, changes) && products.attached(product)) {
            throw LagoError.invalid("code", "attached_to_plan_or_subscription");
        }
        if (changes.containsKey("values")) {
            checkSet(product, changes, filter);
        }
        check(product, changes, filter, Validation.update(resource, changes));
        Map<String, Object> accepted = resource.accepted(changes);
        if (changes.containsKey("values")) {
            checkEach(product, changes);
            accepted.put("values", values(changes));
        }
        Map<String, Object> updated = table.update((String) filter.get("lago_id"), accepted);
        context.where("rate_cards", "product_code", product.get("code")).stream()
                .filter(card -> Objects.equals(filter.get("code"), card.get("product_filter_code")))
                .forEach(card -> context.table("rate_cards").update((String) card.get("lago_id"),
                        Json.object("product_filter_code", updated.get("code"))));
        return updated;
    }

    private void check(Map<String, Object> product, Map<String, Object> given, Map<String, Object> self,
            Validation validation) {
        if (of(product).stream().anyMatch(other -> other != self && Objects.equals(other.get("code"), given.get("code")))) {
            validation.add("code", "value_already_exist");
        }
        validation.check();
    }

    /** Checks all values: known keys, no key both with and without a value, no other filter with the same values. */
    private void checkSet(Map<String, Object> product, Map<String, Object> given, Map<String, Object> self) {
        List<Map<String, Object>> values = Json.asObjects(given.get("values"));
        for (Map<String, Object> value : values) {
            if (allowed(product, value) == null) {
                throw LagoError.invalid(value.get("key") == null ? "values.billable_metric_filter" : "values.key",
                        "value_is_invalid");
            }
        }
        if (values.isEmpty()) {
            throw LagoError.invalid("values", "value_is_mandatory");
        }
        Set<Object> bare = new HashSet<>();
        Set<Object> specific = new HashSet<>();
        values.forEach(value -> (value.get("value") == null ? bare : specific).add(value.get("key")));
        bare.retainAll(specific);
        if (!bare.isEmpty()) {
            throw LagoError.invalid("values", "key_only_conflicts_with_values");
        }
        if (of(product).stream().anyMatch(other -> other != self && identity(other).equals(identity(given)))) {
            throw LagoError.invalid("values", "value_already_exist");
        }
    }

    private void checkEach(Map<String, Object> product, Map<String, Object> given) {
        Set<String> seen = new HashSet<>();
        for (Map<String, Object> value : Json.asObjects(given.get("values"))) {
            Object text = value.get("value");
            if ("".equals(text)) {
                throw LagoError.invalid("values.value", "value_is_mandatory");
            }
            if (text != null && !allowed(product, value).contains(text.toString())) {
                throw LagoError.invalid("values.value", "value_is_invalid");
            }
            if (!seen.add(value.get("key") + "\n" + text)) {
                throw LagoError.invalid("values.value", "value_already_exist");
            }
        }
    }

    /** The values of the metric's filter with the key, or null. */
    private List<String> allowed(Map<String, Object> product, Map<String, Object> value) {
        Map<String, Object> metric = context.table("billable_metrics").oneByKey(product.get("billable_metric_code"));
        return metric == null
                ? null
                : Json.asObjects(metric.get("filters")).stream()
                        .filter(filter -> Objects.equals(filter.get("key"), value.get("key")))
                        .map(filter -> Json.asStrings(filter.get("values"))).findFirst().orElse(null);
    }

    private static List<String> identity(Map<String, Object> filter) {
        return Json.asObjects(filter.get("values")).stream().map(value -> value.get("key") + "\n" + value.get("value")).sorted()
                .toList();
    }

    private static List<Object> values(Map<String, Object> given) {
        List<Object> values = new ArrayList<>();
        Json.asObjects(given.get("values"))
                .forEach(value -> values.add(Json.object("key", value.get("key"), "value", value.get("value"))));
        return values;
    }

    @Override
    void checkDelete(Map<String, Object> filter) {
        if (products.attached(context.require("products", filter.get("product_code")))) {
            throw LagoError.invalid("product_filter", "attached_to_plan_or_subscription");
        }
        context.where("rate_cards", "product_code", filter.get("product_code")).stream()
                .filter(card -> filter.get("code").equals(card.get("product_filter_code"))).forEach(rateCards::remove);
    }

    @Override
    Map<String, Object> shown(Map<String, Object> filter) {
        Map<String, Object> shown = new LinkedHashMap<>(super.shown(filter));
        shown.remove("product_code");
        return shown;
    }
}
