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

import io.github.camellago.catalog.BoundOperation;
import io.github.camellago.catalog.RecordType;
import io.github.camellago.client.CallName;
import io.github.camellago.client.LagoObserver.Reader;
import io.github.camellago.operation.EndpointSettings;
import io.github.camellago.operation.QueryBuilder;
import io.github.camellago.operation.RequestFactory;
import io.github.camellago.poll.AllSelection;
import io.github.camellago.poll.ChangedSelection;
import io.github.camellago.poll.ListReader;
import io.github.camellago.poll.NewSelection;
import io.github.camellago.poll.ParentLists;
import io.github.camellago.poll.PollContext;
import io.github.camellago.poll.PollMetrics;
import io.github.camellago.poll.PollRun;
import io.github.camellago.poll.ProcessedSynchronization;
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

/**
 * Polls one of Lago's lists, or one for each of its parents. What of a page is due is one batch; a record counts as handed over
 * when its exchange has completed.
 */
public class LagoConsumer extends ScheduledBatchPollingConsumer implements PollContext {

    private final LagoEndpoint endpoint;
    private final BoundOperation reading;
    private final ParentLists parents;
    private final Deque<ListReader.Opened> open = new ConcurrentLinkedDeque<>();
    private final Lock polling = new ReentrantLock();
    /** What waits in a polling consumer's queue for someone to take it out, or is being worked on; null where a route is fed. */
    private final Set<ProcessedSynchronization> waiting;
    private ExecutorService pool;
    private Selection selection;
    private ListReader lists;
    private PollMetrics watch;

    LagoConsumer(LagoEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        this.reading = reading(endpoint);
        QueryBuilder.check(reading.operation(), endpoint.getFilter());
        QueryBuilder.checkRequired(reading.operation(), endpoint.getFilter().keySet());
        this.parents = new ParentLists(endpoint.settings(), reading);
        this.waiting = processor instanceof PollingConsumer ? ConcurrentHashMap.newKeySet() : null;
    }

    private static BoundOperation reading(LagoEndpoint endpoint) {
        String wanted = endpoint.getConfiguration().getOperation();
        BoundOperation operation = wanted == null ? endpoint.target().reading() : endpoint.operation(wanted);
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
        selection = endpoint.inherit();
        if (selection == null) {
            selection = selection();
        }
        int prefetch = endpoint.getConfiguration().getPrefetchPages();
        if (prefetch > 0) {
            pool = endpoint.getCamelContext().getExecutorServiceManager().newThreadPool(this, "LagoPrefetch", prefetch,
                    prefetch);
        }
        watch = new PollMetrics(endpoint.client().observer(), new Reader(getRouteId(), CallName.of(reading).resource()),
                reading.entry().records());
        lists = new ListReader(endpoint.settings(), endpoint.client(), reading, selection, watch.field(), pool);
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
        return switch (configuration.getReadMode()) {
            case ALL -> new AllSelection(type, single);
            case NEW -> NewSelection.tellsTime(type)
                    ? new NewSelection(type, endpoint.getFilter(), repository, offsets == null ? memory() : offsets)
                    : new ChangedSelection(type, single, false, repository, configuration.getPrefetchPages() + 1);
            case CHANGED -> new ChangedSelection(type, single, true, repository, configuration.getPrefetchPages() + 1);
        };
    }

    private static StateRepository<String, String> memory() {
        MemoryStateRepository memory = new MemoryStateRepository();
        memory.start();
        return memory;
    }

    private void start(Object repository) throws Exception {
        CamelContext context = endpoint.getCamelContext();
        if (repository != null && !context.hasService(repository)) {
            context.addService(repository, true, true);
        }
    }

    @Override
    public LagoEndpoint getEndpoint() {
        return endpoint;
    }

    @Override
    public EndpointSettings settings() {
        return endpoint.settings();
    }

    @Override
    public void reportError(String message, Exchange exchange, Throwable error) {
        getExceptionHandler().handleException(message, exchange, error);
    }

    /** What it reads with. */
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
            return new PollRun(this, lists, parents, watch, open, endpoint.getConfiguration().getPrefetchPages()).run();
        } finally {
            polling.unlock();
        }
    }

    /** Whether another page is to be read: no stop, shutdown or suspension has been asked for. */
    @Override
    public boolean mayReadOn() {
        return isBatchAllowed() && !isSuspendingOrSuspended() && shutdownRunningTask == null;
    }

    /** Whether another message of this page is to be handed over. */
    private boolean mayHandOver() {
        return isBatchAllowed()
                && (!isSuspendingOrSuspended() || shutdownRunningTask == ShutdownRunningTask.CompleteAllTasks);
    }

    @Override
    public int processBatch(Queue<Object> exchanges) throws Exception {
        int total = exchanges.size();
        int handed = 0;
        while (!exchanges.isEmpty() && mayHandOver()) {
            Exchange exchange = (Exchange) exchanges.poll();
            exchange.setProperty(ExchangePropertyKey.BATCH_INDEX, handed);
            exchange.setProperty(ExchangePropertyKey.BATCH_SIZE, total);
            exchange.setProperty(ExchangePropertyKey.BATCH_COMPLETE, handed == total - 1);
            pendingExchanges = total - handed - 1;
            handed++;
            getAsyncProcessor().process(exchange, EmptyAsyncCallback.get());
        }
        pendingExchanges = 0;
        return handed;
    }

    /** An exchange is on its way. */
    @Override
    public void begun(ProcessedSynchronization completion) {
        if (waiting != null) {
            waiting.add(completion);
        }
    }

    /** An exchange is on its way no more. */
    @Override
    public void over(ProcessedSynchronization completion) {
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
            // the queue goes with the polling consumer: what is in it has to come again
            waiting.forEach(ProcessedSynchronization::abandon);
            waiting.clear();
        }
        // a route that is stopped and started gets another consumer, which is to remember what this one does
        endpoint.bequeath(selection);
        selection = null;
    }
}
