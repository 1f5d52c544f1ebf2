package io.github.camellago.operation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;

/**
 * Compares an object that Lago has with what was sent. Only the fields that were sent are compared, and only as far as Lago shows them.
 * The order of lists of texts does not matter. The objects of a list are matched by their code, key or values if they have them.
 *
 * @param changes     what differs
 * @param kept        the objects in lists that Lago has and that were not sent
 * @param notCompared the fields that were sent and that Lago does not show
 */
public record Comparison(List<Change> changes, List<String> kept, List<String> notCompared) {

    /** The fields by which the objects of a list are distinguished, for lists in which each object has one of its own. */
    private static final Map<String, List<String>> KEYS = Map.of("charges", List.of("code"), "fixed_charges", List.of("code"),
            "privileges", List.of("code"), "metadata", List.of("key"), "filters", List.of("key", "values"));
    /** The rules of a wallet, which has at most one and for which Lago has no key. An upsert does not end it. */
    private static final String RULES = "recurring_transaction_rules";
    /** Lists whose order does not matter, with the field to sort them by. */
    private static final Map<String, String> SORTED = Map.of("usage_thresholds", "amount_cents", "thresholds", "value");
    /** Objects with the names of the user's own: a name that Lago does not show is one that Lago does not have. */
    private static final Set<String> MAPS = Set.of("metadata", "entitlements");
    private static final Pattern PROPERTIES = Pattern.compile("(.*\\.)?(rate_)?properties([.\\[].*)?");
    /** Lago would remove prices of charges with a value of a metric's filter, and never removes an option of a privilege. */
    private static final Pattern ONLY_ADDED_TO = Pattern
            .compile("filters\\[.*]\\.values|privileges\\[.*]\\.config\\.select_options");
    private static final JsonNode EMPTY_LIST = JsonNodeFactory.instance.arrayNode();
    private static final JsonNode EMPTY_OBJECT = JsonNodeFactory.instance.objectNode();
    /** Fields that Lago does not show if they are empty. */
    private static final Set<String> HIDDEN_IF_EMPTY = Set.of("metadata", "minimum_commitment");

    /**
     * A difference.
     *
     * @param path   where, such as {@code charges[calls].properties.amount}
     * @param before the value that Lago has, or null
     * @param after  the value that was sent
     */
    public record Change(String path, JsonNode before, JsonNode after) {

        /** The object's own field that the change is in. */
        public String field() {
            return path.split("[.\\[]", 2)[0];
        }
    }

