package io.github.camellago.events;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import org.apache.camel.Exchange;

/**
 * What the ids begin with that events get which have none: the exchange's id, and which of its deliveries it is. A delivery that is made again gets
 * the same, be it by a redelivery of its step, by a redelivery of a whole route that it was part of, or, after it failed, by another step that sends what
 * it could not. Two steps that each deliver, and each turn of a loop, get different ones: their events may well be equal. One for each producer.
 */
final class TransactionIdSeed {

    private static final String COMPLETED = "CamelLagoEventsCompleted";
    private static final String ORIGIN = "CamelLagoEventsOrigin";
    private static final AtomicInteger PRODUCERS = new AtomicInteger();

    private final String producer = "p" + PRODUCERS.incrementAndGet();

    String origin(Exchange exchange) {
        Map<?, ?> completed = exchange.getProperty(COMPLETED, Map.of(), Map.class);
        Object number = completed.get(key(exchange));
        int send = number instanceof Integer before ? before : completed.size();
        return send == 0 ? exchange.getExchangeId() : exchange.getExchangeId() + "-s" + send;
    }

    /** Notes that a delivery has completed, so that the next step's is another one. */
    void completed(Exchange exchange) {
        Map<Object, Object> completed = new HashMap<>(exchange.getProperty(COMPLETED, Map.of(), Map.class));
        completed.putIfAbsent(key(exchange), completed.size());
        // copies of the exchange share what was, and not what is to come
        exchange.setProperty(COMPLETED, Map.copyOf(completed));
    }

    private String key(Exchange exchange) {
        return producer + '/' + exchange.getProperty(Exchange.LOOP_INDEX);
    }

    /** Has an exchange that carries an event to its batch keep the origin of the one that it came with. */
    static void carry(Exchange carrier, String origin) {
        carrier.setProperty(ORIGIN, origin);
    }

    /** The origin that an exchange in a list carries, or its own. */
    static String carried(Exchange exchange, String byDefault) {
        return exchange.getProperty(ORIGIN, byDefault, String.class);
    }
}
