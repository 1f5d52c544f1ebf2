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

/** Converts records to usage events. */
final class UsageRecords {

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    private static final TypeReference<Map<String, Object>> EVENT = new TypeReference<>() {
    };

    private UsageRecords() {}

    /** Replaces the records in the body by usage events. */
    static void toEvents(Exchange batch) {
        List<Object> events = new ArrayList<>();
        for (Object record : batch.getMessage().getBody(List.class)) {
            events.add(toEvent(((Exchange) record).getMessage()));
        }
        batch.getMessage().setBody(events);
    }

    /**
     * Converts a record to an event. A missing transaction_id is set to the record's topic, partition and offset, and a missing timestamp to
     * Kafka's timestamp. So an event that is read again has the same values.
     */
    private static Object toEvent(Message record) {
        String json = record.getBody(String.class);
        try {
            Map<String, Object> event = JSON.readValue(json, EVENT);
            if (event == null) {
                return json;
            }
            // a blank field is missing, too
            event.values().removeIf(value -> value instanceof String text && text.isBlank());
            event.putIfAbsent("transaction_id", record.getHeader(KafkaConstants.TOPIC) + "-"
                    + record.getHeader(KafkaConstants.PARTITION) + "-" + record.getHeader(KafkaConstants.OFFSET));
            // Kafka has milliseconds, Lago takes seconds
            event.putIfAbsent("timestamp", BigDecimal.valueOf(record.getHeader(KafkaConstants.TIMESTAMP, Long.class), 3));
            return event;
        } catch (JsonProcessingException | IllegalArgumentException e) {
            // lago:events rejects the text
            return json == null ? "" : json;
        }
    }
}
