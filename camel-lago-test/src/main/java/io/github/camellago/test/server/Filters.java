package io.github.camellago.test.server;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The filters of a list in {@code resources.json}: parameter → rule. Parameters without a rule are ignored.
 *
 * <p>
 * The parameter defines the accepted forms. {@code name} accepts a value or an array. {@code name[]} accepts an array: a plain value is
 * ignored, or gets 500 with {@code name[]!}. {@code name{}} accepts a map, with the same rules. {@code name|other} are two names of one filter,
 * of which the first given one is used.
 *
 * <p>
 * A rule starts with the comparison:
 * <ul>
 * <li>{@code equals:field}, {@code in:field}, {@code any_case:field} – equals one of the values</li>
 * <li>{@code min:field}, {@code max:field} – numbers, dates, instants, inclusive</li>
 * <li>{@code search:field,field} – one of the fields contains the value, ignoring case</li>
 * <li>{@code flag:field} – the field is true or not</li>
 * <li>{@code present:field} – {@code true} or {@code false}; {@code given:field} – present, with any value</li>
 * <li>{@code any:field} – matches every record, and only checks the values</li>
 * <li>{@code overlap:field} – the field is a list that contains one of the values</li>
 * <li>{@code map:field} – {@code name[key]=value} against {@code {key: value}} or {@code [{key:, value:}]}</li>
 * </ul>
 * and continues with
 * <ul>
 * <li>{@code of SET} – the allowed values, see {@link Values}</li>
 * <li>{@code else WHAT} – the reaction to other values: {@code ignore}, {@code 422}, {@code 500}, or 422 with this reason</li>
 * <li>{@code blank} – an empty value is compared like any other. Without {@code blank} it is ignored. In a map it matches records without the key</li>
 * </ul>
 * A field may be a dotted path.
 */
final class Filters {

    /** A parsed rule. */
    private record Rule(String kind, String field, Values of, String otherwise, boolean blank) {

        static Rule of(String text) {
            String[] words = text.split(" ");
            int colon = words[0].indexOf(':');
            Values values = null;
            String otherwise = "ignore";
            boolean blank = false;
            for (int i = 1; i < words.length; i++) {
                switch (words[i]) {
                    case "of" -> values = Values.of(words[++i]);
                    case "else" -> otherwise = words[++i];
                    case "blank" -> blank = true;
                    default -> throw new IllegalStateException("Unknown word " + words[i] + " in " + text);
                }
            }
            return new Rule(words[0].substring(0, colon), words[0].substring(colon + 1), values, otherwise, blank);
        }

        /** The values to compare. Throws if a value makes the call fail. */
        List<String> counting(String parameter, List<String> values) {
            List<String> counting = new ArrayList<>();
            for (String value : values) {
                if (value.isEmpty() && !blank) {
                    continue;
                }
                if (of == null || of.contains(value)) {
                    counting.add(value);
                } else if ("500".equals(otherwise)) {
                    throw LagoError.failed();
                } else if (!"ignore".equals(otherwise)) {
                    throw LagoError.invalid(parameter, "422".equals(otherwise) ? of.expected() : otherwise);
                }
            }
            return counting;
        }
    }

    private Filters() {}

    /** The records that match the call's filters. */
    static List<Map<String, Object>> matching(Map<String, String> rules, Call call, List<Map<String, Object>> records) {
        List<Predicate<Map<String, Object>>> tests = of(rules, call);
        return tests.isEmpty()
                ? records
                : records.stream().filter(tests.stream().reduce(record -> true, Predicate::and)).toList();
    }

    private static List<Predicate<Map<String, Object>>> of(Map<String, String> rules, Call call) {
        List<Predicate<Map<String, Object>>> tests = new ArrayList<>();
        rules.forEach((parameter, text) -> {
            Rule rule = Rule.of(text);
            if ("map".equals(rule.kind())) {
                String name = parameter.replaceAll("\\{}!?$", "");
                if (parameter.endsWith("!") && call.query(name) != null && !call.query(name).isEmpty()) {
                    throw LagoError.failed();
                }
                call.queryMap(name).forEach((key, value) -> {
                    if (!value.isEmpty() || rule.blank()) {
                        tests.add(record -> hasEntry(Json.at(record, rule.field()), key, value));
                    }
                });
            } else {
                String given = given(parameter, call);
                if (given != null) {
                    List<String> values = rule.counting(given.replace("[]", ""), call.query().get(given));
                    if (!values.isEmpty()) {
                        tests.add(test(rule.kind(), rule.field(), values));
                    }
                }
            }
        });
        return tests;
    }

    /** The name of the filter in the query, with {@code []} for an array. Null if the filter is not given. */
    private static String given(String parameter, Call call) {
        for (String name : parameter.split("\\|")) {
            boolean raises = name.endsWith("!");
            String bare = name.replaceAll("(\\[])?!?$", "");
            if (call.query().containsKey(bare + "[]")) {
                return bare + "[]";
            }
            String plain = call.query(bare);
            if (plain != null && raises && !plain.isEmpty()) {
                throw LagoError.failed();
            }
            if (plain != null && !name.contains("[]")) {
                return bare;
            }
        }
        return null;
    }

    private static Predicate<Map<String, Object>> test(String kind, String field, List<String> values) {
        String value = values.get(values.size() - 1);
        return switch (kind) {
            case "equals", "in" -> record -> values.contains(text(record, field));
            case "any_case" -> record -> values.stream().anyMatch(one -> one.equalsIgnoreCase(text(record, field)));
            case "min" -> record -> compare(Json.at(record, field), value, -1) >= 0;
            case "max" -> record -> compare(Json.at(record, field), value, 1) <= 0;
            case "flag" -> record -> Boolean.TRUE.equals(Json.at(record, field)) == Values.isTrue(value);
            case "present" -> record -> isPresent(Json.at(record, field)) == Values.isTrue(value);
            case "any" -> record -> true;
            case "given" -> record -> isPresent(Json.at(record, field));
            case "overlap" -> record -> Json.asStrings(Json.at(record, field)).stream().anyMatch(values::contains);
            case "search" -> record -> contains(record, field.split(","), value.toLowerCase(Locale.ROOT).strip());
            default -> throw new IllegalStateException("Unknown rule " + kind + ":" + field);
        };
    }

    private static String text(Map<String, Object> record, String field) {
        return Json.asText(Json.at(record, field));
    }

    /** Compares a field with a bound. Returns {@code missing} if the record does not have the field. */
    private static int compare(Object field, String bound, int missing) {
        if (field == null) {
            return missing;
        }
        if (field instanceof Number number) {
            return new BigDecimal(number.toString()).compareTo(new BigDecimal(bound));
        }
        Instant left = SandboxClock.parse(field);
        Instant right = SandboxClock.parse(bound);
        return left != null && right != null ? left.compareTo(right) : field.toString().compareTo(bound);
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
        List<Object> found = field instanceof List<?>
                ? Json.asObjects(field).stream().filter(entry -> key.equals(entry.get("key"))).map(entry -> entry.get("value"))
                        .toList()
                : Json.asObject(field).entrySet().stream().filter(entry -> key.equals(entry.getKey()))
                        .<Object>map(Map.Entry::getValue).toList();
        return value.isEmpty() ? found.isEmpty() : found.stream().anyMatch(one -> value.equals(Json.asText(one)));
    }
}
