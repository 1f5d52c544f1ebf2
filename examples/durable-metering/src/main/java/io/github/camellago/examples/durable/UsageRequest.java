package io.github.camellago.examples.durable;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.camel.Exchange;

/** Converts an HTTP request to a message. */
final class UsageRequest {

    private static final ObjectMapper JSON = JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private UsageRequest() {}

    /** A request that is wrong, and stays wrong if the client repeats it. */
    static final class Invalid extends Exception {
        private static final long serialVersionUID = 1L;

        Invalid(String message) {
            super(message);
        }
    }

    /**
     * Checks the event, or each event of a list, and dates those without a timestamp. The client gives the transaction_id: it repeats a request whose
     * answer is lost, and Lago recognizes the event only by this id.
     */
    static void toMessage(Exchange exchange) throws Invalid, IOException {
        JsonNode given;
        try {
            given = JSON.readTree(exchange.getMessage().getBody(byte[].class));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new Invalid("The body is not JSON");
        }
        if (given == null || given.isEmpty()) {
            throw new Invalid("The body has no event");
        }
        Iterable<JsonNode> events = given.isArray() ? given : List.of(given);
        for (JsonNode event : events) {
            if (!(event instanceof ObjectNode object) || event.path("transaction_id").asText().isBlank()) {
                throw new Invalid("An event has no transaction_id");
            }
            if (!event.hasNonNull("timestamp")) {
                object.put("timestamp", BigDecimal.valueOf(System.currentTimeMillis(), 3));
            }
        }
        exchange.getMessage().removeHeaders("*");
        exchange.getMessage().setBody(JSON.writeValueAsBytes(given));
    }
}
