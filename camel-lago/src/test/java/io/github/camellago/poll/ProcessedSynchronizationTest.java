package io.github.camellago.poll;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

import io.github.camellago.api.LagoObserver.Reader;
import io.github.camellago.catalog.RecordType;
import io.github.camellago.client.GuardedObserver;
import io.github.camellago.operation.EndpointSettings;
import io.github.camellago.poll.Reading.Claim;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Which exchanges count as processed. */
class ProcessedSynchronizationTest {

    private final List<String> ends = new ArrayList<>();
    private final List<String> messages = new ArrayList<>();
    private final PollMetrics metrics = new PollMetrics(GuardedObserver.NONE, new Reader("route", "customers"),
            RecordType.UNKNOWN);
    private boolean mayReadOn = true;
    private boolean storeFails;
    private int ended;

    @Test
    void anExchangeThatCompletesIsProcessed() {
        complete(exchange -> {});
        assertThat(ends).containsExactly("processed");
        assertThat(ended).isEqualTo(1);
        metrics.failed();
        assertThat(metrics.onlyFailed()).isFalse();
    }

    @Test
    void aStoreThatFailsIsReported() {
        storeFails = true;
        complete(exchange -> {});
        assertThat(ends).containsExactly("reported");
        assertThat(messages).containsExactly(
                "Cannot store that a record of customers was processed; the next poll delivers it again");
    }

    @Test
    void failuresAreCountedAndReported() {
        fail(new IllegalStateException());
        assertThat(ended).isEqualTo(1);
        assertThat(metrics.onlyFailed()).isTrue();
        assertThat(messages).containsExactly("Error processing customers; the next poll delivers it again");
        synchronization().abandon();
        assertThat(ended).isEqualTo(2);
        assertThat(metrics.onlyFailed()).isTrue();
    }

    @Test
    void anExchangeThatIsRolledBackHasFailed() {
        complete(exchange -> exchange.setRollbackOnly(true));
        complete(exchange -> exchange.setRollbackOnlyLast(true));
        assertThat(ends).containsExactly("failed", "failed");
    }

    @Test
    void anExchangeThatNobodyProcessesHasFailed() {
        synchronization().abandon();
        assertThat(ends).containsExactly("failed");
    }

    @Test
    void aStoppedConsumerDoesNotReportWhatTheStoppedRouteRefuses() {
        for (boolean running : new boolean[]{true, false}) {
            ends.clear();
            mayReadOn = running;
            fail(new RejectedExecutionException());
            assertThat(ends).containsExactlyElementsOf(running ? List.of("failed", "reported") : List.of("failed"));
            ends.clear();
            fail(new IllegalStateException());
            assertThat(ends).containsExactly("failed", "reported");
        }
    }

    private void fail(Exception exception) {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.setException(exception);
        synchronization().onFailure(exchange);
    }

    private void complete(Consumer<Exchange> route) {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        route.accept(exchange);
        synchronization().onComplete(exchange);
    }

    private ProcessedSynchronization synchronization() {
        PollContext consumer = (PollContext) Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[]{PollContext.class},
                (proxy, method, args) -> switch (method.getName()) {
                    case "mayReadOn" -> mayReadOn;
                    case "reportError" -> {
                        ends.add("reported");
                        messages.add((String) args[0]);
                        yield null;
                    }
                    case "ended" -> {
                        ended++;
                        yield null;
                    }
                    case "settings" -> new EndpointSettings(null, "customers", null, null, null, 0, null, null, null);
                    default -> null;
                });
        return new ProcessedSynchronization(consumer, metrics, List.of(new Claim() {
            @Override
            public void processed() {
                if (storeFails) {
                    throw new IllegalStateException("no store");
                }
                ends.add("processed");
            }

            @Override
            public void failed() {
                ends.add("failed");
            }
        }), PollMetrics.NEVER);
    }
}
