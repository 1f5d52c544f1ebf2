package io.github.camellago.events;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;

/**
 * The seed of the transaction_id for an event without one, besides the event's content: the exchange's path, the event's position, and the number of deliveries
 * before. A repeated delivery has the same number, whether its step or a whole route is redelivered, or another step sends what it could not deliver.
 * Any other delivery has another number, because its events may be equal. One per producer.
 */
final class TransactionIdSeed {

    /** Between the part of an origin that stands in the id, and the part that is hashed. */
    static final char HASHED = '\n';

    private static final String COMPLETED = "CamelLagoEventsCompleted";
    private static final AtomicInteger PRODUCERS = new AtomicInteger();

    private final String producer;

    TransactionIdSeed() {
        this("p" + PRODUCERS.incrementAndGet());
    }

    private TransactionIdSeed(String producer) {
        this.producer = producer;
    }

    /** The same for deliveries to one account. Deliveries to others are other steps. */
    TransactionIdSeed with(String account) {
        return new TransactionIdSeed(producer + ' ' + account);
    }

    /** The origin of the events of an exchange's message. */
    String origin(Exchange exchange) {
        return origin(exchange, number(exchange));
    }

    /** The origin of an event that is the body of another exchange, which is in the exchange's message. */
    String origin(Exchange exchange, Exchange inner) {
        return origin(inner, number(exchange));
    }

    /** The origin of the event at a position of the message. */
    static String at(String origin, long position) {
        int hashed = origin.indexOf(HASHED);
        return hashed < 0
                ? origin + '-' + position
                : origin.substring(0, hashed) + '-' + position + origin.substring(hashed);
    }

    private static String origin(Exchange exchange, int number) {
        ExchangePath path = ExchangePath.of(exchange);
        Object loop = exchange.getProperty(ExchangePropertyKey.LOOP_INDEX);
        String origin = path.rootId() + (loop == null ? "" : "-l" + loop) + (number == 0 ? "" : "-s" + number);
        if (path.isRoot()) {
            return origin;
        }
        Object index = exchange.getProperty(ExchangePropertyKey.SPLIT_INDEX);
        return origin + (index == null ? "" : "-" + index) + HASHED + path;
    }

    /** Notes that a delivery has completed, so that the next one gets another number. */
    void completed(Exchange exchange) {
        Map<String, Deliveries> before = exchange.getProperty(COMPLETED, Map.of(), Map.class);
        if (before.isEmpty()) {
            exchange.setProperty(COMPLETED, Map.of(scope(exchange), Deliveries.of(exchange).with(producer)));
            return;
        }
        Map<String, Deliveries> all = new HashMap<>(before);
        all.put(scope(exchange), Deliveries.of(exchange).with(producer));
        // deliveries of exchanges that this one does not come from do not count here
        String path = ExchangePath.of(exchange).toString();
        all.keySet().removeIf(scope -> !path.startsWith(scope.substring(0, scope.lastIndexOf('@'))));
        // copies of the exchange share this map
        exchange.setProperty(COMPLETED, Map.copyOf(all));
    }

    private int number(Exchange exchange) {
        return Deliveries.of(exchange).number(producer);
    }

    /** The exchange in one iteration of a loop. A loop may give each iteration a copy, which knows nothing of the iterations before. */
    private static String scope(Exchange exchange) {
        return ExchangePath.of(exchange).toString() + '@' + exchange.getProperty(ExchangePropertyKey.LOOP_INDEX);
    }

    /**
     * The completed deliveries of one exchange.
     *
     * @param failure the last failure of the exchange; after another one, steps may be repeated from their beginning
     * @param visits  how often each step has completed since then
     * @param numbers the number of each completed delivery, by step and visit
     */
    private record Deliveries(Object failure, Map<String, Integer> visits, Map<String, Integer> numbers) {

        static Deliveries of(Exchange exchange) {
            Map<?, ?> all = exchange.getProperty(COMPLETED, Map.of(), Map.class);
            Object failure = exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT);
            Deliveries own = !all.isEmpty() && all.get(scope(exchange)) instanceof Deliveries before
                    ? before
                    : new Deliveries(failure, Map.of(), Map.of());
            return failure == null || failure == own.failure ? own : new Deliveries(failure, Map.of(), own.numbers);
        }

        int number(String step) {
            return numbers.getOrDefault(visit(step), numbers.size());
        }

        Deliveries with(String step) {
            Map<String, Integer> moreNumbers = new HashMap<>(numbers);
            moreNumbers.putIfAbsent(visit(step), numbers.size());
            Map<String, Integer> moreVisits = new HashMap<>(visits);
            moreVisits.merge(step, 1, Integer::sum);
            return new Deliveries(failure, moreVisits, moreNumbers);
        }

        private String visit(String step) {
            return step + '#' + visits.getOrDefault(step, 0);
        }
    }
}
