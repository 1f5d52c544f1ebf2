package io.github.camellago.events;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeExtension;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.SafeCopyProperty;
import org.apache.camel.spi.UnitOfWork;

/**
 * Identifies an exchange in the same way whenever its route is redelivered: by the id of the exchange that came in, and for a copy (split, multicast,
 * recipientList, enrich, wireTap, loop) by the node that made it, the number of copies that the node had made before, and the index there. The id of a copy is another one
 * after each redelivery, and the copies of a loop have the id of the original.
 */
final class ExchangePath implements SafeCopyProperty {

    private static final String PROPERTY = "CamelLagoExchangePath";
    private static final String PROCESSORS = "org.apache.camel.processor.";
    private static final String LOOP = PROCESSORS + "LoopProcessor";
    private static final int FRAMES = 16;
    /** The number of exchanges that a path remembers. An exchange that goes around in queues would remember all that it was, without end. */
    private static final int MAX_DEPTH = 32;

    private final ExchangePath parent;
    /** the node that made the copy, or null if it is not known */
    private final String node;
    private final int number;
    private final boolean ofLoop;
    private final int depth;
    /** the id of the exchange that came in, if that is not remembered; else null */
    private final String forgotten;
    /** null before the first delivery */
    private DeliveryNumbers deliveries;
    /** how many copies each node has made; replaced when it changes */
    private Map<String, Integer> copies = Map.of();
    /** how many copies were made while nothing was known of the exchange */
    private int unknownCopies;
    private String lastCopying;
    private Object failureBeforeLastCopy;
    /** the innermost call that the exchange is in, or null */
    private Call call;
    private Call lastCall;
    /** whether {@code doCatch}, {@code onException} or a dead letter channel handles a failure */
    private boolean handling;
    /** the state of each failed call whose place was taken while a failure is handled */
    private Replaced replaced;
    /** null in a copy of which nothing is known so far */
    private Exchange exchange;
    private String exchangeId;
    private String path;
    private Object loopIndex;
    private Object splitIndex;
    private Object multicastIndex;

    /** A call of an endpoint by a step, with the state when it began. */
    private static final class Call {

        private final Call outer;
        private final Exchange exchange;
        private final Endpoint endpoint;
        private final Object loopIndex;
        private final Map<String, Integer> copies;
        private final int deliveries;
        /** why the call failed; null if it has not failed */
        private Exception failure;
        /** the index of a loop when the call ended */
        private Object lastIndex;

        Call(Call outer, Exchange exchange, Endpoint endpoint, Map<String, Integer> copies, int deliveries) {
            this.outer = outer;
            this.exchange = exchange;
            this.endpoint = endpoint;
            this.loopIndex = exchange.getProperty(ExchangePropertyKey.LOOP_INDEX);
            this.copies = copies;
            this.deliveries = deliveries;
        }

