package io.github.camellago.examples.kafka;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;

/** Records to events. */
final class UsageRecords {

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    private static final TypeReference<Map<String, Object>> EVENT = new TypeReference<>() {
    };

    private UsageRecords() {}

    /** The batch's records in the body as events. */
    static void toEvents(Exchange batch) {
        List<Object> events = new ArrayList<>();
        for (Object record : batch.getMessage().getBody(List.class)) {
            events.add(toEvent(((Exchange) record).getMessage()));
        }
        batch.getMessage().setBody(events);
    }

    /**
     * A record as an event. Where it has no transaction_id it gets its place in Kafka for one, and Kafka's timestamp where it has none: the same whoever
     * reads it, and however often.
     */
    private static Object toEvent(Message record) {
        String json = record.getBody(String.class);
        try {
            Map<String, Object> event = JSON.readValue(json, EVENT);
            if (event == null) {
                return json;
            }
            event.putIfAbsent("transaction_id", record.getHeader(KafkaConstants.TOPIC) + "-"
                    + record.getHeader(KafkaConstants.PARTITION) + "-" + record.getHeader(KafkaConstants.OFFSET));
            // Kafka has milliseconds, Lago takes seconds
            event.putIfAbsent("timestamp", BigDecimal.valueOf(record.getHeader(KafkaConstants.TIMESTAMP, Long.class), 3));
            return event;
        } catch (JsonProcessingException | IllegalArgumentException e) {
            // is rejected as what it is
            return json == null ? "" : json;
        }
    }
}
