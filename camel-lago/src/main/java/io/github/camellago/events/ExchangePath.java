package io.github.camellago.events;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeExtension;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Navigate;
import org.apache.camel.Processor;
import org.apache.camel.SafeCopyProperty;

/**
 * Identifies an exchange in the same way whenever its route is redelivered: by the id of the exchange that came in, and for a copy (split, multicast,
 * recipientList, enrich, wireTap, loop) by the node that made it and its index there. The id of a copy is another one after each redelivery, and the copies
 * of a loop have the id of the original.
 */
final class ExchangePath implements SafeCopyProperty {

    private static final String PROPERTY = "CamelLagoExchangePath";
    private static final String LOOP = "LoopProcessor";
    /** The number of exchanges that a path remembers. An exchange that goes around in queues would remember all that it was, without end. */
    private static final int MAX_DEPTH = 32;

    private final ExchangePath parent;
    private final Copying copying;
    private final int depth;
    /** the id of the exchange that came in, if that is not remembered; else null */
    private final String forgotten;
    /** how many copies each node has made */
    private final Map<String, Integer> copies = new HashMap<>();
    /** the calls that the exchange is in, the innermost one first */
    private final Deque<Step> calls = new ArrayDeque<>(2);
    private Step lastCall;
    /** null in a copy of which nothing is known so far */
    private Exchange exchange;
    private String exchangeId;
    private String path;

    /** @param node the node that made the copy, or null if it is not known */
    private record Copying(String node, int number) {}

    /**
     * A call of an endpoint by a step.
     *
     * @param loopIndex the index of a loop when the call began
     * @param copies    how many copies each node had made when the call began
     * @param failure   why the call failed; null if it has not failed
     * @param lastIndex the index of a loop when the call ended
     */
    private record Step(Endpoint endpoint, Object loopIndex, Map<String, Integer> copies, Exception failure,
            Object lastIndex) {}

    private ExchangePath(ExchangePath parent, Copying copying) {
        this.parent = parent;
        this.copying = copying;
        this.depth = parent == null ? 0 : parent.depth + 1;
        this.forgotten = null;
    }

    private ExchangePath(String forgotten) {
        this.parent = null;
        this.copying = null;
        this.depth = 0;
        this.forgotten = forgotten;
    }

    static ExchangePath of(Exchange exchange) {
        ExchangeExtension extension = exchange.getExchangeExtension();
        ExchangePath found = extension.getSafeCopyProperty(PROPERTY, ExchangePath.class);
        ExchangePath path = resolve(found, exchange);
        if (path != found) {
            extension.setSafeCopyProperty(PROPERTY, path);
        }
        return path;
    }

    private static ExchangePath resolve(ExchangePath found, Exchange exchange) {
        String id = exchange.getExchangeId();
        // the results of a copy may have been copied back, the copy's path included
        for (ExchangePath each = found; each != null; each = each.parent) {
            if (each.exchange == exchange && each.exchangeId.equals(id)) {
                return each;
            }
        }
        boolean copy = found != null && found.exchange == null;
        if (copy && id.equals(found.parent.id()) && (found.parent.exchange == null || found.isOfLoop())) {
            return found.bind(exchange, found.toString());
        }
        ExchangePath same = find(found, id);
        if (same != null) {
            return same;
        }
        Object correlationId = exchange.getProperty(ExchangePropertyKey.CORRELATION_ID);
        // a wireTap removes the correlation id
        ExchangePath parent = copy && (correlationId == null || correlationId.equals(found.parent.id()))
                ? found.parent
                : find(found, correlationId);
        if (parent == null) {
            return new ExchangePath(null, null).bind(exchange, id);
        }
        String step = parent + "/" + found.step() + '.' + exchange.getProperty(ExchangePropertyKey.LOOP_INDEX) + '.'
                + exchange.getProperty(ExchangePropertyKey.SPLIT_INDEX) + '.'
                + exchange.getProperty(ExchangePropertyKey.MULTICAST_INDEX);
        if (parent.depth >= MAX_DEPTH) {
            return new ExchangePath(parent.rootId()).bind(exchange,
                    UUID.nameUUIDFromBytes(step.getBytes(StandardCharsets.UTF_8)).toString());
        }
        return new ExchangePath(parent, found.copying).bind(exchange, step);
    }

