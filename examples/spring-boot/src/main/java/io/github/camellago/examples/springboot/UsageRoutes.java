package io.github.camellago.examples.springboot;

import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.github.camellago.api.LagoEventsRejectedException;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.rest.RestBindingMode;
import org.springframework.stereotype.Component;

/**
 * Usage comes in over REST, one event at a time; what comes while other events are under way goes to Lago in batches. A caller is answered when its event is delivered; one
 * that sends the same transaction_id again, having got no answer, is not billed twice.
 */
@Component
class UsageRoutes extends RouteBuilder {

    @Override
    public void configure() {
        onException(LagoEventsRejectedException.class).handled(true)
                .setHeader(Exchange.HTTP_RESPONSE_CODE, constant(422))
                .setBody(exchange -> Map.of("rejected", exchange
                        .getProperty(Exchange.EXCEPTION_CAUGHT, LagoEventsRejectedException.class).getErrorDetails()));

        onException(JsonProcessingException.class).handled(true)
                .setHeader(Exchange.HTTP_RESPONSE_CODE, constant(400))
                .setBody(constant(Map.of("rejected", "not JSON")));

        restConfiguration().bindingMode(RestBindingMode.json).inlineRoutes(false);
        rest("/usage").consumes("application/json").produces("application/json").post().to("direct:usage");

        from("direct:usage").routeId("usage")
                .to("lago:events?batchInterval=200")
                // Lago's status, 422 for an event that it has already, is not the caller's
                .removeHeader(Exchange.HTTP_RESPONSE_CODE)
                .setBody(constant(Map.of("delivered", true)));
    }
}
