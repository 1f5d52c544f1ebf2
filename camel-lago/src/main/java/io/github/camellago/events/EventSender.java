package io.github.camellago.events;

import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;

import io.github.camellago.LagoConfiguration;
import io.github.camellago.LagoConstants;
import io.github.camellago.OnRejected;
import io.github.camellago.api.LagoEventsRejectedException;
import io.github.camellago.api.LagoEventsReport;
import io.github.camellago.api.RateLimit;
import io.github.camellago.catalog.BoundOperation;
import io.github.camellago.client.LagoClient;
import io.github.camellago.client.LagoResponse;
import io.github.camellago.events.PendingDeliveries.Delivery;
import io.github.camellago.events.PendingDeliveries.Recipient;
import io.github.camellago.operation.EndpointSettings;
import io.github.camellago.operation.MdcExecutor;
import io.github.camellago.operation.ResponseHeaders;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** Delivers the usage events of a message, and reports the results. */
public final class EventSender implements AutoCloseable {

    private final Endpoint endpoint;
    private final EndpointSettings settings;
    private final LagoClient client;
    private final PendingDeliveries deliveries;
    private final References references;
    private final ExecutorService executor;
    private final TransactionIdSeed seed;
    private final Recipient recipient;
    private final BatchResolver batches;
    private final BatchResolver singles;

    /** @param references what Lago has of that events refer to, or null if this is not checked */
    public EventSender(Endpoint endpoint, EndpointSettings settings, LagoClient client, PendingDeliveries deliveries,
            References references) {
        this.endpoint = endpoint;
        this.settings = settings;
        this.client = client;
        this.deliveries = deliveries;
        this.references = references;
        this.seed = new TransactionIdSeed();
        this.recipient = new Recipient(endpoint, client.ownKey());
        this.batches = new BatchResolver(client, false);
        this.singles = new BatchResolver(client, true);
        this.executor = endpoint.getCamelContext().getExecutorServiceManager().newCachedThreadPool(this, "LagoEvents");
        ExchangePaths.follow(endpoint.getCamelContext());
    }

    private EventSender(EventSender sender, LagoClient client) {
        this.endpoint = sender.endpoint;
        this.settings = sender.settings;
        this.client = client;
        this.deliveries = sender.deliveries;
        this.references = sender.references;
        this.seed = sender.seed.with(client.ownKey());
        this.recipient = new Recipient(endpoint, client.ownKey());
        this.batches = new BatchResolver(client, false);
        this.singles = new BatchResolver(client, true);
        this.executor = sender.executor;
    }

    /** This sender for the calls of one message, which may have an API key of its own. */
    public EventSender with(LagoClient other) {
        return other == client ? this : new EventSender(this, other);
    }

    /** Whether an operation sends usage events. */
    public static boolean serves(BoundOperation bound) {
        String path = bound.operation().path().toString();
        return bound.operation().method().equals("POST") && (path.equals("events") || path.equals("events/batch"));
    }

    public void send(Exchange exchange, BoundOperation bound) throws IOException {
        Message message = exchange.getMessage();
        Object body = message.getBody();
        LagoConfiguration configuration = settings.configuration();
        EventsSession session = deliveries.find(exchange, recipient, body, EventsSession.class);
        if (session == null) {
            session = open(exchange, body, bound);
        }
        LagoEventsReport report;
        try {
            report = run(session);
        } catch (RuntimeException e) {
            failed(exchange, bound, body, session, e);
            throw e;
        }
        message.setBody(report);
        headers(exchange, bound, session, report);
        if (!report.rejected().isEmpty() && configuration.getOnRejected() == OnRejected.FAIL) {
            deliveries.keep(exchange, new Delivery(recipient, body, report, session), !session.isInMemory());
            throw new LagoEventsRejectedException(report, path(bound));
        }
        deliveries.remove(exchange, session);
        seed.completed(exchange);
    }

    /**
     * Runs a delivery.
     *
     * @throws RuntimeException if Lago could not be reached or failed, or if the events could not be read
     */
    public LagoEventsReport run(EventsSession session) {
        return run(session, references);
    }

    /** Like {@link #run}, for events whose references have been checked. */
    public LagoEventsReport runChecked(EventsSession session) {
        return run(session, null);
    }

    private LagoEventsReport run(EventsSession session, References unchecked) {
        return session.run(EventsSession.Settings.of(settings.configuration(), unchecked),
                session.isSingle() ? singles : batches, client.observer(), executor());
    }

    /** Finds the events in a body. */
    EventInput read(Exchange exchange, Object body) throws IOException {
        return EventInput.of(exchange, body, seed);
    }

    /** For calls that are made concurrently. */
    Executor executor() {
        return MdcExecutor.wrap(executor);
    }

    private EventsSession open(Exchange exchange, Object body, BoundOperation bound) throws IOException {
        EventInput input = read(exchange, body);
        boolean single = input.single() && bound.name().equals("create");
        return new EventsSession(input.events(), single, input.inMemory(), true, (item, stored) -> {});
    }

    /** Leaves in the body what is not delivered, in a form that is harmless to send again. */
    private void failed(Exchange exchange, BoundOperation bound, Object body, EventsSession session, RuntimeException e) {
        LagoEventsReport report = session.report();
        headers(exchange, bound, session, report);
        if (!report.rejected().isEmpty()) {
            e.addSuppressed(new LagoEventsRejectedException(report, path(bound)));
        }
        if (session.isInMemory() && session.sourceFailed()) {
            // after a second reading, the events that were delivered are duplicates
            deliveries.remove(exchange, session);
            return;
        }
        Object left = session.undelivered();
        exchange.getMessage().setBody(left);
        deliveries.keep(exchange, new Delivery(recipient, body, left, session), !session.isInMemory());
    }

    private static String path(BoundOperation bound) {
        return bound.operation().path().toString();
    }

    private void headers(Exchange exchange, BoundOperation bound, EventsSession session, LagoEventsReport report) {
        Message message = exchange.getMessage();
        message.setHeader(LagoConstants.EVENTS_ACCEPTED, report.accepted());
        message.setHeader(LagoConstants.EVENTS_DUPLICATE, report.duplicate());
        message.setHeader(LagoConstants.EVENTS_REJECTED, (long) report.rejected().size());
        LagoResponse last = session.lastAnswer();
        ResponseHeaders.set(exchange, settings.resource(), null, session.lastStatus(),
                last == null ? RateLimit.UNKNOWN : last.rate());
    }

    @Override
    public void close() {
        // Camel has waited for the exchanges in flight before
        endpoint.getCamelContext().getExecutorServiceManager().shutdownNow(executor);
    }
}
