package io.github.camellago;

import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.concurrent.ExecutorService;

import io.github.camellago.catalog.BoundOperation;
import io.github.camellago.client.LagoResponse;
import io.github.camellago.client.RateLimit;
import io.github.camellago.events.EventItem;
import io.github.camellago.events.EventSource;
import io.github.camellago.events.EventsSession;
import io.github.camellago.events.LagoEventsRejectedException;
import io.github.camellago.events.LagoEventsReport;
import io.github.camellago.events.OnRejected;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** Delivers the usage events of a message, and tells what became of them. */
final class EventsSender implements AutoCloseable {

    private static final String SESSION = "CamelLagoEventsSession";

    private final LagoEndpoint endpoint;
    private final ExecutorService executor;

    EventsSender(LagoEndpoint endpoint) {
        this.endpoint = endpoint;
        this.executor = endpoint.getCamelContext().getExecutorServiceManager().newCachedThreadPool(this, "LagoEvents");
    }

    /** Whether an operation sends usage events. */
    static boolean serves(BoundOperation bound) {
        String path = bound.operation().path().toString();
        return bound.operation().method().equals("POST") && (path.equals("events") || path.equals("events/batch"));
    }

    void send(Exchange exchange, BoundOperation bound) throws IOException {
        Message message = exchange.getMessage();
        Object body = message.getBody();
        Session session = exchange.getProperty(SESSION, Session.class);
        if (session == null || !session.isOf(body, endpoint)) {
            session = new Session(endpoint, body, null, open(exchange, body, bound));
            exchange.setProperty(SESSION, session);
        }
        LagoEventsReport report;
        try {
            report = session.delivery().run(executor);
        } catch (RuntimeException e) {
            headers(exchange, bound, session.delivery(), session.delivery().report());
            throw e;
        }
        headers(exchange, bound, session.delivery(), report);
        message.setBody(report);
        if (!report.rejected().isEmpty() && endpoint.getConfiguration().getOnRejected() == OnRejected.FAIL) {
            exchange.setProperty(SESSION, new Session(endpoint, body, report, session.delivery()));
            throw new LagoEventsRejectedException(report, bound.operation().path().toString());
        }
        exchange.removeProperty(SESSION);
    }

    private EventsSession open(Exchange exchange, Object body, BoundOperation bound) throws IOException {
        if (body == null) {
            throw new IllegalArgumentException(
                    "The operation " + bound.name() + " of events needs a body: an event, or a list of them,"
                            + " as a Map, JSON, a JsonNode, a POJO or a LagoEvent");
        }
        Object events = body;
        if (body instanceof CharSequence) {
            events = convert(byte[].class, exchange, body);
        } else if (Calls.isText(body) && !(body instanceof byte[])) {
            events = convert(InputStream.class, exchange, body);
        }
        EventSource source = EventSource.of(events);
        boolean single = source.single() && bound.name().equals("create");
        LagoConfiguration configuration = endpoint.getConfiguration();
        return new EventsSession(new Items(exchange, source),
                new EventsSession.Settings(configuration.getBatchSize(), configuration.getConcurrentBatches(), single),
                endpoint.client());
    }

    private static Object convert(Class<?> type, Exchange exchange, Object body) {
        return exchange.getContext().getTypeConverter().convertTo(type, exchange, body);
    }

    private void headers(Exchange exchange, BoundOperation bound, EventsSession delivery, LagoEventsReport report) {
        Message message = exchange.getMessage();
        message.setHeader(LagoConstants.EVENTS_ACCEPTED, report.accepted());
        message.setHeader(LagoConstants.EVENTS_DUPLICATE, report.duplicate());
        message.setHeader(LagoConstants.EVENTS_REJECTED, (long) report.rejected().size());
        LagoResponse last = delivery.lastAnswer();
        Headers.set(exchange, bound, endpoint.getResource(), null, last == null ? null : last.status(),
                last == null ? RateLimit.UNKNOWN : last.rate());
    }

    @Override
    public void close() {
        endpoint.getCamelContext().getExecutorServiceManager().shutdownGraceful(executor);
    }

    /** A delivery: a redelivery of its body, or of the report that took the body's place, goes on with it. */
    private record Session(LagoEndpoint endpoint, Object body, LagoEventsReport report, EventsSession delivery) {

        boolean isOf(Object other, LagoEndpoint sender) {
            return sender == endpoint && (other == body || other == report);
        }
    }

    /** Numbers the events, and says what to complete them with: the exchange's id and time, which a redelivery does not change. */
    private static final class Items implements Iterator<EventItem> {

        private final Iterator<?> events;
        private final boolean single;
        private final String exchangeId;
        private final long created;
        private long index;

        Items(Exchange exchange, EventSource source) {
            this.events = source.events();
            this.single = source.single();
            this.exchangeId = exchange.getExchangeId();
            this.created = exchange.getClock().getCreated();
        }

        @Override
        public boolean hasNext() {
            return events.hasNext();
        }

        @Override
        public EventItem next() {
            Object event = events.next();
            long position = index++;
            if (event instanceof Message message) {
                event = message.getExchange() == null ? message.getBody() : message.getExchange();
            }
            if (event instanceof Exchange inner) {
                return new EventItem(position, bytes(inner), inner.getExchangeId(), inner.getClock().getCreated());
            }
            return new EventItem(position, event, single ? exchangeId : exchangeId + '-' + position, created);
        }

        private static Object bytes(Exchange exchange) {
            Object body = exchange.getMessage().getBody();
            return Calls.isText(body) ? exchange.getContext().getTypeConverter().convertTo(byte[].class, exchange, body) : body;
        }
    }
}
