package io.github.camellago.events;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;

import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.SafeCopyProperty;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * Deliveries of events that failed, for a redelivery to continue with. A body that can be read again belongs to its exchange: a copy of the exchange, or
 * another exchange with the same body, starts from the beginning. A body that can be read only once, such as an iterator, is continued by the next producer that sends
 * it next, for example by the copy of the exchange that a failover makes. Kept until the exchange is done. Thread-safe.
 */
public final class PendingDeliveries {

    private static final String PROPERTY = "CamelLagoEventsDelivery";

    private final Map<Object, Delivery> readOnce = Collections.synchronizedMap(new IdentityHashMap<>());

    /**
     * Where events go.
     *
     * @param key a digest of the API key, if it is that of the message; else null
     */
    record Recipient(Endpoint endpoint, String key) {}

    /**
     * A delivery that failed.
     *
     * @param body    the message body that was to be delivered
     * @param left    the body that replaced it
     * @param session the state of the delivery; null in a copy of the exchange, which must not continue it as well
     */
    record Delivery(Recipient to, Object body, Object left, Object session) implements SafeCopyProperty {

        @Override
        public SafeCopyProperty safeCopy() {
            return new Delivery(null, null, null, null);
        }

        boolean isOf(Recipient other, Object message) {
            return session != null && other.equals(to) && message != null && (message == body || message == left);
        }
    }

    /** The delivery to continue with, or null. */
    <T> T find(Exchange exchange, Recipient to, Object body, Class<T> type) {
        Delivery own = exchange.getExchangeExtension().getSafeCopyProperty(PROPERTY, Delivery.class);
        Delivery left = own != null && own.isOf(to, body) ? own : body == null ? null : readOnce.get(body);
        return left != null && type.isInstance(left.session) ? type.cast(left.session) : null;
    }

    void keep(Exchange exchange, Delivery delivery, boolean once) {
        exchange.getExchangeExtension().setSafeCopyProperty(PROPERTY, delivery);
        if (once && readOnce.put(delivery.body, delivery) == null) {
            readOnce.put(delivery.left, delivery);
            exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
                @Override
                public void onDone(Exchange done) {
                    readOnce.values().removeIf(d -> d.session == delivery.session);
                }
            });
        }
    }

    void remove(Exchange exchange, Object session) {
        exchange.getExchangeExtension().setSafeCopyProperty(PROPERTY, null);
        readOnce.values().removeIf(d -> d.session == session);
    }
}
