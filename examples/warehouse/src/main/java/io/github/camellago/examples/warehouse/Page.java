package io.github.camellago.examples.warehouse;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camellago.LagoConstants;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;

/**
 * Turns the records of a page into one JSON array. The variable {@code parents} gets the objects that the list belongs to, as a JSON
 * object with the names of their columns: {@code path_code} for the placeholder {@code {code}}.
 */
class Page implements Processor {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public void process(Exchange exchange) throws JsonProcessingException {
        Message message = exchange.getMessage();
        exchange.setVariable("parents", JSON.writeValueAsString(parents(message)));
        if (message.getBody() instanceof List<?> records) {
            message.setBody(records.stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]")));
        }
    }

    private static Map<String, Object> parents(Message message) {
        Map<String, Object> parents = new LinkedHashMap<>();
        message.getHeaders().forEach((name, value) -> {
            if (name.startsWith(LagoConstants.PATH_PREFIX)) {
                parents.put("path_" + name.substring(LagoConstants.PATH_PREFIX.length()), value);
            }
        });
        return parents;
    }
}
