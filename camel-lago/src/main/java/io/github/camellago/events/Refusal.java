package io.github.camellago.events;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import io.github.camellago.api.LagoException;

/** Lago's reasons for the refusal of a batch. */
final class Refusal {

    private static final String EXISTS = "value_already_exist";
    private static final String TOO_MANY = "too_many_events";
    private static final Pattern INDEX = Pattern.compile("[0-9]{1,9}");

    private Refusal() {}

    /**
     * The reasons by the event's index in the batch; empty if the refusal does not name events.
     *
     * @param indexed whether a refusal of this kind of call names indexes
     */
    static Map<Integer, Map<String, List<String>>> byIndex(LagoException refusal, boolean indexed, int size) {
        Map<Integer, Map<String, List<String>>> byIndex = new LinkedHashMap<>();
        if (indexed) {
            refusal.getErrorDetails().forEach((key, value) -> {
                if (INDEX.matcher(key).matches() && Integer.parseInt(key) < size) {
                    byIndex.put(Integer.valueOf(key), reasons(value));
                }
            });
        }
        if (byIndex.isEmpty() && size == 1) {
            byIndex.put(0, refusal.getErrorDetails().isEmpty()
                    ? Map.of("event", List.of(refusal.getMessage()))
                    : reasons(refusal.getErrorDetails()));
        }
        return byIndex;
    }

    static boolean isTooMany(LagoException refusal) {
        return refusal.getErrorDetails().toString().contains(TOO_MANY);
    }

    static boolean isDuplicate(Map<String, List<String>> reasons) {
        return reasons.values().stream().allMatch(r -> !r.isEmpty() && r.stream().allMatch(EXISTS::equals));
    }

    private static Map<String, List<String>> reasons(Object details) {
        Map<String, List<String>> reasons = new LinkedHashMap<>();
        if (details instanceof Map<?, ?> map) {
            map.forEach((field, why) -> reasons.put(String.valueOf(field), texts(why)));
        } else {
            reasons.put("event", texts(details));
        }
        return reasons;
    }

    private static List<String> texts(Object why) {
        return why instanceof List<?> list ? list.stream().map(String::valueOf).toList() : List.of(String.valueOf(why));
    }
}
