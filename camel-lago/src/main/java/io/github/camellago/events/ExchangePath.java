package io.github.camellago.events;

import org.apache.camel.Exchange;
import org.apache.camel.ExchangeExtension;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.SafeCopyProperty;

/**
 * Identifies an exchange in the same way whenever its route is redelivered: by the id of the exchange that came in, and for a copy (split, multicast,
 * recipientList, enrich, wireTap) by the node that made it and its index there. The id of a copy is another one after each redelivery.
 */
final class ExchangePath implements SafeCopyProperty {

    private static final String PROPERTY = "CamelLagoExchangePath";

    private final Copying copying;
    private final ExchangePath parent;
    private Exchange exchange;
    private String exchangeId;
    private String path;

    private ExchangePath(ExchangePath parent, Copying copying) {
        this.parent = parent;
        this.copying = copying;
    }

    static ExchangePath of(Exchange exchange) {
        ExchangeExtension extension = exchange.getExchangeExtension();
        ExchangePath found = extension.getSafeCopyProperty(PROPERTY, ExchangePath.class);
        // the results of a copy may have been copied back, this property included
        ExchangePath path = find(found, exchange.getExchangeId());
        if (path == null) {
            Object correlationId = exchange.getProperty(ExchangePropertyKey.CORRELATION_ID);
            // a wireTap removes the correlation id
            ExchangePath parent = correlationId == null && found != null ? found.copied() : find(found, correlationId);
            path = new ExchangePath(parent, parent == null ? null : found.copying);
            path.bind(exchange);
        }
        if (path != found) {
            extension.setSafeCopyProperty(PROPERTY, path);
        }
        return path;
    }

    private static ExchangePath find(ExchangePath from, Object exchangeId) {
        for (ExchangePath each = from; each != null; each = each.parent) {
            if (each.exchangeId != null && each.exchangeId.equals(exchangeId)) {
                return each;
            }
        }
        return null;
    }

    /** The id of the exchange that came in. */
    String rootId() {
        return parent == null ? exchangeId : parent.rootId();
    }

    /** Whether the exchange came in, and is no copy of another one. */
    boolean isRoot() {
        return parent == null;
    }

    /** The same for each redelivery of the exchange that came in, and different for each of its copies. */
    @Override
    public String toString() {
        return path;
    }

    /** Camel calls this when it copies the exchange, or copies results back to it. */
    @Override
    public SafeCopyProperty safeCopy() {
        ExchangePath copied = this;
        while (copied != null && copied.node() == null) {
            copied = copied.parent;
        }
        return new ExchangePath(this, copied == null ? null : new Copying(copied, copied.node()));
    }

    /** The node that works on the exchange now, or null. */
    private String node() {
        return exchange == null ? null : exchange.getExchangeExtension().getHistoryNodeId();
    }

    private ExchangePath copied() {
        return copying == null ? null : copying.original;
    }

    private String step() {
        return copying == null ? "" : copying.node;
    }

    /** Which exchange was copied by which node. Other exchanges that this one comes from are done, and at no node. */
    private record Copying(ExchangePath original, String node) {}

    private void bind(Exchange bound) {
        exchange = bound;
        exchangeId = bound.getExchangeId();
        path = parent == null
                ? exchangeId
                : parent.path + '/' + step() + '.' + bound.getProperty(ExchangePropertyKey.LOOP_INDEX) + '.'
                        + bound.getProperty(ExchangePropertyKey.SPLIT_INDEX) + '.'
                        + bound.getProperty(ExchangePropertyKey.MULTICAST_INDEX);
    }
}
