package io.github.camellago.events;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.github.camellago.Acknowledge;
import io.github.camellago.LagoConfiguration;
import io.github.camellago.api.Failure;
import io.github.camellago.api.LagoEventsReport;
import io.github.camellago.api.LagoTransportException;
import io.github.camellago.api.RateLimit;
import io.github.camellago.api.RejectedEvent;
import io.github.camellago.client.LagoResponse;
import io.github.camellago.operation.BeforeStop;
import io.github.camellago.operation.EndpointSettings;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Producer;
import org.apache.camel.spi.ShutdownStrategy;
import org.apache.camel.spi.ThreadPoolProfile;
import org.apache.camel.support.DefaultAsyncProducer;
import org.apache.camel.support.service.ServiceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects the events of messages with one event each into batches. {@link BatchTiming} says when a batch is sent. A message completes when its event is
 * delivered, or as soon as the event is queued: then it is tried until Lago has it. Other messages are sent as without {@code batchInterval}.
 */
public class EventAggregator extends DefaultAsyncProducer {

    private static final Logger LOG = LoggerFactory.getLogger(EventAggregator.class);
    /** So many batches may wait in memory. The messages of further events complete when their events are delivered. */
    private static final int ROOM = 10;
    private static final LagoEventsReport ACCEPTED = new LagoEventsReport(1, 0, List.of());
    private static final LagoEventsReport DUPLICATE = new LagoEventsReport(0, 1, List.of());
    /** So many codecs keep their buffers between events. */
    private static final int CODECS = 8;

    private final EndpointSettings settings;
    private final LagoConfiguration options;
    private final Producer sender;
    private final BiConsumer<EventsSession, Boolean> delivery;
    private final Supplier<References> references;
    private final LongSupplier nanoTime;
    private final Set<EventAggregator> started;
    private final BatchSpans spans;
    private final TransactionIdSeed seed = new TransactionIdSeed();
    private final MessageResult result;
    private final Queue<EventCodec> codecs = new ArrayBlockingQueue<>(CODECS);
    private final Deque<WaitingEvent> waiting = new ArrayDeque<>();
    private final Set<List<WaitingEvent>> inFlight = Collections.newSetFromMap(new IdentityHashMap<>());
    private final BatchTiming timing;
    private boolean ticking;
    private long nextTick;
    private volatile boolean stopped = true;
    private long stopDeadline;
    /** Routes stop their producers while HTTP still works. The producers of a template are stopped too late for that. */
    private final BeforeStop beforeStop = new BeforeStop(this::sendAll, this::drain);
    private ExecutorService executor;
    private Completions completions;
    private ScheduledExecutorService timer;

    /**
     * @param sender     sends messages that are not collected
     * @param delivery   sends a batch, and checks it first if Lago could not be asked so far for what one of its events refers to
     * @param references what Lago has of that events refer to; gives null if this is not checked
     * @param nanoTime   the clock, as {@link System#nanoTime()}
     * @param started    those of the endpoint, which stops them when it stops
     */
    public EventAggregator(Endpoint endpoint, EndpointSettings settings, Producer sender,
            BiConsumer<EventsSession, Boolean> delivery, Supplier<References> references, LongSupplier nanoTime,
            Set<EventAggregator> started) {
        super(endpoint);
        this.settings = settings;
        this.options = settings.configuration();
        this.sender = sender;
        this.delivery = delivery;
        this.references = references;
        this.nanoTime = nanoTime;
        this.timing = new BatchTiming(options, nanoTime);
        this.started = started;
        this.result = new MessageResult(settings, seed);
        this.spans = BatchSpans.find(endpoint.getCamelContext());
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        ServiceHelper.startService(sender);
        var pools = getEndpoint().getCamelContext().getExecutorServiceManager();
        ThreadPoolProfile profile = new ThreadPoolProfile("LagoEventAggregator");
        profile.setPoolSize(options.getConcurrentBatches());
        profile.setMaxPoolSize(options.getConcurrentBatches());
        // a thread that ends a batch leaves the next one in the queue
        profile.setMaxQueueSize(options.getConcurrentBatches());
        executor = pools.newThreadPool(this, profile.getId(), profile);
        timer = Completions.timer(this, pools);
        completions = new Completions(this, pools, timer);
        getEndpoint().getCamelContext().addLifecycleStrategy(beforeStop);
        started.add(this);
        synchronized (waiting) {
            // a batch that was in flight at the last stop does not count any more
            inFlight.clear();
            timing.start();
            ticking = false;
            stopped = false;
        }
    }

    @Override
    protected void doStop() throws Exception {
        drain();
        started.remove(this);
        getEndpoint().getCamelContext().getLifecycleStrategies().remove(beforeStop);
        if (completions != null) {
            Stream.of(timer, executor).forEach(getEndpoint().getCamelContext().getExecutorServiceManager()::shutdownNow);
            completions.close();
        }
        ServiceHelper.stopService(sender);
        super.doStop();
    }

