package io.github.camellago.examples.kubernetes;

import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.github.camellago.api.LagoEventsRejectedException;
import io.github.camellago.api.LagoException;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.jackson.JacksonDataFormat;

/** Usage over HTTP: one event per request. The answer is 202 when Lago has the event, and 422 with the reason if it is rejected. */
final class UsageRoute extends RouteBuilder {

    @Override
    public void configure() {
        JacksonDataFormat json = new JacksonDataFormat(Map.class);
        // decimals keep all digits
        json.setEnableFeatures("USE_BIG_DECIMAL_FOR_FLOATS");
        onException(JsonProcessingException.class, LagoEventsRejectedException.class).handled(true)
                .removeHeaders("*").setHeader(Exchange.HTTP_RESPONSE_CODE, constant(422))
                .setBody(simple("${exception.message}"));
        onException(LagoException.class).handled(true)
                .removeHeaders("*").setHeader(Exchange.HTTP_RESPONSE_CODE, constant(503))
                .setBody(constant("not delivered, send it again"));

        // a route without authentication: allow access from your own services only
        from("platform-http:/usage?httpMethodRestrict=POST").routeId("usage")
                .unmarshal(json)
                // Lago recognizes an event that is sent again by its transaction_id
                .filter(usage -> !(usage.getMessage().getBody() instanceof Map<?, ?> event)
                        || event.get("transaction_id") == null || event.get("transaction_id").toString().isBlank())
                .removeHeaders("*").setHeader(Exchange.HTTP_RESPONSE_CODE, constant(422))
                .setBody(constant("transaction_id is missing")).stop()
                .end()
                .to("lago:events")
                .removeHeaders("*").setHeader(Exchange.HTTP_RESPONSE_CODE, constant(202)).setBody(constant("accepted"));
    }
}
