package io.github.camellago.test.server;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The filters of a list, as {@code resources.json} states them: parameter → rule, a rule being one of
 * <ul>
 * <li>{@code equals:field}</li>
 * <li>{@code in:field} – one or many values, {@code name[]=a&name[]=b}</li>
 * <li>{@code min:field}, {@code max:field} – numbers, dates, instants, inclusive</li>
 * <li>{@code search:field,field} – part of any of them, in any case</li>
 * <li>{@code present:field} – {@code true} or {@code false}</li>
 * <li>{@code overlap:field} – the field is a list that has one of the values</li>
 * <li>{@code map:field} – {@code name[key]=value} against {@code {key: value}} or {@code [{key:, value:}]}</li>
 * </ul>
 * A field may be a dotted path. Parameters that no rule names are ignored, as Lago does.
 */
final class Filters {

    private Filters() {}

    static Predicate<Map<String, Object>> of(Map<String, String> rules, Call call) {
        List<Predicate<Map<String, Object>>> tests = new ArrayList<>();
        rules.forEach((parameter, rule) -> {
            int colon = rule.indexOf(':');
            String kind = rule.substring(0, colon);
            String field = rule.substring(colon + 1);
            if ("map".equals(kind)) {
                call.queryMap(parameter)
                        .forEach((key, value) -> tests.add(record -> hasEntry(Json.at(record, field), key, value)));
            } else {
                List<String> values = call.queryAll(parameter).stream().filter(value -> !value.isEmpty()).toList();
                if (!values.isEmpty()) {
                    tests.add(test(kind, field, values));
                }
            }
        });
        return record -> {
            for (Predicate<Map<String, Object>> test : tests) {
                if (!test.test(record)) {
                    return false;
                }
            }
            return true;
        };
    }

    private static Predicate<Map<String, Object>> test(String kind, String field, List<String> values) {
        String value = values.get(values.size() - 1);
        return switch (kind) {
            case "equals" -> record -> value.equals(Json.asText(Json.at(record, field)));
            case "in" -> record -> values.contains(Json.asText(Json.at(record, field)));
            case "min" -> record -> compare(Json.at(record, field), value, -1) >= 0;
            case "max" -> record -> compare(Json.at(record, field), value, 1) <= 0;
            case "present" -> record -> isPresent(Json.at(record, field)) == Boolean.parseBoolean(value);
            case "overlap" -> record -> Json.asStrings(Json.at(record, field)).stream().anyMatch(values::contains);
            case "search" -> record -> contains(record, field.split(","), value.toLowerCase(Locale.ROOT));
            default -> throw new IllegalStateException("Unknown rule " + kind + ":" + field);
        };
    }

    /** Compares a field with a bound; a record that lacks the field compares as {@code missing}. */
    private static int compare(Object field, String bound, int missing) {
        if (field == null) {
            return missing;
        }
        if (field instanceof Number number) {
            return new BigDecimal(number.toString()).compareTo(decimal(bound));
        }
        Instant left = SandboxClock.parse(field);
        Instant right = SandboxClock.parse(bound);
        return left != null && right != null ? left.compareTo(right) : field.toString().compareTo(bound);
    }

    private static BigDecimal decimal(String bound) {
        try {
            return new BigDecimal(bound);
        } catch (NumberFormatException e) {
            throw LagoError.badRequest("not a number: " + bound);
        }
    }

    private static boolean isPresent(Object value) {
        return value != null && !"".equals(value);
    }

    private static boolean contains(Map<String, Object> record, String[] fields, String part) {
        for (String field : fields) {
            Object value = Json.at(record, field);
            if (value != null && value.toString().toLowerCase(Locale.ROOT).contains(part)) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasEntry(Object field, String key, String value) {
        if (field instanceof List<?>) {
            return Json.asObjects(field).stream()
                    .anyMatch(entry -> key.equals(entry.get("key")) && value.equals(Json.asText(entry.get("value"))));
        }
        return value.equals(Json.asText(Json.asObject(field).get(key)));
    }
}