        /**
         * Whether another call takes the place of this one, which has failed: its redelivery, a step of {@code doCatch} or {@code onException}, or the next try
         * of a failover, which has another copy of the exchange.
         */
        boolean isReplacedBy(Exchange other, Endpoint to, boolean handling) {
            if (failure == null) {
                return false;
            }
            if (other != exchange) {
                return true;
            }
            // the exception stays in the exchange when it has been handled
            return other.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT) == failure
                    && (handling || endpoint == to && isRedelivered(other));
        }
    }

    private record Replaced(Replaced earlier, Map<String, Integer> copies, Map<Object, DeliveryNumbers.State> deliveries) {}

    private ExchangePath(ExchangePath parent, String node, int number, boolean ofLoop, String forgotten) {
        this.parent = parent;
        this.node = node;
        this.number = number;
        this.ofLoop = ofLoop;
        this.depth = parent == null ? 0 : parent.depth + 1;
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
        if (copy && id.equals(found.parent.id()) && (found.parent.exchange == null || found.ofLoop)) {
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
            return new ExchangePath(null, null, 0, false, null).bind(exchange, id);
        }
        if (parent.depth >= MAX_DEPTH) {
            String last = new ExchangePath(parent, found.node, found.number, false, null).bind(exchange, null).toString();
            return new ExchangePath(null, null, 0, false, parent.rootId()).bind(exchange,
                    UUID.nameUUIDFromBytes(last.getBytes(StandardCharsets.UTF_8)).toString());
        }
        ExchangePath bound = copy && parent == found.parent
                ? found
                : new ExchangePath(parent, found.node, found.number, false, null);
        return bound.bind(exchange, null);
    }

    private static ExchangePath find(ExchangePath from, Object exchangeId) {
        for (ExchangePath each = from; each != null; each = each.parent) {
            if (each.exchange != null && each.exchangeId.equals(exchangeId)) {
                return each;
            }
        }
        return null;
    }

    /** @param newPath the path, or null to derive it from the parent and the indexes when it is needed: most paths never are */
    private ExchangePath bind(Exchange bound, String newPath) {
        exchange = bound;
        exchangeId = bound.getExchangeId();
        path = newPath;
        if (newPath == null) {
            loopIndex = bound.getProperty(ExchangePropertyKey.LOOP_INDEX);
            splitIndex = bound.getProperty(ExchangePropertyKey.SPLIT_INDEX);
            multicastIndex = bound.getProperty(ExchangePropertyKey.MULTICAST_INDEX);
        }
        return this;
    }

    /** The id of the exchange. A copy of which nothing is known is taken for that of a loop. */
    private String id() {
        return exchange == null ? parent.id() : exchangeId;
    }

    /** The step that made a copy with an id of its own. A split makes one copy first, and copies that for each part. */
    private String step() {
        if (node != null) {
            return node + '.' + number;
        }
        return parent.exchange == null && !parent.ofLoop ? parent.step() : "c" + number;
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
        if (exchange == null) {
            return ofLoop ? parent + "/" + node + ".c" + number : parent.toString();
        }
        if (path == null) {
            path = parent + "/" + step() + '.' + loopIndex + '.' + splitIndex + '.' + multicastIndex;
        }
        return path;
    }

    /** The numbers of the exchange's deliveries. */
    DeliveryNumbers deliveries() {
        if (deliveries == null) {
            deliveries = new DeliveryNumbers();
        }
        return deliveries;
    }

    /** Camel calls this when it copies the exchange, or copies results back to it. */
    @Override
    public SafeCopyProperty safeCopy() {
        ExchangePath owner = owner();
        String copying = owner.exchange == null ? null : owner.exchange.getExchangeExtension().getHistoryNodeId();
        return new ExchangePath(owner, copying, owner.count(String.valueOf(copying)), owner.isLooping(copying), null);
    }

    /** Whether a loop makes a copy: its copies have the id of the original, as those of a failover have it, but each is another exchange. */
    private boolean isLooping(String copying) {
        if (exchange == null) {
            // otherwise a split copies its first copy for each part
            return ofLoop && isLooping();
        }
        UnitOfWork work = exchange.getUnitOfWork();
        if (copying == null && (work == null || work.getRoute() == null)) {
            // a template sends the exchange to a queue
            return false;
        }
        ExchangePaths paths = exchange.getContext().getCamelContextExtension().getContextPlugin(ExchangePaths.class);
        return paths == null || copying == null ? isLooping() : paths.isLoop(copying, ExchangePath::isLooping);
    }

    /** The path of the exchange that is copied. An exchange that got the results of its copy has the path of the copy with them. */
    private ExchangePath owner() {
        for (ExchangePath each = exchange == null ? parent : null; each != null; each = each.parent) {
            if (each.exchange != null
                    && each.exchange.getExchangeExtension().getSafeCopyProperty(PROPERTY, ExchangePath.class) == this) {
                return each;
            }
        }
        return this;
    }

    /** The number of copies by a node, this one included. A node that is redelivered repeats its last copy. */
    private synchronized int count(String copying) {
        if (exchange == null) {
            return ++unknownCopies;
        }
        Object failure = exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT);
        boolean repeated = copying.equals(lastCopying) && failure != failureBeforeLastCopy && isRedelivered(exchange);
        lastCopying = copying;
        failureBeforeLastCopy = failure;
        int before = copies.getOrDefault(copying, 0);
        if (repeated) {
            return before;
        }
        if (copies.isEmpty()) {
            copies = Map.of(copying, 1);
        } else {
            Map<String, Integer> more = new HashMap<>(copies);
            more.put(copying, before + 1);
            copies = more;
        }
        return before + 1;
    }

    /** Whether the processor that is copying an exchange now is a loop. */
    private static boolean isLooping() {
        return StackWalker.getInstance().walk(frames -> frames.limit(FRAMES).map(StackWalker.StackFrame::getClassName)
                .filter(name -> name.startsWith(PROCESSORS)).findFirst()).filter(name -> name.startsWith(LOOP)).isPresent();
    }

    /** A step of the exchange, or of a copy with its id, begins to call an endpoint. */
    void calling(Exchange by, Endpoint endpoint) {
        if (lastCall != null && lastCall.isReplacedBy(by, endpoint, handling)) {
            replace(lastCall, by);
        }
        call = new Call(call, by, endpoint, copies, deliveries == null ? 0 : deliveries.mark());
    }

    /** The call has ended. */
    void called(Exchange by, Endpoint endpoint) {
        Call ended = call;
        while (ended != null && ended.endpoint != endpoint) {
            ended = ended.outer;
        }
        lastCall = ended;
        if (ended == null) {
            call = null;
            return;
        }
        call = ended.outer;
        ended.failure = by.getException();
        ended.lastIndex = by.getProperty(ExchangePropertyKey.LOOP_INDEX);
        if (call == null && ended.failure == null && deliveries != null) {
            deliveries.keep();
        }
    }

    /** A failure begins to be handled. */
    void handling() {
        handling = true;
    }

    /** A failure has been handled. What comes now does not take the place of what the failed call did, even if the handler did not repeat all of it. */
    synchronized void handled() {
        handling = false;
        for (; replaced != null; replaced = replaced.earlier) {
            Map<String, Integer> most = new HashMap<>(replaced.copies);
            copies.forEach((node, count) -> most.merge(node, count, Math::max));
            copies = most;
            deliveries().atLeast(replaced.deliveries);
        }
    }

    private static boolean isRedelivered(Exchange exchange) {
        return exchange.getMessage().getHeader(Exchange.REDELIVERY_COUNTER, 0, Integer.class) > 0;
    }

    /**
     * What comes now takes the place of a failed call: loops behind it begin again. The index of their last iteration, which Camel leaves in the exchange, is no index of
     * the exchange itself.
     */
    private synchronized void replace(Call failed, Exchange by) {
        if (Objects.equals(by.getProperty(ExchangePropertyKey.LOOP_INDEX), failed.lastIndex)) {
            if (failed.loopIndex == null) {
                by.removeProperty(ExchangePropertyKey.LOOP_INDEX);
            } else {
                by.setProperty(ExchangePropertyKey.LOOP_INDEX, failed.loopIndex);
            }
        }
        if (handling) {
            replaced = new Replaced(replaced, copies, deliveries().states());
        }
        copies = failed.copies;
        lastCopying = null;
        if (deliveries != null) {
            deliveries.restore(failed.deliveries);
        }
    }
}
