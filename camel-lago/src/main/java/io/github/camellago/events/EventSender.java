package io.github.camellago.events;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.concurrent.ExecutorService;

import io.github.camellago.LagoConfiguration;
import io.github.camellago.LagoConstants;
import io.github.camellago.OnRejected;
import io.github.camellago.api.JsonBody;
import io.github.camellago.api.LagoEventsRejectedException;
import io.github.camellago.api.LagoEventsReport;
import io.github.camellago.api.RateLimit;
import io.github.camellago.catalog.BoundOperation;
import io.github.camellago.client.LagoClient;
import io.github.camellago.client.LagoResponse;
import io.github.camellago.events.PendingDeliveries.Delivery;
import io.github.camellago.operation.EndpointSettings;
import io.github.camellago.operation.MdcExecutor;
import io.github.camellago.operation.RequestBody;
import io.github.camellago.operation.ResponseHeaders;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.StreamCache;
import org.apache.camel.support.SynchronizationAdapter;
import org.apache.camel.util.IOHelper;

/** Delivers the usage events of a message, and reports the results. */
public final class EventSender implements AutoCloseable {

    private final Endpoint endpoint;
    private final EndpointSettings settings;
    private final LagoClient client;
    private final PendingDeliveries deliveries;
    private final ExecutorService executor;
    private final TransactionIdSeed seed = new TransactionIdSeed();
    private final BatchResolver batches;
    private final BatchResolver singles;

    public EventSender(Endpoint endpoint, EndpointSettings settings, LagoClient client, PendingDeliveries deliveries) {
        this.endpoint = endpoint;
        this.settings = settings;
        this.client = client;
        this.deliveries = deliveries;
        this.batches = new BatchResolver(client, false);
        this.singles = new BatchResolver(client, true);
        this.executor = endpoint.getCamelContext().getExecutorServiceManager().newCachedThreadPool(this, "LagoEvents");
        ExchangePaths.follow(endpoint.getCamelContext());
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
        EventsSession session = deliveries.find(exchange, endpoint, body);
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
            deliveries.keep(exchange, new Delivery(endpoint, body, report, session), !session.isInMemory());
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
        return session.run(EventsSession.Settings.of(settings.configuration()), session.isSingle() ? singles : batches,
                client.observer(), MdcExecutor.wrap(executor));
    }

    private EventsSession open(Exchange exchange, Object body, BoundOperation bound) throws IOException {
        EventSource source = EventSource.of(text(exchange, body));
        if (source.resources() != null) {
            exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
                @Override
                public void onDone(Exchange done) {
                    try {
                        source.resources().close();
                    } catch (Exception e) {
                        throw new IllegalStateException("The events' source cannot be closed", e);
                    }
                }
            });
        }
        boolean single = source.single() && bound.name().equals("create");
        return new EventsSession(new Items(exchange, seed, source), single, source.inMemory(), EventCounter.Listener.NONE);
    }

    /** Text as UTF-8 bytes, or as a stream of them that nobody else reads. Anything else as it is. */
    private static Object text(Exchange exchange, Object body) throws IOException {
        if (body instanceof CharSequence || body instanceof Reader) {
            String text = body instanceof Reader reader ? IOHelper.toString(reader) : body.toString();
            return text.getBytes(StandardCharsets.UTF_8);
        }
        if (body instanceof StreamCache cache && !(body instanceof JsonBody)) {
            // a redelivery resets the cache, while the delivery continues where it was
            StreamCache copy = cache.copy(exchange);
            return convert(InputStream.class, exchange, copy == null ? cache : copy);
        }
        return RequestBody.isText(body) && !(body instanceof byte[]) ? convert(InputStream.class, exchange, body) : body;
    }

    private static <T> T convert(Class<T> type, Exchange exchange, Object body) {
        return exchange.getContext().getTypeConverter().convertTo(type, exchange, body);
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
        deliveries.keep(exchange, new Delivery(endpoint, body, left, session), !session.isInMemory());
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

    /** Numbers the events, and completes them from the exchange: a redelivery changes neither its path nor its time. */
    private static final class Items implements Iterator<EventItem> {

        private final Exchange exchange;
        private final TransactionIdSeed seed;
        private final Iterator<?> events;
        private final long created;
        private final String origin;
        private long index;

        Items(Exchange exchange, TransactionIdSeed seed, EventSource source) {
            this.exchange = exchange;
            this.seed = seed;
            this.events = source.events();
            this.created = exchange.getClock().getCreated();
            this.origin = seed.origin(exchange);
        }

        @Override
        public boolean hasNext() {
            return events.hasNext();
        }

        @Override
        public EventItem next() {
            Object event = events.next();
            long position = index++;
            if (event instanceof Exchange inner) {
                return new EventItem(position, body(inner, inner.getMessage()), seed.origin(exchange, inner),
                        inner.getClock().getCreated());
            }
            String own = TransactionIdSeed.at(origin, position);
            if (event instanceof Message message) {
                Exchange inner = message.getExchange();
                return new EventItem(position, body(inner, message), own,
                        inner == null ? created : inner.getClock().getCreated());
            }
            return new EventItem(position, event, own, created);
        }

        private static Object body(Exchange exchange, Message message) {
            Object body = message.getBody();
            try {
                return exchange != null && RequestBody.isText(body) && !(body instanceof CharSequence)
                        ? convert(byte[].class, exchange, body)
                        : body;
            } catch (RuntimeException e) {
                return new NoEvent(String.valueOf(body), "it cannot be read: " + e.getMessage());
            }
        }
    }
}
