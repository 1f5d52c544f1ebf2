package io.github.camellago.poll;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

import io.github.camellago.QuietExceptionHandler;
import io.github.camellago.RouteTestSupport;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.RouteDefinition;

import static org.awaitility.Awaitility.await;

/** A route that polls customers, and what it got. */
public abstract class PollingTestSupport extends RouteTestSupport {

    final List<String> got = new CopyOnWriteArrayList<>();

    protected final List<Map<String, Object>> add(int count) {
        return IntStream.range(0, count).mapToObj(i -> sandbox.add("customers", Map.of("external_id", "x" + i))).toList();
    }

    protected final void from(String uri, Processor processor) throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                RouteDefinition reading = from(uri).routeId("reading");
                reading.process(processor);
            }
        });
    }

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext context = super.createCamelContext();
        context.getRegistry().bind("quiet", new QuietExceptionHandler());
        return context;
    }

    protected static String name(Exchange exchange) {
        return (String) exchange.getMessage().getBody(Map.class).get("external_id");
    }

    protected final void polls(int count) {
        long from = begun();
        await().until(() -> begun() > from + count);
    }

    private long begun() {
        return sandbox.requests().stream().filter(r -> (r.query() + '&').contains("page=1&")).count();
    }
}
