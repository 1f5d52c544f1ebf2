package io.github.camellago.events;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.github.camellago.Acknowledge;
import io.github.camellago.LagoConfiguration;
import io.github.camellago.client.GuardedObserver;
import io.github.camellago.operation.EndpointSettings;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.DefaultProducer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** An aggregator with a clock that the test sets, and batches that wait for the permits of the test. */
abstract class EventAggregatorTestSupport extends BatchTestSupport {

    static final int INTERVAL = 20;
    static final int PAUSE = 50;

    final AtomicLong now = new AtomicLong(TimeUnit.DAYS.toNanos(9));
    final DefaultCamelContext context = new DefaultCamelContext();
    final LagoConfiguration options = new LagoConfiguration();
    /** A batch that is sent waits for a permit. */
    final Semaphore permits = new Semaphore(0);
    final List<Exchange> sentAlone = new CopyOnWriteArrayList<>();
    final List<Boolean> checked = new CopyOnWriteArrayList<>();
    RuntimeException senderFailure;
    Throwable deliveryFailure;
    /** What Lago has of that events refer to, null if this is not checked. */
    References references;
    EventAggregator aggregator;
    DefaultProducer sender;

    @BeforeEach
    void create() {
        options.setBatchInterval(INTERVAL);
        options.setBatchSize(3);
        options.setConcurrentBatches(2);
        options.setMaxRetryDelay(PAUSE);
        context.start();
        context.getShutdownStrategy().setTimeout(30);
    }

    @AfterEach
    void close() throws Exception {
        permits.release(1_000);
        if (aggregator != null) {
            now.addAndGet(TimeUnit.MINUTES.toNanos(2));
            aggregator.stop();
        }
        context.close();
    }

    void start(Acknowledge acknowledge) throws Exception {
        prepare(acknowledge);
        aggregator.start();
    }

    void prepare(Acknowledge acknowledge) {
        options.setAcknowledge(acknowledge);
        EndpointSettings settings = new EndpointSettings("lago:events", "events", null, null, null, 1, Map.of(), Map.of(),
                options);
        sender = new DefaultProducer(context.getEndpoint("mock:events")) {
            @Override
            public void process(Exchange exchange) {
                sentAlone.add(exchange);
                if (senderFailure != null) {
                    throw senderFailure;
                }
            }
        };
        aggregator = new EventAggregator(context.getEndpoint("mock:events"), settings, sender, this::deliver, () -> references,
                now::get, new HashSet<>());
    }

    void deliver(EventsSession session, boolean unchecked) {
        checked.add(!unchecked);
        permits.acquireUninterruptibly();
        if (deliveryFailure instanceof Error error) {
            throw error;
        }
        if (deliveryFailure instanceof RuntimeException failure) {
            throw failure;
        }
        session.run(EventsSession.Settings.of(options, null), resolver, GuardedObserver.NONE, Runnable::run);
    }

    /** A message, and whether it has completed. */
    record Sent(Exchange exchange, boolean atOnce, CompletableFuture<Exchange> done) {

        Exchange get() throws Exception {
            return done.get(30, TimeUnit.SECONDS);
        }
    }

    Sent send(Object body) {
        return send(body, null);
    }

    Sent send(Object body, String operation) {
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(body);
        exchange.getMessage().setHeader("CamelLagoOperation", operation);
        CompletableFuture<Exchange> done = new CompletableFuture<>();
        boolean atOnce = aggregator.process(exchange,
                sync -> assertThat(done.complete(exchange)).as("completed once").isTrue());
        return new Sent(exchange, atOnce, done);
    }

    static Map<String, Object> event(String id) {
        return Map.of("transaction_id", id, "code", "c", "external_subscription_id", "s");
    }

    List<Sent> sendAll(String... ids) {
        List<Sent> sent = new ArrayList<>();
        for (String id : ids) {
            sent.add(send(event(id)));
        }
        return sent;
    }

    void pass(long millis) {
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    void inFlight(int batches) {
        await().until(() -> permits.getQueueLength() == batches);
    }

    void staysInFlight(int batches) {
        await().during(Duration.ofMillis(200)).until(() -> permits.getQueueLength() == batches);
    }
}
