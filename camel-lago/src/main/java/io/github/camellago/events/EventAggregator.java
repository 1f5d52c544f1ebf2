package io.github.camellago.events;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.github.camellago.Acknowledge;
import io.github.camellago.LagoConfiguration;
import io.github.camellago.LagoConstants;
import io.github.camellago.OnRejected;
import io.github.camellago.api.LagoEventsRejectedException;
import io.github.camellago.api.LagoEventsReport;
import io.github.camellago.api.RejectedEvent;
import io.github.camellago.operation.CallOptions;
import io.github.camellago.operation.RequestBody;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Producer;
import org.apache.camel.spi.ShutdownStrategy;
import org.apache.camel.support.DefaultAsyncProducer;
import org.apache.camel.support.ExchangeHelper;
import org.apache.camel.support.LifecycleStrategySupport;
import org.apache.camel.support.service.ServiceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers the events of messages that have one each into batches. A batch goes out when it is full, or when its oldest event has
 * waited for the interval. A message is done when its event is delivered (then a batch also goes when none is under way, for its
 * messages hold up their sources), or as soon as the event is taken over: then it is tried until Lago has it. What is not a single
 * event goes out as ever.
 */
public class EventAggregator extends DefaultAsyncProducer {

    private static final Logger LOG = LoggerFactory.getLogger(EventAggregator.class);
    private static final String CARRIER = "CamelLagoEventCarrier";
    /** So many batches may wait in memory; whoever brings more waits until its event is delivered. */
    private static final int ROOM = 10;

