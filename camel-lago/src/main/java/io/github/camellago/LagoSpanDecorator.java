package io.github.camellago;

import java.net.URI;
import java.util.Map;

import io.github.camellago.api.LagoException;
import io.github.camellago.catalog.BoundOperation;
import io.github.camellago.catalog.Resource;
import io.github.camellago.client.CallName;
import io.github.camellago.operation.CallOptions;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.telemetry.Span;
import org.apache.camel.telemetry.TagConstants;
import org.apache.camel.telemetry.decorators.AbstractSpanDecorator;

/**
 * Names the spans of Camel's tracers by Lago's operation and resource ({@code list invoices}), and records the outcome of the call. Ids,
 * filters and keys stand neither in names nor in attributes. Found by Camel's tracers by itself.
 */
public class LagoSpanDecorator extends AbstractSpanDecorator {

    static final String RESOURCE = "lago.resource";
    static final String OPERATION = "lago.operation";
    static final String ERROR_CODE = "lago.error.code";
    static final String ERROR_TYPE = "error.type";

    @Override
    public String getComponent() {
        return "lago";
    }

    @Override
    public String getComponentClassName() {
        return "io.github.camellago.LagoComponent";
    }

    @Override
    public String getOperationName(Exchange exchange, Endpoint endpoint) {
        CallName call = callName((LagoEndpoint) endpoint, exchange);
        return call.operation() + ' ' + call.resource();
    }

    private static CallName callName(LagoEndpoint endpoint, Exchange exchange) {
        Resource target = endpoint.target();
        String wanted = CallOptions.operation(endpoint.settings(), exchange.getMessage());
        boolean polled = exchange.getFromEndpoint() == endpoint && exchange.getFromRouteId() != null;
        BoundOperation byDefault = polled ? target.reading() : target.byDefault();
        BoundOperation bound = wanted == null ? byDefault : target.operation(wanted);
        return bound != null
                ? CallName.of(bound)
                : new CallName(CallName.of(target.operations().get(0)).resource(), "unknown");
    }

    @Override
    public void beforeTracingEvent(Span span, Exchange exchange, Endpoint endpoint) {
        LagoEndpoint lago = (LagoEndpoint) endpoint;
        CallName call = callName(lago, exchange);
        span.setComponent("camel-lago");
        span.setTag(TagConstants.URL_SCHEME, lago.getComponent().name());
        span.setTag(TagConstants.EXCHANGE_ID, exchange.getExchangeId());
        span.setTag(TagConstants.SERVER_ADDRESS, URI.create(lago.getServiceUrl()).getHost());
        span.setTag(TagConstants.SERVER_PROTOCOL, lago.getServiceProtocol());
        span.setTag(RESOURCE, call.resource());
        span.setTag(OPERATION, call.operation());
    }

    @Override
    public void afterTracingEvent(Span span, Exchange exchange) {
        if (exchange.isFailed()) {
            span.setError(true);
            Exception error = exchange.getException();
            // a message names the path, and that the object's id
            if (error instanceof LagoException lago) {
                if (lago.getStatusCode() > 0) {
                    span.setTag(TagConstants.HTTP_STATUS, String.valueOf(lago.getStatusCode()));
                }
                if (lago.getCode() != null) {
                    span.setTag(ERROR_CODE, lago.getCode());
                }
            }
            if (error != null) {
                span.setTag(ERROR_TYPE, error.getClass().getName());
                span.log(Map.of("event", "error", "error.kind", error.getClass().getSimpleName()));
            }
        }
    }
}
