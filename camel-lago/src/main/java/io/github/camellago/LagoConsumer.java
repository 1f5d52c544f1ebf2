package io.github.camellago;

import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import io.github.camellago.api.LagoObserver.Reader;
import io.github.camellago.catalog.BoundOperation;
import io.github.camellago.catalog.RecordType;
import io.github.camellago.client.CallName;
import io.github.camellago.operation.EndpointSettings;
import io.github.camellago.operation.QueryBuilder;
import io.github.camellago.operation.RequestFactory;
import io.github.camellago.poll.AllSelection;
import io.github.camellago.poll.ChangedSelection;
import io.github.camellago.poll.ListReader;
import io.github.camellago.poll.LoadProgress;
import io.github.camellago.poll.NewSelection;
import io.github.camellago.poll.ParentLists;
import io.github.camellago.poll.PollContext;
import io.github.camellago.poll.PollMetrics;
import io.github.camellago.poll.PollRun;
import io.github.camellago.poll.ProcessedSynchronization;
import io.github.camellago.poll.RecordLookup;
import io.github.camellago.poll.Selection;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.PollingConsumer;
import org.apache.camel.Processor;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.spi.StateRepository;
import org.apache.camel.support.EmptyAsyncCallback;
import org.apache.camel.support.ScheduledBatchPollingConsumer;
import org.apache.camel.support.processor.state.MemoryStateRepository;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls one of Lago's lists, or one for each of its parents. The records of a page that are to be processed are one batch. A record
 * counts as processed when its exchange has completed.
 */
public class LagoConsumer extends ScheduledBatchPollingConsumer implements PollContext {

    private static final Logger LOG = LoggerFactory.getLogger(LagoConsumer.class);

    private final LagoEndpoint endpoint;
    private final BoundOperation reading;
    private final ParentLists parents;
    private final Deque<ListReader.Opened> open = new ConcurrentLinkedDeque<>();
    private final Lock polling = new ReentrantLock();
    /** Exchanges in the queue of a polling consumer, or in flight; null if the consumer feeds a route. */
    private final Set<ProcessedSynchronization> waiting;
    private ExecutorService pool;
    private volatile boolean allFailed;
    /** Whether a poll was complete. */
    private boolean loaded;
    private Selection selection;
    private ListReader lists;
    private PollMetrics metrics;

    LagoConsumer(LagoEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        this.reading = reading(endpoint);
        QueryBuilder.check(reading.operation(), endpoint.getFilter(), endpoint.getConfiguration().getUnknownFilters());
        QueryBuilder.checkRequired(reading.operation(), endpoint.getFilter().keySet());
        if (endpoint.getConfiguration().isDeletions()) {
            RecordLookup.check(endpoint.settings(), reading);
        }
        this.parents = new ParentLists(endpoint.settings(), reading);
        this.waiting = processor instanceof PollingConsumer ? ConcurrentHashMap.newKeySet() : null;
    }

    private static BoundOperation reading(LagoEndpoint endpoint) {
        String wanted = endpoint.getOperation();
        BoundOperation operation = wanted == null ? endpoint.target().reading() : endpoint.settings().operation(wanted);
        if (operation == null || !operation.operation().reads()) {
            List<String> readable = endpoint.target().operations().stream().filter(o -> o.operation().reads())
                    .map(BoundOperation::name)
                    .sorted().toList();
            throw new IllegalArgumentException("A consumer cannot read " + endpoint.target().path()
                    + (wanted == null ? "" : " with the operation " + wanted) + ". It can with: "
                    + (readable.isEmpty() ? "none" : String.join(", ", readable)));
        }
        return operation;
    }

    @Override
    protected void doStart() throws Exception {
        new RequestFactory(endpoint.settings()).path(reading, Map.of());
        selection = endpoint.takeSelection();
        if (selection == null) {
            selection = selection();
        }
        if (endpoint.getConfiguration().getPrefetchPages() > 0) {
            pool = endpoint.getCamelContext().getExecutorServiceManager().newCachedThreadPool(this, "LagoPrefetch");
        }
        metrics = new PollMetrics(endpoint.client().observer(), new Reader(getRouteId(), CallName.of(reading).resource()),
                reading.entry().records());
        RecordLookup lookup = endpoint.getConfiguration().isDeletions()
                ? RecordLookup.of(endpoint.settings(), endpoint.client(), reading)
                : null;
        lists = new ListReader(endpoint.settings(), endpoint.client(), reading, selection, metrics.field(), lookup, pool);
        super.doStart();
    }

    private Selection selection() throws Exception {
        LagoConfiguration configuration = endpoint.getConfiguration();
        IdempotentRepository repository = configuration.getIdempotentRepository();
        StateRepository<String, String> offsets = configuration.getOffsetRepository();
        RecordType type = reading.entry().records();
        boolean single = ListReader.isSingle(reading);
        start(repository);
        start(offsets);
        if (configuration.getReadMode() == ReadMode.NEW && repository != null && offsets == null) {
            LOG.warn(
                    "{} has readMode=new with an idempotentRepository but without an offsetRepository: after a restart all records are"
                            + " read again, and each is looked up in the repository",
                    endpoint);
        }
        return switch (configuration.getReadMode()) {
            case ALL -> new AllSelection(type, single, !configuration.isSendPollComplete());
            case NEW -> NewSelection.serves(type)
                    ? new NewSelection(type, endpoint.getFilter(), configuration.getFullReadInterval(), repository,
                            offsets == null ? new MemoryStateRepository() : offsets)
                    : changed(false, repository);
            case CHANGED -> changed(true, repository);
        };
    }

