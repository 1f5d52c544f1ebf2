package io.github.camellago;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutorService;

import io.github.camellago.Parents.Place;
import io.github.camellago.catalog.BoundOperation;
import io.github.camellago.catalog.RecordType;
import io.github.camellago.client.CallName;
import io.github.camellago.client.LagoException;
import io.github.camellago.client.LagoNotFoundException;
import io.github.camellago.client.LagoObserver.Reader;
import io.github.camellago.client.LagoRecord;
import io.github.camellago.client.Page;
import io.github.camellago.poll.AllSelection;
import io.github.camellago.poll.ChangedSelection;
import io.github.camellago.poll.NewSelection;
import io.github.camellago.poll.Reading.HandOver;
import io.github.camellago.poll.Selection;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Processor;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.spi.StateRepository;
import org.apache.camel.spi.Synchronization;
import org.apache.camel.support.EmptyAsyncCallback;
import org.apache.camel.support.ScheduledBatchPollingConsumer;
import org.apache.camel.support.processor.state.MemoryStateRepository;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls one of Lago's lists, or one for each of its parents. What of a page is due is one batch; a record counts as handed over
 * when its exchange has completed.
 */
class LagoConsumer extends ScheduledBatchPollingConsumer {

    private static final Logger LOG = LoggerFactory.getLogger(LagoConsumer.class);

    private final LagoEndpoint endpoint;
    private final BoundOperation reading;
    private final Parents parents;
    private final Deque<Lists.Opened> open = new ConcurrentLinkedDeque<>();
    private ExecutorService pool;
    private Selection selection;
    private Lists lists;
    private PollWatch watch;

    LagoConsumer(LagoEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        this.reading = reading(endpoint);
        Query.check(reading.operation(), endpoint.getFilter());
        Query.checkRequired(reading.operation(), endpoint.getFilter().keySet());
        this.parents = new Parents(endpoint, reading);
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
        new Calls(endpoint).checkPath(reading);
        selection = endpoint.inherit();
        if (selection == null) {
            selection = selection();
        }
        int prefetch = endpoint.getConfiguration().getPrefetchPages();
        if (prefetch > 0) {
            pool = endpoint.getCamelContext().getExecutorServiceManager().newThreadPool(this, "LagoPrefetch", prefetch,
                    prefetch);
        }
        watch = new PollWatch(endpoint.client().observer(), new Reader(getRouteId(), CallName.of(reading).resource()),
                reading.entry().records());
        lists = new Lists(endpoint, reading, selection, watch.field(), pool);
        super.doStart();
    }