    private final Endpoint endpoint;
    private final LagoConfiguration options;
    private final Producer sender;
    private final TransactionIdSeed sends = new TransactionIdSeed();
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private int underWay;
    private boolean ticking;
    private boolean stopping;
    private long pausedUntil = System.nanoTime();
    /** Routes stop their producers while HTTP still works; a template's are stopped too late for that. */
    private final LifecycleStrategySupport beforeStop = new LifecycleStrategySupport() {
        @Override
        public void onContextStopping(CamelContext context) {
            try {
                settle(drain(), Outcome.NONE, new RejectedExecutionException("The context is stopped"));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    };
    private ExecutorService executor;
    private ScheduledExecutorService timer;

    public EventAggregator(Endpoint endpoint, LagoConfiguration options, Producer sender) {
        super(endpoint);
        this.endpoint = endpoint;
        this.options = options;
        this.sender = sender;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        stopping = false;
        ServiceHelper.startService(sender);
        var pools = endpoint.getCamelContext().getExecutorServiceManager();
        executor = pools.newThreadPool(this, "LagoEventAggregator", options.getConcurrentBatches(),
                options.getConcurrentBatches());
        timer = pools.newSingleThreadScheduledExecutor(this, "LagoEventsInterval");
        endpoint.getCamelContext().addLifecycleStrategy(beforeStop);
    }

    @Override
    protected void doStop() throws Exception {
        settle(drain(), Outcome.NONE, new RejectedExecutionException("The endpoint " + endpoint + " is stopped"));
        endpoint.getCamelContext().getLifecycleStrategies().remove(beforeStop);
        endpoint.getCamelContext().getExecutorServiceManager().shutdownNow(timer);
        endpoint.getCamelContext().getExecutorServiceManager().shutdownNow(executor);
        ServiceHelper.stopService(sender);
        super.doStop();
    }

    /** From here on everything goes out at once. Gives back what Lago did not take within the context's time for a shutdown. */
    private List<Waiting> drain() throws InterruptedException {
        ShutdownStrategy shutdown = endpoint.getCamelContext().getShutdownStrategy();
        long deadline = System.nanoTime() + shutdown.getTimeUnit().toNanos(shutdown.getTimeout());
        synchronized (waiting) {
            stopping = true;
            dispatch();
            for (long rest = deadline - System.nanoTime(); underWay > 0 && rest > 0; rest = deadline - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(waiting, rest);
            }
            List<Waiting> left = new ArrayList<>(waiting);
            waiting.clear();
            return left;
        }
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        try {
            Object given = exchange.getMessage().getBody();
            Object event = single(exchange, given);
            if (event == null) {
                sender.process(exchange);
                callback.done(true);
                return true;
            }
            return gather(exchange, given, event, callback);
        } catch (Exception e) {
            exchange.setException(e);
            callback.done(true);
            return true;
        }
    }

    private boolean gather(Exchange exchange, Object given, Object event, AsyncCallback callback) {
        Carrier carrier = exchange.getProperty(CARRIER, Carrier.class);
        if (carrier == null || !carrier.isOf(given, this)) {
            Exchange copy = ExchangeHelper.createCopy(exchange, true);
            copy.getMessage().setBody(event);
            TransactionIdSeed.carry(copy, sends.origin(exchange));
            carrier = new Carrier(this, given, copy, null);
        }
        boolean done;
        synchronized (waiting) {
            done = options.getAcknowledge() == Acknowledge.RECEIVED && !stopping
                    && waiting.size() < ROOM * options.getBatchSize();
            waiting.add(new Waiting(carrier, System.nanoTime(), done ? null : new Held(exchange, callback)));
            dispatch();
            tickLater();
        }
        if (done) {
            sends.completed(exchange);
            callback.done(true);
        }
        return done;
    }

    /** The message's event where it is exactly one to be sent, else null. */
    private Object single(Exchange exchange, Object body) throws java.io.IOException {
        String operation = CallOptions.operation(options, exchange.getMessage());
        if (body == null || body instanceof Stream || operation != null && !operation.equals("create")) {
            return null;
        }
        if (!RequestBody.isText(body)) {
            return EventSource.of(body).single() ? body : null;
        }
        byte[] json = RequestBody.json(exchange, body);
        exchange.getMessage().setBody(json);
        return EventSource.of(json).single() ? json : null;
    }

    private void tick() {
        synchronized (waiting) {
            ticking = false;
            dispatch();
            tickLater();
        }
    }

    private void tickLater() {
        if (!ticking && !stopping && !waiting.isEmpty()) {
            ticking = true;
            long rest = Math.max(options.getBatchInterval() - waiting.peek().millis(),
                    TimeUnit.NANOSECONDS.toMillis(pausedUntil - System.nanoTime()));
            timer.schedule(this::tick, Math.max(1, rest), TimeUnit.MILLISECONDS);
        }
    }

    private void dispatch() {
        while (!waiting.isEmpty() && isDue() && underWay < options.getConcurrentBatches()) {
            List<Waiting> batch = new ArrayList<>();
            while (!waiting.isEmpty() && batch.size() < options.getBatchSize()) {
                batch.add(waiting.poll());
            }
            underWay++;
            executor.execute(() -> deliver(batch));
        }
    }

    private boolean isDue() {
        if (stopping) {
            return true;
        }
        return System.nanoTime() - pausedUntil >= 0
                && (waiting.size() >= options.getBatchSize() || waiting.peek().millis() >= options.getBatchInterval()
                        || underWay == 0 && options.getAcknowledge() == Acknowledge.DELIVERED);
    }

    private void deliver(List<Waiting> batch) {
        Outcome outcome = Outcome.NONE;
        Exception failure = null;
        try {
            outcome = send(batch);
        } catch (Exception e) {
            failure = e;
        }
        try {
            settle(batch, outcome, failure);
        } finally {
            synchronized (waiting) {
                underWay--;
                dispatch();
                tickLater();
                waiting.notifyAll();
            }
        }
    }

    private Outcome send(List<Waiting> batch) throws Exception {
        Exchange all = endpoint.createExchange();
        all.setProperty(EventSender.DUPLICATES, Set.of());
        all.getMessage().setBody(batch.stream().map(w -> w.carrier().exchange()).toList());
        LagoEventsReport report;
        try {
            sender.process(all);
            report = all.getMessage().getBody(LagoEventsReport.class);
        } catch (LagoEventsRejectedException e) {
            report = e.getReport();
        }
        Map<Integer, RejectedEvent> rejected = new HashMap<>();
        report.rejected().forEach(r -> rejected.put((int) r.index(), r));
        return new Outcome(rejected, all.getProperty(EventSender.DUPLICATES, Set.class), all.getMessage().getHeaders());
    }

    private void settle(List<Waiting> batch, Outcome outcome, Exception failure) {
        List<Waiting> again = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            Waiting one = batch.get(i);
            RejectedEvent refused = outcome.rejected().get(i);
            if (one.held() != null) {
                release(one, outcome.of(i), outcome.headers(), failure);
            } else if (refused != null) {
                LOG.error("Lago rejected an event, and its message is done already: {}. The event: {}", refused.words(),
                        text(one.carrier().exchange()));
            } else if (failure != null) {
                again.add(one);
            }
        }
        if (!again.isEmpty()) {
            putBack(again, failure);
        }
    }

    private void release(Waiting one, LagoEventsReport report, Map<String, Object> headers, Exception failure) {
        Exchange exchange = one.held().exchange();
        if (failure != null) {
            // a redelivery sends the same event again, with the same transaction_id, and so does anyone who sends what is left
            Carrier carrier = one.carrier().leaving();
            exchange.setProperty(CARRIER, carrier);
            exchange.getMessage().setBody(carrier.left());
            exchange.setException(failure);
        } else {
            exchange.removeProperty(CARRIER);
            tell(exchange, report, headers);
        }
        one.held().callback().done(false);
    }

    /** Leaves the message as it would be had its event gone alone. */
    private void tell(Exchange exchange, LagoEventsReport report, Map<String, Object> headers) {
        Message message = exchange.getMessage();
        headers.forEach(message::setHeader);
        message.setHeader(LagoConstants.HTTP_RESPONSE_CODE, report.rejected().isEmpty() ? 200 : 422);
        message.setHeader(LagoConstants.EVENTS_ACCEPTED, report.accepted());
        message.setHeader(LagoConstants.EVENTS_DUPLICATE, report.duplicate());
        message.setHeader(LagoConstants.EVENTS_REJECTED, (long) report.rejected().size());
        message.setBody(report);
        if (!report.rejected().isEmpty() && options.getOnRejected() == OnRejected.FAIL) {
            exchange.setException(new LagoEventsRejectedException(report, "events/batch"));
        } else {
            sends.completed(exchange);
        }
    }

    private void putBack(List<Waiting> again, Exception failure) {
        synchronized (waiting) {
            if (!stopping) {
                LOG.warn("{} events are not delivered yet, they are tried again in {} ms: {}", again.size(),
                        options.getMaxRetryDelay(), failure.getMessage());
                for (int i = again.size() - 1; i >= 0; i--) {
                    waiting.addFirst(again.get(i));
                }
                pausedUntil = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(options.getMaxRetryDelay());
                return;
            }
        }
        again.forEach(
                w -> LOG.error("An event was not delivered before the stop, and its message is done already: {}. The event: {}",
                        failure.getMessage(), text(w.carrier().exchange())));
    }

    private static String text(Exchange carrier) {
        try {
            return new String(RequestBody.json(carrier, carrier.getMessage().getBody()),
                    java.nio.charset.StandardCharsets.UTF_8);
        } catch (java.io.IOException e) {
            return String.valueOf(carrier.getMessage().getBody());
        }
    }

    /** The exchange that brings an event into its batch; its id and time complete the event, and must outlive a redelivery. */
    private record Carrier(EventAggregator gatherer, Object given, Exchange exchange, Object left) {

        boolean isOf(Object body, EventAggregator other) {
            return gatherer == other && (body == given || body == exchange.getMessage().getBody() || body == left);
        }

        /** With the event as it was sent, for whoever deals with a failure. */
        Carrier leaving() {
            EventItem item = new EventItem(0, exchange.getMessage().getBody(),
                    TransactionIdSeed.carried(exchange, exchange.getExchangeId()), exchange.getClock().getCreated());
            return new Carrier(gatherer, given, exchange, item.completed());
        }
    }

    /** A message that is done when its event is delivered. */
    private record Held(Exchange exchange, AsyncCallback callback) {}

    /** What became of a batch: the rejected events and the duplicates by their positions, and the headers that are the same for all. */
    private record Outcome(Map<Integer, RejectedEvent> rejected, Set<?> duplicates, Map<String, Object> headers) {

        static final Outcome NONE = new Outcome(Map.of(), Set.of(), Map.of());

        /** The report of the one event at that position. */
        LagoEventsReport of(int position) {
            RejectedEvent refused = rejected.get(position);
            if (refused != null) {
                return new LagoEventsReport(0, 0, List.of(new RejectedEvent(0, refused.event(), refused.reasons())));
            }
            boolean duplicate = duplicates.contains((long) position);
            return new LagoEventsReport(duplicate ? 0 : 1, duplicate ? 1 : 0, List.of());
        }
    }

    /** An event that waits; held is null where its message is done already. */
    private record Waiting(Carrier carrier, long since, Held held) {

        long millis() {
            return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since);
        }
    }
}
