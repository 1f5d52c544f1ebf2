package io.github.camellago.upsert;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;

/** Random configurations of an organization. All of them use the same codes. */
final class Configurations {

    private static final List<String> MODELS = List.of("standard", "package", "graduated", "percentage");

    private final Random random;

    Configurations(long seed) {
        this.random = new Random(seed);
    }

    /** The bodies to upsert by their resources, in the order in which they need each other. */
    Map<String, List<Map<String, Object>>> next() {
        Map<String, List<Map<String, Object>>> all = new LinkedHashMap<>();
        all.put("taxes", each("t", code -> Map.of("code", code, "name", word(), "rate", number(100))));
        all.put("billable_metrics", each("m", this::metric));
        all.put("add_ons", each("a", code -> Map.of("code", code, "name", word(), "amount_cents", 1 + number(1000),
                "amount_currency", "EUR", "tax_codes", some(List.of("t0", "t1")))));
        all.put("features", each("f", code -> Map.of("code", code, "name", word(), "privileges", List.of(
                Map.of("code", "max", "value_type", "integer", "name", word()),
                Map.of("code", "on", "value_type", "boolean")))));
        all.put("plans", each("p", this::plan));
        all.put("coupons", each("c", this::coupon));
        all.put("customers", each("u", this::customer));
        return all;
    }

    private Map<String, Object> metric(String code) {
        return Map.of("code", code, "name", word(), "aggregation_type", "sum_agg", "field_name", "n", "filters", List.of(
                Map.of("key", "region", "values", List.of("eu", "us", "ap")),
                Map.of("key", "tier", "values", List.of("a", "b"))));
    }

    private Map<String, Object> plan(String code) {
        boolean yearly = random.nextBoolean();
        Map<String, Object> plan = new LinkedHashMap<>(Map.of("code", code, "name", word(), "interval",
                yearly ? "yearly" : "monthly", "amount_cents", number(1000), "amount_currency", "EUR", "pay_in_advance",
                random.nextBoolean(), "tax_codes", some(List.of("t0", "t1")), "charges",
                some(List.of("m0", "m1", "m2")).stream().map(this::charge).toList()));
        if (yearly) {
            plan.put("bill_charges_monthly", random.nextBoolean());
        }
        maybe(plan, "description", random.nextBoolean() ? null : word());
        maybe(plan, "trial_period", number(3));
        maybe(plan, "fixed_charges", some(List.of("a0", "a1")).stream().map(a -> Map.of("code", a, "add_on_code", a,
                "charge_model", "standard", "units", number(9), "properties", Map.of("amount", amount()))).toList());
        maybe(plan, "usage_thresholds", some(List.of(100, 200, 300)).stream()
                .map(amount -> Map.of("amount_cents", amount, "threshold_display_name", word())).toList());
        maybe(plan, "minimum_commitment", Map.of("amount_cents", 1 + number(100)));
        maybe(plan, "metadata", Map.of(word(), word()));
        maybe(plan, "entitlements", Map.of("f0", Map.of("max", number(9)), "f" + (1 + number(2)),
                random.nextBoolean() ? Map.of() : Map.of("on", random.nextBoolean())));
        return plan;
    }

    private Object charge(String metric) {
        String model = MODELS.get(number(MODELS.size()));
        Map<String, Object> charge = new LinkedHashMap<>(Map.of("code", "of-" + metric, "billable_metric_code", metric,
                "charge_model", model, "properties", properties(model)));
        maybe(charge, "invoice_display_name", word());
        maybe(charge, "tax_codes", some(List.of("t0", "t1")));
        maybe(charge, "filters", some(List.of("eu", "us", "ap")).stream().map(region -> Map.of("values",
                new TreeMap<>(Map.of("region", List.of(region), "tier", List.of("a", "b"))), "properties", properties(model)))
                .toList());
        return charge;
    }

    private Map<String, Object> properties(String model) {
        return switch (model) {
            case "package" -> Map.of("amount", amount(), "package_size", 1 + number(9), "free_units", number(9));
            case "percentage" -> Map.of("rate", amount(), "fixed_amount", amount());
            case "graduated" -> Map.of("graduated_ranges", List.of(
                    Map.of("from_value", 0, "to_value", 10, "per_unit_amount", amount(), "flat_amount", amount()),
                    Map.of("from_value", 11, "per_unit_amount", amount(), "flat_amount", "0")));
            default -> Map.of("amount", amount());
        };
    }

    private Map<String, Object> coupon(String code) {
        Map<String, Object> coupon = new LinkedHashMap<>(Map.of("code", code, "name", word(), "coupon_type", "percentage",
                "percentage_rate", amount(), "frequency", "once", "expiration", "time_limit", "expiration_at",
                "2097-01-0" + (1 + number(9))));
        maybe(coupon, "applies_to", Map.of("plan_codes", some(List.of("p0", "p1"))));
        return coupon;
    }

    private Map<String, Object> customer(String externalId) {
        Map<String, Object> customer = new LinkedHashMap<>(Map.of("external_id", externalId, "name", word(), "country", "de"));
        maybe(customer, "metadata", List.of(Map.of("key", "k" + number(3), "value", word())));
        maybe(customer, "billing_configuration", Map.of("document_locale", random.nextBoolean() ? "de" : "fr"));
        maybe(customer, "tax_codes", some(List.of("t0", "t1")));
        return customer;
    }

    /** The same configuration, written otherwise: in another order, with other forms of numbers. */
    Object rewritten(String field, Object value) {
        if (value instanceof Map<?, ?> map) {
            List<Map.Entry<?, ?>> entries = new ArrayList<>(map.entrySet());
            Collections.shuffle(entries, random);
            Map<String, Object> other = new LinkedHashMap<>();
            entries.forEach(e -> other.put((String) e.getKey(), rewritten((String) e.getKey(), e.getValue())));
            return other;
        }
        if (value instanceof List<?> list) {
            List<Object> other = new ArrayList<>();
            list.forEach(one -> other.add(rewritten(field, one)));
            if (!field.endsWith("_ranges")) {
                Collections.shuffle(other, random);
            }
            return other;
        }
        boolean decimal = List.of("amount", "rate", "percentage_rate", "units", "fixed_amount", "per_unit_amount")
                .contains(field);
        if (decimal && random.nextBoolean()) {
            return new BigDecimal(value.toString() + ".00");
        }
        if (field.equals("expiration_at")) {
            return value + "T02:00:00+02:00";
        }
        return decimal ? value.toString() + ".0" : value;
    }

    private static <T> List<T> each(String letter, Function<String, T> make) {
        List<T> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            all.add(make.apply(letter + i));
        }
        return all;
    }

    private <T> List<T> some(List<T> all) {
        return all.stream().filter(one -> random.nextInt(3) > 0).toList();
    }

    private void maybe(Map<String, Object> object, String field, Object value) {
        if (random.nextBoolean()) {
            object.put(field, value);
        }
    }

    private String word() {
        return "w" + random.nextInt(20);
    }

    private String amount() {
        return String.valueOf(1 + random.nextInt(50));
    }

    private int number(int bound) {
        return random.nextInt(bound);
    }
}