    private Selection selection() throws Exception {
        LagoConfiguration configuration = endpoint.getConfiguration();
        IdempotentRepository repository = configuration.getIdempotentRepository();
        StateRepository<String, String> offsets = configuration.getOffsetRepository();
        RecordType type = reading.entry().records();
        boolean single = Lists.isSingle(reading);
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
    protected int poll() throws Exception {
        shutdownRunningTask = null;
        pendingExchanges = 0;
        return new Poll().run();
    }

    /** Whether another page is to be read: no stop, shutdown or suspension has been asked for. */
    private boolean mayReadOn() {
        return isBatchAllowed() && !isSuspendingOrSuspended() && shutdownRunningTask == null;
    }

    /** Whether another message of this page is to be handed over. */
    private boolean mayHandOver() {
        return isBatchAllowed()
                && (!isSuspendingOrSuspended() || shutdownRunningTask == ShutdownRunningTask.CompleteAllTasks);
    }

    /** One poll, of one thread. */
    private final class Poll {

        private int handed;
        private LagoException failure;

        private int run() throws Exception {
            watch.begin();
            try {
                readAll();
            } catch (Exception e) {
                watch.broken(handed);
                throw e;
            }
            watch.ended(handed);
            return handed;
        }

        private void readAll() throws Exception {
            try {
                if (parents.isEmpty()) {
                    open.add(lists.open(Place.NONE));
                    readNext();
                } else {
                    Iterator<Place> places = parents.places(lists);
                    while (mayReadOn() && room() > 0 && (places.hasNext() || !open.isEmpty())) {
                        while (places.hasNext() && open.size() <= endpoint.getConfiguration().getPrefetchPages()) {
                            open.add(lists.open(places.next()));
                        }
                        readNext();
                    }
                }
            } finally {
                for (Lists.Opened left = open.poll(); left != null; left = open.poll()) {
                    left.close();
                    left.reading().end(false, false);
                }
            }
            if (failure != null) {
                throw failure;
            }
        }

        private void readNext() throws Exception {
            Lists.Opened list = open.peek();
            boolean whole = false;
            try {
                whole = read(list);
            } catch (LagoException e) {
                keepOrThrow(list, e);
            } finally {
                open.remove(list);
                list.close();
                list.reading().end(whole, list.pages().shifted());
                watch.list(whole && !list.pages().shifted());
            }
        }

        /** A parent that is gone by now is none; one that Lago refuses does not keep the others from being read. */
        private void keepOrThrow(Lists.Opened list, LagoException e) {
            if (parents.isEmpty() || e.getStatusCode() / 100 != 4 || e.getStatusCode() == 401 || e.getStatusCode() == 429) {
                throw e;
            }
            if (e instanceof LagoNotFoundException) {
                LOG.debug("Left out {}: {}", list.place(), e.getMessage());
            } else {
                failure = failure == null ? e : failure;
            }
        }

        /** Reads a list as far as it is to be read; false if it was cut off. */
        private boolean read(Lists.Opened list) throws Exception {
            while (list.pages().hasNext()) {
                if (!mayReadOn() || room() == 0) {
                    return false;
                }
                Page page = list.pages().next();
                if (page == null) {
                    return false;
                }
                watch.page(page);
                Batch batch = new Batch(list, page);
                boolean cutOff = batch.claim(room());
                boolean goesOn = !cutOff && list.reading().goesOn(page);
                if (goesOn) {
                    list.pages().readAhead();
                }
                handed += batch.handOver();
                if (cutOff || !batch.isDone()) {
                    return false;
                }
                if (!goesOn) {
                    return true;
                }
            }
            return !list.pages().isClosed();
        }

        private int room() {
            return maxMessagesPerPoll > 0 ? Math.max(0, maxMessagesPerPoll - handed) : Integer.MAX_VALUE;
        }
    }

    /** What is due of one page. */
    private final class Batch {

        private final Lists.Opened list;
        private final Page page;
        private final Queue<Object> exchanges = new ArrayDeque<>();

        private Batch(Lists.Opened list, Page page) {
            this.list = list;
            this.page = page;
        }

        /** Claims what is due; true if there was more than there is room for. */
        private boolean claim(int room) {
            List<LagoRecord> records = new ArrayList<>();
            List<HandOver> handOvers = new ArrayList<>();
            boolean split = endpoint.getConfiguration().isSplitPages();
            boolean cutOff = false;
            try {
                for (LagoRecord record : page.records()) {
                    if (split && handOvers.size() == room) {
                        cutOff = true;
                        break;
                    }
                    HandOver handOver = list.reading().claim(record, list.pages().readAt());
                    if (handOver != null) {
                        records.add(record);
                        handOvers.add(handOver);
                    } else {
                        watch.completed(watch.moment(List.of(record)));
                    }
                }
            } catch (RuntimeException e) {
                handOvers.forEach(HandOver::failed);
                throw e;
            }
            if (split) {
                for (int i = 0; i < records.size(); i++) {
                    LagoRecord record = records.get(i);
                    exchanges.add(exchange(record.body(), record.field(reading.entry().records().id()), List.of(record),
                            List.of(handOvers.get(i))));
                }
            } else if (!records.isEmpty()) {
                exchanges.add(exchange(records.stream().map(LagoRecord::body).toList(), null, records, handOvers));
            }
            return cutOff;
        }

        private Exchange exchange(Object body, String id, List<LagoRecord> records, List<HandOver> handOvers) {
            Exchange exchange = createExchange(true);
            exchange.getMessage().setBody(body);
            Headers.set(exchange, reading, endpoint.getResource(), id, page.response().status(), page.response().rate());
            list.place().path()
                    .forEach((name, value) -> exchange.getMessage().setHeader(LagoConstants.PATH_PREFIX + name, value));
            exchange.getExchangeExtension().addOnCompletion(new Completion(handOvers, watch.moment(records)));
            return exchange;
        }

        private int handOver() throws Exception {
            return processBatch(exchanges);
        }

        private boolean isDone() {
            return exchanges.isEmpty();
        }
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
        // a stop in the middle: what was not handed over comes again
        for (Object rest : exchanges) {
            Exchange exchange = (Exchange) rest;
            exchange.getExchangeExtension().handoverCompletions().forEach(c -> c.onFailure(exchange));
            releaseExchange(exchange, false);
        }
        return handed;
    }

    private final class Completion implements Synchronization {

        private final List<HandOver> handOvers;
        private final long moment;

        private Completion(List<HandOver> handOvers, long moment) {
            this.handOvers = handOvers;
            this.moment = moment;
        }

        @Override
        public void onComplete(Exchange exchange) {
            if (exchange.isRollbackOnly() || exchange.isRollbackOnlyLast()) {
                onFailure(exchange);
                return;
            }
            watch.completed(moment);
            for (HandOver handOver : handOvers) {
                try {
                    handOver.completed();
                } catch (Exception e) {
                    getExceptionHandler().handleException("Cannot remember that a record of " + endpoint.getResource()
                            + " was handed over, it comes again with the next poll", exchange, e);
                }
            }
        }

        @Override
        public void onFailure(Exchange exchange) {
            handOvers.forEach(HandOver::failed);
            watch.failed();
            if (exchange.getException() != null) {
                getExceptionHandler().handleException("Error processing " + endpoint.getResource() + ", it comes again with"
                        + " the next poll", exchange, exchange.getException());
            }
        }

        @Override
        public String toString() {
            return "LagoConsumerCompletion";
        }
    }

    @Override
    protected void doSuspend() throws Exception {
        open.forEach(Lists.Opened::close);
        super.doSuspend();
    }

    @Override
    protected void doStop() throws Exception {
        open.forEach(Lists.Opened::close);
        super.doStop();
        if (pool != null) {
            endpoint.getCamelContext().getExecutorServiceManager().shutdownNow(pool);
            pool = null;
        }
        // a route that is stopped and started gets another consumer, which is to remember what this one does
        endpoint.bequeath(selection);
        selection = null;
    }
}