    public static Comparison of(JsonNode has, JsonNode sent) {
        Comparison comparison = new Comparison(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        comparison.compare("", "", has, sent);
        return comparison;
    }

    /** Whether all that was sent, as far as the object shows it, is what the object has, and lists have nothing else. */
    public boolean isEqual() {
        return changes.isEmpty() && kept.isEmpty();
    }

    private void compare(String path, String field, JsonNode has, JsonNode given) {
        // nothing is removed from these, so null is as good as empty
        boolean stays = given.isNull() && (KEYS.containsKey(field) || MAPS.contains(field) || field.equals(RULES));
        JsonNode sent = !stays ? given : has.isArray() ? EMPTY_LIST : has.isObject() ? EMPTY_OBJECT : given;
        if (sent.isObject() && has.isObject()) {
            fields(path, has, sent);
        } else if (sent.isArray() && has.isArray() && (isListOfObjects(sent) || isListOfObjects(has))) {
            objects(path, field, has, sent);
        } else if (ONLY_ADDED_TO.matcher(path).matches() && has.isArray() && sent.isArray()) {
            added(path, has, sent);
        } else if (!FieldValues.same(path, field, has, sent)) {
            changes.add(new Change(path, has, sent));
        }
    }

    private void added(String path, JsonNode has, JsonNode sent) {
        List<String> known = FieldValues.texts(has);
        List<String> given = FieldValues.texts(sent);
        if (!known.containsAll(given)) {
            changes.add(new Change(path, has, sent));
        }
        known.stream().filter(value -> !given.contains(value)).forEach(value -> kept.add(path + '[' + value + ']'));
    }

    private void fields(String path, JsonNode has, JsonNode sent) {
        for (Map.Entry<String, JsonNode> field : sent.properties()) {
            String name = path.isEmpty() ? field.getKey() : path + '.' + field.getKey();
            JsonNode known = has.get(field.getKey());
            if (known != null) {
                compare(name, field.getKey(), known, field.getValue());
            } else if (isInMap(path) || isInProperties(path) && !FieldValues.isBlank(field.getValue())) {
                changes.add(new Change(name, null, field.getValue()));
            } else if (HIDDEN_IF_EMPTY.contains(field.getKey())) {
                compare(name, field.getKey(), NullNode.getInstance(), field.getValue());
            } else if (!FieldValues.isBlank(field.getValue())) {
                notCompared.add(name);
            }
        }
        if (isInMap(path)) {
            has.properties().stream().filter(field -> !sent.has(field.getKey()))
                    .forEach(field -> kept.add(path + '.' + field.getKey()));
        }
    }

    private static boolean isInMap(String path) {
        return MAPS.contains(path.split("\\.", 2)[0]);
    }

    /** The price of a charge. Lago shows the properties that it has, and no others. */
    private static boolean isInProperties(String path) {
        return PROPERTIES.matcher(path).matches();
    }

    private static boolean isListOfObjects(JsonNode list) {
        return !list.isEmpty() && list.get(0).isObject();
    }

    private void objects(String path, String list, JsonNode has, JsonNode sent) {
        Map<String, JsonNode> known = byKey(list, has);
        Map<String, JsonNode> given = byKey(list, sent);
        if (known != null && given != null) {
            given.forEach((key, one) -> {
                String name = path + '[' + key + ']';
                if (known.containsKey(key)) {
                    compare(name, list, known.get(key), one);
                } else {
                    changes.add(new Change(name, null, one));
                }
            });
            known.keySet().stream().filter(key -> !given.containsKey(key)).forEach(key -> kept.add(path + '[' + key + ']'));
        } else if (sent.isEmpty() && list.equals(RULES)) {
            kept.add(path);
        } else if (has.size() != sent.size()) {
            changes.add(new Change(path, has, sent));
        } else {
            List<JsonNode> before = sorted(list, has);
            List<JsonNode> after = sorted(list, sent);
            for (int i = 0; i < after.size(); i++) {
                String name = path + '[' + i + ']';
                compare(name, list, before.get(i), after.get(i));
                JsonNode recurring = before.get(i).path("recurring");
                if (SORTED.containsKey(list) && !after.get(i).has("recurring") && recurring.asBoolean()) {
                    // Lago replaces the list
                    changes.add(new Change(name + ".recurring", recurring, BooleanNode.FALSE));
                }
                if (isInProperties(path)) {
                    JsonNode range = after.get(i);
                    before.get(i).properties().stream()
                            .filter(field -> !range.has(field.getKey()) && !FieldValues.isBlank(field.getValue()))
                            .forEach(field -> changes.add(new Change(name + '.' + field.getKey(), field.getValue(), null)));
                }
            }
        }
    }

    private static List<JsonNode> sorted(String list, JsonNode objects) {
        List<JsonNode> sorted = new ArrayList<>();
        objects.forEach(sorted::add);
        if (SORTED.containsKey(list)) {
            sorted.sort(Comparator.comparing((JsonNode one) -> one.path("recurring").asBoolean())
                    .thenComparing(one -> FieldValues.number(one.path(SORTED.get(list)))));
        }
        return sorted;
    }

    /** The objects of a list by what distinguishes them, or null if not each of them has a key of its own. */
    public static Map<String, JsonNode> byKey(String list, JsonNode objects) {
        Map<String, JsonNode> byKey = new LinkedHashMap<>();
        for (JsonNode one : objects) {
            String key = key(list, one);
            if (key == null || byKey.put(key, one) != null) {
                return null;
            }
        }
        return byKey;
    }

    /** The names of the fields by which the objects of a list are distinguished. */
    public static String keyNames(String list) {
        return String.join(" or ", KEYS.get(list));
    }

    /** The key that distinguishes an object of a list from the others, or null. */
    public static String key(String list, JsonNode one) {
        for (String field : KEYS.getOrDefault(list, List.of())) {
            JsonNode value = one.path(field);
            if (value.isValueNode() && !FieldValues.isBlank(value)) {
                return value.asText();
            }
            if (value.isObject()) {
                return text(value);
            }
        }
        return null;
    }

    /** The values of a filter as one text, whatever their order: {@code region=eu,us;tier=pro}. */
    private static String text(JsonNode values) {
        return values.properties().stream()
                .map(entry -> entry.getKey() + '=' + String.join(",", FieldValues.texts(entry.getValue())))
                .sorted().collect(Collectors.joining(";"));
    }

    /** The object's own fields that have changes. */
    public Set<String> changedFields() {
        return changes.stream().map(Change::field).collect(Collectors.toSet());
    }
}
