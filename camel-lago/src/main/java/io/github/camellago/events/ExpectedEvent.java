package io.github.camellago.events;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camellago.UnknownFields;
import io.github.camellago.client.Json;
import io.github.camellago.events.EventEncoder.Refused;

/**
 * An event to look up at Lago.
 *
 * @param item          the event as it was given
 * @param transactionId its transaction_id
 * @param sent          the event as Lago would get it; null if only the transaction_id is known
 */
record ExpectedEvent(EventItem item, String transactionId, JsonNode sent) {

    /** The beginning of the transaction_id of an event without one. Lago accepts no such character. */
    private static final String NO_ID = "\0";
    /** The timestamp of an event without one. A negative one is refused. */
    private static final long NO_TIME = -1;
    /** An id on a line of its own. */
    private static final Pattern PLAIN = Pattern.compile("[^\\s\"{}\\[\\],]+");
    private static final int LARGEST_SCALE = 9_999;
    private static final List<String> UNUSABLE = List.of(".", "..");

    /** @throws Refused if it is neither an event nor a transaction_id */
    static ExpectedEvent of(EventItem item, UnknownFields unknown) throws Refused {
        ExpectedEvent event;
        try {
            EncodedEvent encoded = EventEncoder.encode(new EventItem(item.index(), item.event(), NO_ID, NO_TIME), unknown);
            event = new ExpectedEvent(item, encoded.transactionId(), Json.mapper().readTree(encoded.json()));
        } catch (Refused e) {
            String id = onlyId(item.event());
            if (id == null) {
                throw e;
            }
            event = new ExpectedEvent(item, id, null);
        } catch (IOException e) {
            throw new Refused(EventEncoder.EVENT, "it is not JSON: " + e.getMessage());
        }
        if (event.transactionId.startsWith(NO_ID)) {
            throw new Refused(EventEncoder.ID, "value_is_mandatory");
        }
        if (UNUSABLE.contains(event.transactionId)
                || !StandardCharsets.UTF_8.newEncoder().canEncode(event.transactionId)) {
            throw new Refused(EventEncoder.ID, "Lago cannot be asked for \"" + event.transactionId + '"');
        }
        return event;
    }

    /** The transaction_id if nothing else is given, or null. */
    private static String onlyId(Object event) {
        try {
            if (event instanceof byte[] || event instanceof CharSequence) {
                String text = (event instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : event.toString())
                        .strip();
                boolean json = text.startsWith("{") || text.startsWith("[") || text.startsWith("\"");
                boolean plain = event instanceof byte[] ? PLAIN.matcher(text).matches() : !text.isEmpty() && !json;
                return plain ? text : onlyId(Json.mapper().readTree(text));
            }
            return event instanceof NoEvent ? null : onlyId(Json.mapper().<JsonNode>valueToTree(event));
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    private static String onlyId(JsonNode given) {
        JsonNode node = given.size() == 1 && given.path("event").isObject() ? given.get("event") : given;
        if (node.isObject()) {
            boolean only = node.properties().stream()
                    .allMatch(f -> f.getKey().equals(EventEncoder.ID) || f.getValue().isNull());
            node = only ? node.path(EventEncoder.ID) : node;
        }
        String id = node.isTextual() || node.isNumber() ? node.asText() : "";
        return id.isBlank() ? null : id;
    }

    boolean isIdOnly() {
        return sent == null;
    }

    String subscription() {
        return isIdOnly() ? null : sent.path("external_subscription_id").asText();
    }

    String code() {
        return isIdOnly() ? null : sent.path("code").asText();
    }

    /** Whether the event has a timestamp, which may be none that Lago can read. */
    boolean hasTimestamp() {
        Long millis = millis();
        return !isIdOnly() && (millis == null || millis != NO_TIME);
    }

    boolean hasReadableTimestamp() {
        return hasTimestamp() && millis() != null;
    }

    /** Its time in milliseconds since the epoch, or null if Lago cannot read it. Lago keeps more digits, and shows three. */
    Long millis() {
        if (isIdOnly()) {
            return null;
        }
        try {
            BigDecimal seconds = new BigDecimal(sent.path("timestamp").asText().strip());
            // the digits of 1e-400000000 take minutes
            return seconds.scale() > LARGEST_SCALE
                    ? null
                    : (Long) seconds.movePointRight(3).setScale(0, RoundingMode.FLOOR).longValueExact();
        } catch (ArithmeticException | NumberFormatException e) {
            return null;
        }
    }
}