    private Selection changed(boolean versions, IdempotentRepository repository) {
        LagoConfiguration configuration = endpoint.getConfiguration();
        return new ChangedSelection(new ChangedSelection.Settings(reading.entry().records(), ListReader.isSingle(reading),
                versions, configuration.isDeletions(), configuration.getPrefetchPages() + 1, configuration.getPerPage()),
                repository);
    }

    private void start(Object repository) throws Exception {
        if (repository == null) {
            return;
        }
        CamelContext context = endpoint.getCamelContext();
        // another consumer that is starting may share the repository: the first one starts it, the others wait
        synchronized (repository) {
            if (!context.hasService(repository)) {
                context.addService(repository, true, true);
            }
        }
    }

    @Override
    public EndpointSettings settings() {
        return endpoint.settings();
    }

    @Override
    public void reportError(String message, Exchange exchange, Throwable error) {
        if (exchange == null) {
            getExceptionHandler().handleException(message, error);
        } else {
            getExceptionHandler().handleException(message, exchange, error);
        }
    }

    @Override
    public BoundOperation reading() {
        return reading;
    }

    @Override
    public int poll() throws Exception {
        if (!polling.tryLock()) {
            // a scheduler with several threads: a list is read by one of them at a time
            return 0;
        }
        try {
            shutdownRunningTask = null;
            pendingExchanges = 0;
            LoadProgress progress = loaded
                    ? null
                    : new LoadProgress(endpoint.getResource(), endpoint.getComponent().nanoTime());
            int sent = new PollRun(this, lists, parents, metrics, open, endpoint.getConfiguration().getPrefetchPages(),
                    progress)
                    .run();
            loaded |= metrics.isComplete();
            allFailed = metrics.onlyFailed();
            return sent;
        } finally {
            polling.unlock();
        }
    }

    /** Polling again at once makes no sense if all messages have failed. */
    @Override
    public boolean isGreedy() {
        return super.isGreedy() && !allFailed;
    }

    /** As long as the caller of a polling consumer says, and not at least as long as the delay between polls. */
    @Override
    public long beforePoll(long timeout) throws Exception {
        super.beforePoll(timeout);
        return timeout;
    }

    /** Whether another page is to be read: no stop, shutdown or suspension has been asked for. */
    @Override
    public boolean mayReadOn() {
        return isBatchAllowed() && !isSuspendingOrSuspended() && shutdownRunningTask == null;
    }

    /** Whether another message of this page may be sent. */
    private boolean maySend() {
        return isBatchAllowed()
                && (!isSuspendingOrSuspended() || shutdownRunningTask == ShutdownRunningTask.CompleteAllTasks);
    }

    @Override
    public int processBatch(Queue<Object> exchanges) throws Exception {
        int total = exchanges.size();
        int sent = 0;
        while (!exchanges.isEmpty() && maySend()) {
            Exchange exchange = (Exchange) exchanges.poll();
            exchange.setProperty(ExchangePropertyKey.BATCH_INDEX, sent);
            exchange.setProperty(ExchangePropertyKey.BATCH_SIZE, total);
            exchange.setProperty(ExchangePropertyKey.BATCH_COMPLETE, sent == total - 1);
            pendingExchanges = total - sent - 1;
            sent++;
            getAsyncProcessor().process(exchange, EmptyAsyncCallback.get());
        }
        pendingExchanges = 0;
        return sent;
    }

    @Override
    public void started(ProcessedSynchronization completion) {
        if (waiting != null) {
            waiting.add(completion);
        }
    }

    @Override
    public void ended(ProcessedSynchronization completion) {
        if (waiting != null) {
            waiting.remove(completion);
        }
    }

    @Override
    protected void doSuspend() throws Exception {
        open.forEach(ListReader.Opened::close);
        super.doSuspend();
    }

    @Override
    protected void doStop() throws Exception {
        open.forEach(ListReader.Opened::close);
        super.doStop();
        if (pool != null) {
            endpoint.getCamelContext().getExecutorServiceManager().shutdownNow(pool);
            pool = null;
        }
        if (waiting != null) {
            // the queue goes with the polling consumer: its records have to be delivered again
            waiting.forEach(ProcessedSynchronization::abandon);
            waiting.clear();
        }
        if (selection != null) {
            try {
                selection.flush();
            } catch (RuntimeException e) {
                reportError("Cannot store which records of " + endpoint.getResource() + " were processed", null, e);
            }
        }
        // a restarted route gets another consumer, which is to know what this one knows
        endpoint.saveSelection(selection);
        selection = null;
    }
}
