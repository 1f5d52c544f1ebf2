package io.github.camellago.transform;

import java.time.Instant;
import java.util.Map;

import io.github.camellago.LagoConstants;
import org.apache.camel.Message;
import org.apache.camel.spi.DataType;
import org.apache.camel.spi.DataTypeTransformer;
import org.apache.camel.spi.Transformer;

/**
 * Makes a CloudEvent of a record that was read from Lago, or of a webhook: the attributes go into headers, the body stays. The type
 * is {@code io.github.camellago.event.} and the resource, or the webhook's type; the subject is the object's own id.
 */
@DataTypeTransformer(name = "lago:application-cloudevents", description = "Adds CloudEvent headers to a message that was read from Lago")
public class LagoCloudEventDataTypeTransformer extends Transformer {

    private static final String TYPES = "io.github.camellago.event.";

    @Override
    public void transform(Message message, DataType from, DataType to) {
        Map<String, Object> headers = message.getHeaders();
        Object resource = headers.getOrDefault(LagoConstants.RESOURCE, "webhooks");
        headers.putIfAbsent(CloudEvent.ID,
                headers.getOrDefault(LagoConstants.WEBHOOK_UNIQUE_KEY, message.getExchange().getExchangeId()));
        headers.putIfAbsent(CloudEvent.SPEC_VERSION, "1.0");
        headers.putIfAbsent(CloudEvent.TYPE, TYPES + headers.getOrDefault(LagoConstants.WEBHOOK_TYPE, resource));
        headers.putIfAbsent(CloudEvent.SOURCE, "lago." + resource);
        headers.putIfAbsent(CloudEvent.TIME, Instant.ofEpochMilli(message.getExchange().getClock().getCreated()).toString());
        headers.putIfAbsent(CloudEvent.CONTENT_TYPE, "application/json");
        if (headers.containsKey(LagoConstants.ID)) {
            headers.putIfAbsent(CloudEvent.SUBJECT, headers.get(LagoConstants.ID));
        }
    }
}
