package io.github.camellago.test.domain;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;

import io.github.camellago.test.server.Json;

/**
 * Computes the price of units with a charge model, in exact cents.
 */
final class Pricing {

    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    private Pricing() {}

    /**
     * @param units  aggregated units
     * @param events number of events
     * @param exact  the amount in cents that the events contain, for the dynamic model
     */
    static BigDecimal cents(Object model, Map<String, Object> properties, BigDecimal units, long events, BigDecimal exact) {
        return switch (String.valueOf(model)) {
            case "standard" -> amount(properties, "amount").multiply(units).multiply(HUNDRED);
            case "package" -> packages(properties, units).multiply(HUNDRED);
            case "percentage" -> percentage(properties, units, events).multiply(HUNDRED);
            case "graduated" -> graduated(properties, units).multiply(HUNDRED);
            case "graduated_percentage" -> graduatedPercentage(properties, units).multiply(HUNDRED);
            case "volume" -> volume(properties, units).multiply(HUNDRED);
            case "dynamic" -> exact;
            default -> BigDecimal.ZERO;
        };
    }

    private static BigDecimal amount(Map<String, Object> properties, String name) {
        return Amounts.decimal(properties.get(name), BigDecimal.ZERO);
    }

    private static BigDecimal packages(Map<String, Object> properties, BigDecimal units) {
        BigDecimal size = Amounts.decimal(properties.get("package_size"), BigDecimal.ONE);
        BigDecimal paid = units.subtract(amount(properties, "free_units")).max(BigDecimal.ZERO);
        return paid.divide(size, 0, RoundingMode.CEILING).multiply(amount(properties, "amount"));
    }

    private static BigDecimal percentage(Map<String, Object> properties, BigDecimal units, long events) {
        long freeEvents = Amounts.cents(properties.get("free_units_per_events"));
        BigDecimal paid = units.subtract(amount(properties, "free_units_per_total_aggregation")).max(BigDecimal.ZERO);
        BigDecimal fixed = amount(properties, "fixed_amount").multiply(BigDecimal.valueOf(Math.max(0, events - freeEvents)));
        return paid.multiply(amount(properties, "rate")).divide(HUNDRED, 15, RoundingMode.HALF_UP).add(fixed);
    }

    private static BigDecimal graduated(Map<String, Object> properties, BigDecimal units) {
        BigDecimal total = BigDecimal.ZERO;
        BigDecimal below = BigDecimal.ZERO;
        for (Map<String, Object> range : Json.asObjects(properties.get("graduated_ranges"))) {
            if (units.compareTo(below) <= 0 && below.signum() > 0) {
                break;
            }
            BigDecimal top = Amounts.decimal(range.get("to_value"), units).min(units);
            total = total.add(top.subtract(below).multiply(amount(range, "per_unit_amount"))).add(amount(range, "flat_amount"));
            below = top;
            if (top.compareTo(units) >= 0) {
                break;
            }
        }
        return total;
    }

    private static BigDecimal graduatedPercentage(Map<String, Object> properties, BigDecimal units) {
        BigDecimal total = BigDecimal.ZERO;
        BigDecimal below = BigDecimal.ZERO;
        for (Map<String, Object> range : Json.asObjects(properties.get("graduated_percentage_ranges"))) {
            BigDecimal top = Amounts.decimal(range.get("to_value"), units).min(units);
            total = total.add(top.subtract(below).multiply(amount(range, "rate")).divide(HUNDRED, 15, RoundingMode.HALF_UP))
                    .add(amount(range, "flat_amount"));
            below = top;
            if (top.compareTo(units) >= 0) {
                break;
            }
        }
        return total;
    }

    private static BigDecimal volume(Map<String, Object> properties, BigDecimal units) {
        List<Map<String, Object>> ranges = Json.asObjects(properties.get("volume_ranges"));
        for (Map<String, Object> range : ranges) {
            BigDecimal top = Amounts.decimal(range.get("to_value"));
            if (top == null || units.compareTo(top) <= 0) {
                return units.multiply(amount(range, "per_unit_amount")).add(amount(range, "flat_amount"));
            }
        }
        return BigDecimal.ZERO;
    }
}
