package io.github.camellago.transform;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.camellago.client.Json;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.Message;
import org.apache.camel.spi.DataType;
import org.apache.camel.spi.DataTypeTransformer;
import org.apache.camel.spi.Transformer;

/**
 * Makes one of Lago's usage events of a CloudEvent: {@code source}, a slash and {@code id} become the transaction_id, {@code type} the
 * code, {@code subject} the external_subscription_id, {@code time} the timestamp, and the data the properties. The CloudEvent is a JSON object with a
 * {@code specversion}, or a message with Camel's CloudEvent headers or HTTP's {@code ce-} headers.
 */
@DataTypeTransformer(name = "lago:usage-event", description = "Makes one of Lago's usage events of a CloudEvent")
public class LagoEventDataTypeTransformer extends Transformer {

    private static final TypeReference<LinkedHashMap<String, Object>> FIELDS = new TypeReference<>() {
    };

    @Override
    public void transform(Message message, DataType from, DataType to) throws Exception {
        Map<String, Object> body = fields(message);
        boolean structured = body.containsKey("specversion");
        Map<String, Object> attributes = structured ? body : headers(message);
        Map<String, Object> event = new LinkedHashMap<>();
        Object id = required(attributes, "id");
        // ids are unique only within their source
        event.put("transaction_id", attributes.get("source") == null ? id : attributes.get("source") + "/" + id);
        event.put("external_subscription_id", required(attributes, "subject"));
        event.put("code", required(attributes, "type"));
        if (attributes.get("time") != null) {
            event.put("timestamp", seconds(attributes.get("time").toString()));
        }
        Object data = structured ? body.get("data") : body;
        if (data instanceof Map<?, ?> properties) {
            event.put("properties", properties);
        } else if (data != null) {
            throw new IllegalArgumentException(
                    "The CloudEvent's data is not a JSON object: it cannot be a usage event's properties");
        }
        message.setBody(event);
    }

    private static Map<String, Object> fields(Message message) throws IOException, InvalidPayloadException {
        Object body = message.getBody();
        if (body == null) {
            return Map.of();
        }
        if (body instanceof Map<?, ?> || body instanceof JsonNode) {
            return Json.mapper().convertValue(body, FIELDS);
        }
        InputStream json = message.getMandatoryBody(InputStream.class);
        byte[] bytes = json.readAllBytes();
        return bytes.length == 0 ? Map.of() : Json.mapper().readValue(bytes, FIELDS);
    }

    private static Map<String, Object> headers(Message message) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        attributes.put("id", header(message, CloudEvent.ID, "ce-id"));
        attributes.put("source", header(message, CloudEvent.SOURCE, "ce-source"));
        attributes.put("type", header(message, CloudEvent.TYPE, "ce-type"));
        attributes.put("subject", header(message, CloudEvent.SUBJECT, "ce-subject"));
        attributes.put("time", header(message, CloudEvent.TIME, "ce-time"));
        return attributes;
    }

    private static Object header(Message message, String camel, String http) {
        Object value = message.getHeader(camel);
        return value == null ? message.getHeader(http) : value;
    }

    private static Object required(Map<String, Object> attributes, String name) {
        Object value = attributes.get(name);
        if (value == null || value.toString().isBlank()) {
            throw new IllegalArgumentException(
                    "The CloudEvent has no " + name + ": a usage event takes its transaction_id from id,"
                            + " its external_subscription_id from subject and its code from type");
        }
        return value;
    }

    private static BigDecimal seconds(String time) {
        try {
            Instant instant = OffsetDateTime.parse(time).toInstant();
            return BigDecimal.valueOf(instant.getEpochSecond()).add(BigDecimal.valueOf(instant.getNano(), 9))
                    .stripTrailingZeros();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("The CloudEvent's time is not an RFC 3339 timestamp: " + time, e);
        }
    }
}
