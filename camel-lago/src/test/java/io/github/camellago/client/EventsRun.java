package io.github.camellago.client;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.github.camellago.api.LagoEventsRejectedException;
import io.github.camellago.api.LagoEventsReport;
import io.github.camellago.api.RejectedEvent;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;

/** Sends events. If an exchange fails, what it has left behind is sent again, as a dead letter would be. */
final class EventsRun extends MatrixRun {

    /** How events come. */
    enum Form {
        ONE(1, false), LIST(250, true), LINES(120, true), DELIVERED(12, false), RECEIVED(12, false);

        private final int count;
        private final boolean oneIsBad;

        Form(int count, boolean oneIsBad) {
            this.count = count;
            this.oneIsBad = oneIsBad;
        }

        private boolean isBad(int number) {
            return oneIsBad && number == count / 2;
        }
    }

    private final Form form;
    private final ExecutorService threads;

    /** @param threads sends messages that wait for each other in a batch */
    EventsRun(World world, Form form, Cell cell, String id, ExecutorService threads) {
        super(world, "events " + form, cell, id);
        this.form = form;
        this.threads = threads;
    }

    static RouteBuilder routes() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(defaultErrorHandler().logExhausted(false));
                String uri = "lago:events?" + OPTIONS;
                from("direct:ONE").toD(uri);
                from("direct:LIST").toD(uri);
                from("direct:LINES").errorHandler(defaultErrorHandler().maximumRedeliveries(-1).redeliveryDelay(0)
                        .logExhausted(false)).toD(uri + "&onRejected=report");
                from("direct:DELIVERED").toD(uri + "&batchSize=12&batchInterval=20&acknowledge=delivered");
                from("direct:RECEIVED").toD(uri + "&batchSize=12&batchInterval=1000&acknowledge=received");
            }
        };
    }

    @Override
    void prepare() {}

    @Override
    void work() throws Exception {
        List<Object> events = new ArrayList<>();
        IntStream.range(0, form.count).forEach(i -> events.add(event(i)));
        switch (form) {
            case ONE -> deliver(events.get(0));
            case LIST -> deliver(events);
            case LINES -> deliver(lines(events));
            default -> {
                List<Callable<Void>> messages = new ArrayList<>();
                events.forEach(event -> messages.add(() -> {
                    deliver(event);
                    return null;
                }));
                for (Future<Void> message : threads.invokeAll(messages)) {
                    message.get();
                }
            }
        }
    }

    private void deliver(Object body) {
        Object left = body;
        while (left != null) {
            left = send(left);
        }
    }

    /** Sends a body and returns what is left to send, or null. */
    private Object send(Object body) {
        Exchange exchange = world.template().request("direct:" + form, e -> {
            e.getMessage().setBody(body);
            headers().forEach(e.getMessage()::setHeader);
        });
        if (exchange.getException() == null) {
            if (exchange.getMessage().getBody() instanceof LagoEventsReport report) {
                good(report).forEach(event -> lost.add("reported as rejected: " + event));
            }
            return null;
        }
        if (exchange.getException() instanceof LagoEventsRejectedException rejected) {
            List<Object> again = good(rejected.getReport());
            return again.isEmpty() ? null : again;
        }
        return exchange.getMessage().getBody();
    }

    private List<Object> good(LagoEventsReport report) {
        return report.rejected().stream().map(RejectedEvent::event).filter(event -> !String.valueOf(event).contains("bad"))
                .toList();
    }

    /** Every second event gets its transaction_id and timestamp from the component. */
    private Map<String, Object> event(int number) {
        if (form.isBad(number)) {
            return Map.of("transaction_id", "bad-" + id, "external_subscription_id", "sub", "code", "calls", "timestamp", "?");
        }
        Map<String, Object> properties = Map.of("name", name(number));
        return number % 2 == 0
                ? Map.of("external_subscription_id", "sub", "code", "calls", "properties", properties)
                : Map.of("external_subscription_id", "sub", "code", "calls", "properties", properties, "transaction_id",
                        name(number), "timestamp", 1_760_000_000L + number);
    }

    /** JSON lines. The bad one is truncated. */
    private static byte[] lines(List<Object> events) throws JsonProcessingException {
        StringBuilder lines = new StringBuilder();
        for (Object event : events) {
            String line = Json.mapper().writeValueAsString(event);
            lines.append(line.contains("\"bad") ? "{\"transaction_id\":\"bad" : line).append('\n');
        }
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    private String name(int number) {
        return id + '-' + number;
    }

    /** Whether Lago has all events. */
    boolean isStored(MatrixState state) {
        return IntStream.range(0, form.count).allMatch(i -> form.isBad(i) || state.count("events", name(i)) > 0);
    }

    @Override
    void judge(MatrixState state) {
        for (int i = 0; i < form.count; i++) {
            int stored = state.count("events", name(i));
            if (stored == 0 && !form.isBad(i)) {
                lost.add("event " + i);
            } else if (stored > 1) {
                doubled.add("event " + i);
            }
        }
    }
}
