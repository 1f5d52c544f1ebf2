package io.github.camellago.examples.springboot;

import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.github.camellago.api.LagoEventsRejectedException;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.rest.RestBindingMode;
import org.springframework.stereotype.Component;

/**
 * Receives usage over REST, one event per request. The caller gets its answer after Lago has stored the event. If it gets no answer, it can
 * send the same transaction_id again, and is billed once.
 *
 * <p>The route has no authentication and bills any subscription that a caller names. Allow access only from your own services.
 */
@Component
class UsageRoutes extends RouteBuilder {

    @Override
    public void configure() {
        // the answer must not contain the request's headers: logs of answers would show credentials
        onException(LagoEventsRejectedException.class).handled(true)
                .removeHeaders("*")
                .setHeader(Exchange.HTTP_RESPONSE_CODE, constant(422))
                .setBody(exchange -> Map.of("rejected", exchange
                        .getProperty(Exchange.EXCEPTION_CAUGHT, LagoEventsRejectedException.class).getErrorDetails()));

        onException(JsonProcessingException.class).handled(true)
                .removeHeaders("*")
                .setHeader(Exchange.HTTP_RESPONSE_CODE, constant(400))
                .setBody(constant(Map.of("rejected", "not JSON")));

        restConfiguration().bindingMode(RestBindingMode.json).inlineRoutes(false);
        rest("/usage").consumes("application/json").produces("application/json").post().to("direct:usage");

        from("direct:usage").routeId("usage")
                .to("lago:events?batchInterval=200")
                // the caller gets neither the request's headers nor Lago's status
                .removeHeaders("*")
                .setBody(constant(Map.of("delivered", true)));
    }
}
