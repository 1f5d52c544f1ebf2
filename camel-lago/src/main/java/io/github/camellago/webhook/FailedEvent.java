package io.github.camellago.webhook;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.camellago.client.Binding;
import io.github.camellago.client.Json;

/**
 * An event that Lago has accepted and does not bill, as a webhook reports it. {@code event.error} contains one event and its error.
 * {@code events.errors} contains transaction_ids by reason, and nothing else of the events.
 *
 * @param transactionId        the event's transaction_id
 * @param reason               why Lago does not bill the event
 * @param code                 the event's code, or null if the webhook does not contain it
 * @param externalSubscription the event's external_subscription_id, or null if the webhook does not contain it
 * @param json                 what the webhook contains of the event
 */
record FailedEvent(String transactionId, String reason, String code, String externalSubscription, byte[] json) {

    private static final Set<String> TYPES = Set.of("event.error", "events.errors");
    private static final String ID = "transaction_id";

    /**
     * The failed events in a webhook, in its order. Empty if it is a webhook of another type, or names no event in a known form.
     *
     * @param objectType the key of the webhook's object
     * @param webhook    its body
     */
    static List<FailedEvent> in(String type, String objectType, byte[] webhook) throws IOException {
        List<FailedEvent> events = new ArrayList<>();
        if (!TYPES.contains(type) || objectType == null) {
            return events;
        }
        JsonNode object = Json.mapper().readTree(webhook).path(objectType);
        if (object.path("event").path(ID).isTextual()) {
            events.add(of(object.get("event"), reason(object)));
            return events;
        }
        object.properties().forEach(reason -> reason.getValue().forEach(id -> {
            if (id.isTextual()) {
                events.add(of(Json.mapper().createObjectNode().put(ID, id.asText()), reason.getKey()));
            }
        }));
        return events;
    }

    /** The content of the event in the webhook, in the requested type. */
    Object body(Binding binding) throws IOException {
        try (JsonParser parser = Json.mapper().getFactory().createParser(json)) {
            parser.nextToken();
            return binding.read(parser, json);
        }
    }

    private static FailedEvent of(JsonNode event, String reason) {
        return new FailedEvent(event.get(ID).asText(), reason, event.path("code").asText(null),
                event.path("external_subscription_id").asText(null), event.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** The error is an object of reasons by field, or the JSON text of one. */
    private static String reason(JsonNode object) {
        JsonNode message = object.path("message");
        JsonNode error = message.isTextual() ? parsed(message.asText()) : message;
        StringJoiner reasons = new StringJoiner("; ");
        error.properties().forEach(field -> reasons.add(field.getKey() + ": " + words(field.getValue())));
        return reasons.length() > 0 ? reasons.toString() : message.asText(object.path("error").asText());
    }

    private static String words(JsonNode reasons) {
        StringJoiner words = new StringJoiner(", ");
        (reasons.isArray() ? reasons : List.of(reasons)).forEach(word -> words.add(word.asText(word.toString())));
        return words.toString();
    }

    private static JsonNode parsed(String text) {
        try {
            return Json.mapper().readTree(text);
        } catch (JsonProcessingException e) {
            return Json.mapper().missingNode();
        }
    }
}
