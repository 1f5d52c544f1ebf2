package io.github.camellago.events;

import java.util.concurrent.atomic.AtomicInteger;

import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;

/**
 * The seed of the transaction_id for an event without one, besides the event's content: the exchange's path, the event's position, and the number of the
 * delivery, see {@link DeliveryNumbers}. One per producer.
 */
final class TransactionIdSeed {

    /** Between the part of an origin that stands in the id, and the part that is hashed. */
    static final char HASHED = '\n';

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
        ExchangePath.of(exchange).deliveries().delivered(exchange.getProperty(ExchangePropertyKey.LOOP_INDEX), producer);
    }

    private int number(Exchange exchange) {
        return ExchangePath.of(exchange).deliveries().number(exchange.getProperty(ExchangePropertyKey.LOOP_INDEX), producer);
    }
}