    private static ExchangePath find(ExchangePath from, Object exchangeId) {
        for (ExchangePath each = from; each != null; each = each.parent) {
            if (each.exchange != null && each.exchangeId.equals(exchangeId)) {
                return each;
            }
        }
        return null;
    }

    private ExchangePath bind(Exchange bound, String newPath) {
        exchange = bound;
        exchangeId = bound.getExchangeId();
        path = newPath;
        return this;
    }

    /** The id of the exchange. A copy of which nothing is known is taken for that of a loop. */
    private String id() {
        return exchange == null ? parent.id() : exchangeId;
    }

    /**
     * Whether a copy with the id of its original was made by a loop. A split makes such a copy for all its parts, and a failover for each try. The node is not known
     * if the original is such a copy itself; the processor that made that one shows whether it can be a loop.
     */
    private boolean isOfLoop() {
        Processor maker = parent.maker(copying.node);
        return copying.node == null ? isLoop(maker) && nested(maker).anyMatch(ExchangePath::isLoop) : isLoop(maker);
    }

    private Processor maker(String node) {
        if (exchange != null) {
            return node == null ? null : exchange.getContext().getProcessor(node);
        }
        return parent.maker(copying.node);
    }

    private static boolean isLoop(Processor processor) {
        return processor != null && processor.getClass().getSimpleName().equals(LOOP);
    }

    private static Stream<Processor> nested(Processor processor) {
        return processor instanceof Navigate<?> all && all.hasNext()
                ? all.next().stream().filter(Processor.class::isInstance).map(Processor.class::cast)
                        .flatMap(each -> Stream.concat(Stream.of(each), nested(each)))
                : Stream.empty();
    }

    /** The step that made a copy with an id of its own. */
    private String step() {
        if (copying.node != null) {
            return copying.node;
        }
        return parent.exchange == null && !parent.isOfLoop() ? parent.step() : "c" + copying.number;
    }

    /** The id of the exchange that came in. */
    String rootId() {
        if (parent != null) {
            return parent.rootId();
        }
        return forgotten == null ? exchangeId : forgotten;
    }

    /** Whether the exchange came in, and is no copy of another one. */
    boolean isRoot() {
        return parent == null && forgotten == null;
    }

    /** The same for each redelivery of the exchange that came in, and different for each of its copies. */
    @Override
    public String toString() {
        if (path != null) {
            return path;
        }
        return isOfLoop() ? parent + "/" + copying.node + ".c" + copying.number : parent.toString();
    }

    /** Camel calls this when it copies the exchange, or copies results back to it. */
    @Override
    public SafeCopyProperty safeCopy() {
        String node = exchange == null ? null : exchange.getExchangeExtension().getHistoryNodeId();
        synchronized (copies) {
            return new ExchangePath(this, new Copying(node, copies.merge(String.valueOf(node), 1, Integer::sum)));
        }
    }

    /** A step of the exchange begins to call an endpoint. */
    void calling(Endpoint endpoint) {
        if (lastCall != null && lastCall.endpoint == endpoint && lastCall.failure != null && isRedelivered(lastCall.failure)) {
            repeat(lastCall);
        }
        synchronized (copies) {
            calls.push(new Step(endpoint, loopIndex(), Map.copyOf(copies), null, null));
        }
    }

    /** The call has ended. */
    void called(Endpoint endpoint) {
        Step call = calls.poll();
        while (call != null && call.endpoint != endpoint) {
            call = calls.poll();
        }
        lastCall = call == null
                ? null
                : new Step(endpoint, call.loopIndex, call.copies, exchange.getException(), loopIndex());
    }

    private boolean isRedelivered(Exception failure) {
        return exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT) == failure
                && exchange.getMessage().getHeader(Exchange.REDELIVERY_COUNTER, 0, Integer.class) > 0;
    }

    /**
     * A redelivery repeats a call: loops behind it begin again. The index of their last iteration, which Camel leaves in the exchange, is no index of the exchange
     * itself.
     */
    private void repeat(Step call) {
        if (Objects.equals(loopIndex(), call.lastIndex)) {
            if (call.loopIndex == null) {
                exchange.removeProperty(ExchangePropertyKey.LOOP_INDEX);
            } else {
                exchange.setProperty(ExchangePropertyKey.LOOP_INDEX, call.loopIndex);
            }
        }
        synchronized (copies) {
            copies.clear();
            copies.putAll(call.copies);
        }
    }

    private Object loopIndex() {
        return exchange.getProperty(ExchangePropertyKey.LOOP_INDEX);
    }
}