    /**
     * Sends everything at once, and waits for the events whose messages have completed, for as long as a shutdown of the context may take. Events that are
     * left then have failed. Called again, it waits for the rest of that time.
     */
    private void drain() {
        List<WaitingEvent> left;
        synchronized (waiting) {
            sendAll();
            try {
                while (hasCompleted() && stopDeadline - nanoTime.getAsLong() > 0) {
                    TimeUnit.NANOSECONDS.timedWait(waiting, stopDeadline - nanoTime.getAsLong());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (!hasCompleted() && stopDeadline - nanoTime.getAsLong() > 0 && getStatus().isStarted()) {
                // the others fail or succeed with their messages, for which Camel waits
                return;
            }
            stopped = true;
            left = new ArrayList<>(waiting);
            inFlight.forEach(left::addAll);
            waiting.clear();
        }
        resolve(left, new LagoEventsReport[left.size()], null, stopped(true));
    }

    /** Sends everything at once. The time of the stop begins at the first call. */
    private void sendAll() {
        synchronized (waiting) {
            if (!timing.isAtOnce()) {
                ShutdownStrategy shutdown = getEndpoint().getCamelContext().getShutdownStrategy();
                stopDeadline = nanoTime.getAsLong() + shutdown.getTimeUnit().toNanos(shutdown.getTimeout());
                timing.sendAtOnce();
            }
            dispatch();
        }
    }

    /** @param sent whether the event may have been sent */
    private LagoTransportException stopped(boolean sent) {
        return new LagoTransportException(Failure.local(
                "The producer of " + getEndpoint() + " is stopped before its events are delivered", "POST", "events/batch",
                sent, null));
    }

    private boolean hasCompleted() {
        return Stream.concat(waiting.stream(), inFlight.stream().flatMap(List::stream)).anyMatch(event -> !event.isHeld());
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        try {
            Object event = EventInput.single(exchange, settings);
            if (event != null) {
                EncodedEvent encoded = encode(new EventItem(0, event, seed.origin(exchange), 0,
                        exchange.getClock().getCreated()));
                if (encoded != null) {
                    return add(exchange, encoded, callback);
                }
            }
            sender.process(exchange);
        } catch (ReferenceCheck.Unresolved unresolved) {
            unresolved.lookup().thenRun(() -> completions.run(1, i -> process(exchange, done -> callback.done(false))));
            return false;
        } catch (Throwable e) {
            // Camel never completes an exchange whose asynchronous producer throws, be it an Error of the body's own code
            exchange.setException(e);
        }
        callback.done(true);
        return true;
    }

    /** The event as it is sent, or null if it is to be rejected. Nothing is looked up that would be refused afterwards. */
    private EncodedEvent encode(EventItem item) throws ReferenceCheck.Unresolved {
        References known = stopped ? null : references.get();
        EventCodec codec = Objects.requireNonNullElseGet(codecs.poll(), EventCodec::new);
        try {
            return EventEncoder.encode(item, options.getUnknownFields(), known == null ? null : known.check(), codec);
        } catch (EventEncoder.Refused refused) {
            return null;
        } finally {
            if (!codecs.offer(codec)) {
                codec.close();
            }
        }
    }

    private boolean add(Exchange exchange, EncodedEvent event, AsyncCallback callback) {
        boolean done;
        synchronized (waiting) {
            if (stopped || ServiceHelper.isStopped(getEndpoint())) {
                throw stopped(false);
            }
            done = options.getAcknowledge() == Acknowledge.RECEIVED && !timing.isAtOnce()
                    && waiting.size() < ROOM * options.getBatchSize();
            waiting.add(new WaitingEvent(event, done ? null : exchange, callback, spans.current(), nanoTime.getAsLong()));
            dispatch();
            if (!ticking) {
                tickLater();
            }
        }
        if (done) {
            seed.completed(exchange);
            callback.done(true);
        }
        return done;
    }

    private void tick(long time) {
        synchronized (waiting) {
            ticking = ticking && time != nextTick;
            dispatch();
            tickLater();
        }
    }

    /** The end of a batch may leave events that are to be sent earlier than the others. */
    private void tickLater() {
        long millis = waiting.isEmpty() ? 0 : timing.nextMillis(waiting.size(), waiting.peek().since());
        long time = nanoTime.getAsLong() + TimeUnit.MILLISECONDS.toNanos(millis);
        if (millis > 0 && (!ticking || time - nextTick < 0)) {
            ticking = true;
            nextTick = time;
            timer.schedule(() -> tick(time), millis, TimeUnit.MILLISECONDS);
        }
    }

    private void dispatch() {
        for (int size = nextSize(); size > 0; size = nextSize()) {
            List<WaitingEvent> batch = new ArrayList<>(size);
            while (batch.size() < size) {
                batch.add(waiting.poll());
            }
            inFlight.add(batch);
            timing.sent(size);
            start(batch);
        }
    }

    /** While no thread can be started, the batch stays in flight. */
    private void start(List<WaitingEvent> batch) {
        try {
            executor.execute(() -> deliver(batch));
        } catch (RejectedExecutionException | Error e) {
            LOG.warn("No thread can be started to send {} events. Trying again in 1 s: {}", batch.size(), e.toString());
            timer.schedule(() -> start(batch), 1, TimeUnit.SECONDS);
        }
    }

    private int nextSize() {
        return waiting.isEmpty() ? 0 : timing.next(waiting.size(), waiting.peek().since());
    }

    private void deliver(List<WaitingEvent> batch) {
        LagoEventsReport[] reports = new LagoEventsReport[batch.size()];
        List<EventItem> items = new ArrayList<>(batch.size());
        batch.forEach(event -> items.add(event.at(items.size())));
        EventsSession session = new EventsSession(items.iterator(), false, true, batch.get(0).isHeld(),
                (item, stored) -> reports[(int) item.index()] = stored ? ACCEPTED : DUPLICATE);
        Exception failure = null;
        try {
            boolean unchecked = batch.stream().anyMatch(WaitingEvent::isUnchecked);
            spans.trace(batch.stream().map(WaitingEvent::span).toList(), () -> delivery.accept(session, unchecked));
        } catch (Exception e) {
            failure = e;
        } catch (Error e) {
            failure = new IllegalStateException("Sending events failed: " + e, e);
        }
        LagoResponse answer = session.lastAnswer();
        try {
            synchronized (waiting) {
                // the next events of the sources that are about to be released may have to wait for more
                timing.answered(answer == null ? RateLimit.UNKNOWN : answer.rate());
            }
            for (RejectedEvent rejected : session.report().rejected()) {
                int i = (int) rejected.index();
                reports[i] = new LagoEventsReport(0, 0,
                        List.of(new RejectedEvent(0, BatchResolver.shown(batch.get(i).given(), rejected), rejected.reasons())));
            }
            resolve(batch, reports, answer, failure);
        } finally {
            synchronized (waiting) {
                if (inFlight.remove(batch)) {
                    timing.ended(batch.size());
                }
                dispatch();
                tickLater();
                waiting.notifyAll();
            }
        }
    }

    /** @param reports the result of each event, null if it has none */
    private void resolve(List<WaitingEvent> batch, LagoEventsReport[] reports, LagoResponse answer, Exception failure) {
        List<WaitingEvent> again = new ArrayList<>();
        WaitingEvent[] held = new WaitingEvent[batch.size()];
        Map<WaitingEvent, RejectedEvent> lost = new LinkedHashMap<>();
        for (int i = 0; i < batch.size(); i++) {
            WaitingEvent event = batch.get(i);
            LagoEventsReport report = reports[i];
            if (event.isHeld()) {
                held[i] = event.finish() ? event : null;
            } else if (report == null && !event.isDone()) {
                again.add(event);
            } else if (event.finish() && !report.rejected().isEmpty()) {
                lost.put(event, report.rejected().get(0));
            }
        }
        int messages = (int) Stream.of(held).filter(Objects::nonNull).count();
        if (messages > 0) {
            timing.completing(messages);
            completions.run(held.length, i -> {
                if (held[i] != null) {
                    complete(held[i], reports[i], answer, failure);
                }
            });
        }
        if (!again.isEmpty()) {
            putBack(again, failure);
        }
        // last, since a log may throw
        lost.forEach((event, rejected) -> LOG.error(
                "Lago rejected an event, and its message has completed before: {}. The event: {}", rejected.describe(), event));
    }

    private void complete(WaitingEvent event, LagoEventsReport report, LagoResponse answer, Exception failure) {
        try {
            if (timing.completes()) {
                synchronized (waiting) {
                    dispatch();
                }
            }
        } finally {
            result.complete(event, report, answer, failure);
        }
    }

    private void putBack(List<WaitingEvent> again, Exception failure) {
        synchronized (waiting) {
            if (!timing.isAtOnce()) {
                for (int i = again.size() - 1; i >= 0; i--) {
                    waiting.addFirst(again.get(i));
                }
                timing.pause(options.getMaxRetryDelay());
                LOG.warn("{} events are not delivered so far. They are tried again in {} ms: {}", again.size(),
                        options.getMaxRetryDelay(), failure.getMessage());
                return;
            }
        }
        for (WaitingEvent event : again) {
            if (event.finish()) {
                LOG.error("An event was not delivered before the stop, and its message has completed before: {}. The event: {}",
                        failure.getMessage(), event);
            }
        }
    }
}
