package io.github.camellago.events;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.stream.Stream;

import io.github.camellago.api.JsonBody;
import io.github.camellago.operation.CallOptions;
import io.github.camellago.operation.EndpointSettings;
import io.github.camellago.operation.RequestBody;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.StreamCache;
import org.apache.camel.support.SynchronizationAdapter;
import org.apache.camel.util.IOHelper;

/**
 * The events in a message, numbered and read lazily.
 *
 * @param events   the events
 * @param single   whether the body is one event, not a list of them
 * @param inMemory whether all events are in memory already, and can be read again from the body
 */
record EventInput(Iterator<EventItem> events, boolean single, boolean inMemory) {

    /** Finds the events in a body. What they are read from is closed when the exchange is done. */
    static EventInput of(Exchange exchange, Object body, TransactionIdSeed seed) throws IOException {
        EventSource source = EventSource.of(text(exchange, body));
        if (source.resources() != null) {
            exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
                @Override
                public void onDone(Exchange done) {
                    IOHelper.close(source.resources());
                }
            });
        }
        return new EventInput(numbered(exchange, seed, source.events()), source.single(), source.inMemory());
    }

    /** The message's event, if the message is exactly one event to send; else null. */
    static Object single(Exchange exchange, EndpointSettings settings) throws IOException {
        Object body = exchange.getMessage().getBody();
        String operation = CallOptions.operation(settings, exchange.getMessage());
        if (body == null || body instanceof Stream || operation != null && !operation.equals("create")) {
            return null;
        }
        if (!RequestBody.isText(body)) {
            return EventSource.isSingle(body) ? body : null;
        }
        byte[] json = RequestBody.json(exchange, body);
        exchange.getMessage().setBody(json);
        return EventSource.isSingle(json) ? json : null;
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

    /** Numbers the events, and completes them from the exchange: a redelivery changes neither its path nor its time. */
    private static Iterator<EventItem> numbered(Exchange exchange, TransactionIdSeed seed, Iterator<?> events) {
        long created = exchange.getClock().getCreated();
        String origin = seed.origin(exchange);
        return new Iterator<>() {
            private long index;

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
                if (event instanceof Message message) {
                    Exchange inner = message.getExchange();
                    return new EventItem(position, body(inner, message), origin, position,
                            inner == null ? created : inner.getClock().getCreated());
                }
                return new EventItem(position, event, origin, position, created);
            }
        };
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
