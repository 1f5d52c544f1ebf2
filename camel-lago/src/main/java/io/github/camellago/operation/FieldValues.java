package io.github.camellago.operation;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;

/** When two values of a field are the same to Lago, however they are written. */
final class FieldValues {

    /** Fields whose values are numbers, also where they are written as texts. All other texts are compared letter by letter. */
    private static final Pattern NUMBERS = Pattern.compile(
            "(.*_)?(amount|cents|rate|units|credits|balance|size|value|period|events|aggregation|days|precision|term|priority)");
    private static final Pattern MOMENTS = Pattern.compile(".*_(at|from|date)");
    private static final Set<String> UPPER_CASE = Set.of("country", "default_currency");
    /** Lago has 0 in these if they are empty. */
    private static final Set<String> ZERO_IF_EMPTY = Set.of("min_amount_cents", "trial_period", "units");
    private static final Pattern FREE_TEXT = Pattern.compile("(.*\\.)?(metadata|entitlements)([.\\[].*)?");

    private FieldValues() {}

    static boolean same(String path, String field, JsonNode has, JsonNode sent) {
        if (FREE_TEXT.matcher(path).matches() && has.isTextual() && sent.isTextual()) {
            return has.equals(sent);
        }
        if (isEmpty(field, has) && isEmpty(field, sent)) {
            return true;
        }
        if (has.isArray() && sent.isArray()) {
            return texts(has).equals(texts(sent));
        }
        if (!has.isValueNode() || !sent.isValueNode() || has.isNull() || sent.isNull()) {
            return has.equals(sent);
        }
        String a = has.asText();
        String b = sent.asText();
        return a.equals(b) || UPPER_CASE.contains(field) && a.equalsIgnoreCase(b)
                || (has.isNumber() || isNumber(path, field)) && sameNumber(a, b)
                || MOMENTS.matcher(field).matches() && sameMoment(a, b);
    }

    private static boolean isNumber(String path, String field) {
        return NUMBERS.matcher(field).matches() && !FREE_TEXT.matcher(path).matches();
    }

    private static boolean isEmpty(String field, JsonNode value) {
        return isBlank(value) || ZERO_IF_EMPTY.contains(field) && sameNumber(value.asText(), "0");
    }

    /** Whether Lago stores such a value as nothing: null, false, an empty text, list or object. */
    static boolean isBlank(JsonNode value) {
        return value.isNull() || value.isMissingNode() || value.isBoolean() && !value.asBoolean()
                || value.isContainerNode() && value.isEmpty()
                || value.isTextual() && (value.asText().isEmpty() || value.asText().equals("false"));
    }

    /** The values of a list, or a single value, in order, each one once. */
    static List<String> texts(JsonNode list) {
        Set<String> texts = new TreeSet<>();
        (list.isArray() ? list : List.of(list))
                .forEach(value -> texts.add(value.isValueNode() ? value.asText() : value.toString()));
        return List.copyOf(texts);
    }

    private static boolean sameNumber(String a, String b) {
        try {
            return new BigDecimal(a.strip()).compareTo(new BigDecimal(b.strip())) == 0;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** The value as a number to sort by. */
    static BigDecimal number(JsonNode value) {
        try {
            return new BigDecimal(value.asText().strip());
        } catch (NumberFormatException e) {
            return BigDecimal.ZERO;
        }
    }

    /** Lago shows whole seconds. */
    private static boolean sameMoment(String a, String b) {
        Instant one = moment(a);
        return one != null && one.equals(moment(b));
    }

    private static Instant moment(String text) {
        try {
            String iso = text.strip().replace(' ', 'T').toUpperCase(Locale.ROOT);
            Instant moment = iso.contains("T")
                    ? OffsetDateTime.parse(iso.matches(".*(Z|[-+]\\d\\d(:?\\d\\d)?)") ? iso : iso + 'Z').toInstant()
                    : LocalDate.parse(iso).atStartOfDay(ZoneOffset.UTC).toInstant();
            return moment.truncatedTo(ChronoUnit.SECONDS);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
