package io.github.camellago;

import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;

import io.github.camellago.catalog.BoundOperation;
import io.github.camellago.catalog.Operation;
import io.github.camellago.catalog.RecordType;
import io.github.camellago.client.Envelope;
import io.github.camellago.client.LagoRecord;
import io.github.camellago.client.LagoResponse;
import io.github.camellago.client.Page;
import io.github.camellago.poll.HandedOver;
import io.github.camellago.poll.Pages;
import io.github.camellago.poll.ReadMode;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Processor;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.spi.Synchronization;
import org.apache.camel.support.EmptyAsyncCallback;
import org.apache.camel.support.ScheduledBatchPollingConsumer;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;
import org.apache.camel.support.service.ServiceHelper;

/**
 * Polls one of Lago's lists. Each page is one batch; its records are handed over as they are read, and count as handed over when
 * their exchanges complete.
 */
class LagoConsumer extends ScheduledBatchPollingConsumer {

    private static final int REMEMBERED = 100_000;

    private final LagoEndpoint endpoint;
    private final BoundOperation reading;
    private final Calls calls;
    private IdempotentRepository repository;
    private HandedOver handedOver;

    LagoConsumer(LagoEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        this.calls = new Calls(endpoint);
        this.reading = reading(endpoint);
        Query.check(reading.operation(), endpoint.getFilter().keySet());
        Query.checkRequired(reading.operation(), endpoint.getFilter().keySet());
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
        calls.checkPath(reading);
        repository = endpoint.getConfiguration().getIdempotentRepository();
        if (repository == null) {
            repository = MemoryIdempotentRepository.memoryIdempotentRepository(REMEMBERED);
        }
        ServiceHelper.startService(repository);
        handedOver = new HandedOver(endpoint.getConfiguration().getReadMode(), reading.entry().records(), repository);
        super.doStart();
    }

    @Override
    protected int poll() throws Exception {
        shutdownRunningTask = null;
        pendingExchanges = 0;
        Exchange asking = endpoint.createExchange();
        Pages pages = new Pages(number -> read(asking, number), 1);
        int handed = 0;
        while (pages.hasNext() && isBatchAllowed()) {
            Page page = pages.next();
            Queue<Object> exchanges = exchanges(page, room(handed));
            boolean nothingDue = exchanges.isEmpty() && !page.records().isEmpty();
            int count = exchanges.size();
            handed += processBatch(exchanges);
            boolean full = room(handed) == 0;
            if (full || nothingDue && stopsAtKnown()) {
                break;
            }
            if (count > 0 && page.nextPage() != null) {
                pendingExchanges = 0;
            }
        }
        return handed;
    }

    private boolean stopsAtKnown() {
        return endpoint.getConfiguration().getReadMode() == ReadMode.NEW && reading.entry().records().newestFirst();
    }

    private int room(int handed) {
        return maxMessagesPerPoll > 0 ? Math.max(0, maxMessagesPerPoll - handed) : Integer.MAX_VALUE;
    }

    private Page read(Exchange asking, int number) {
        Operation operation = reading.operation();
        return endpoint.client().call(calls.page(reading, asking, number),
                response -> operation.answer() == Operation.Answer.LIST
                        ? Envelope.page(response, operation.answerRoot(), endpoint.binding(), fields())
                        : single(response, operation));
    }

    /** What is not a list is a page of one. */
    private Page single(LagoResponse response, Operation operation) throws java.io.IOException {
        if (operation.operationId() == null && Envelope.isList(response)) {
            return Envelope.page(response, null, endpoint.binding(), fields());
        }
        Object body = Envelope.unwrap(response, operation.answerRoot(), endpoint.binding());
        List<LagoRecord> records = body == null
                ? List.of()
                : List.of(new LagoRecord(body, java.util.Map.of(), response.body(), 0, response.body().length));
        return new Page(records, null, null, null, response);
    }

    private Set<String> fields() {
        RecordType type = reading.entry().records();
        Set<String> fields = new LinkedHashSet<>();
        if (type.key() != null) {
            fields.add(type.key());
        }
        if (type.id() != null) {
            fields.add(type.id());
        }
        if (type.updatedAt()) {
            fields.add("updated_at");
        }
        return fields;
    }

    private Queue<Object> exchanges(Page page, int room) {
        Queue<Object> exchanges = new ArrayDeque<>();
        String path = endpoint.target().path().toString();
        if (endpoint.getConfiguration().isSplitPages()) {
            for (LagoRecord record : page.records()) {
                String key = handedOver.key(path, record);
                if (exchanges.size() < room && handedOver.claim(key)) {
                    exchanges.add(exchange(page, record.body(), record.field(reading.entry().records().id()), List.of(key)));
                }
            }
            return exchanges;
        }
        List<LagoRecord> due = page.records().stream().filter(r -> handedOver.claim(handedOver.key(path, r))).toList();
        if (!due.isEmpty()) {
            exchanges.add(exchange(page, due.stream().map(LagoRecord::body).toList(), null,
                    due.stream().map(r -> handedOver.key(path, r)).toList()));
        }
        return exchanges;
    }

    private Exchange exchange(Page page, Object body, String id, List<String> keys) {
        Exchange exchange = createExchange(true);
        exchange.getMessage().setBody(body);
        Headers.set(exchange, reading, endpoint.getResource(), id, page.response().status(), page.response().rate());
        exchange.getExchangeExtension().addOnCompletion(new Synchronization() {
            @Override
            public void onComplete(Exchange done) {
                keys.forEach(handedOver::completed);
            }

            @Override
            public void onFailure(Exchange failed) {
                keys.forEach(handedOver::failed);
                if (failed.getException() != null) {
                    getExceptionHandler()
                            .handleException("Error processing " + endpoint.getResource() + ", it comes again with the"
                                    + " next poll", failed, failed.getException());
                }
            }

            @Override
            public String toString() {
                return "LagoConsumerCompletion";
            }
        });
        return exchange;
    }

    @Override
    public int processBatch(Queue<Object> exchanges) throws Exception {
        int total = exchanges.size();
        int handed = 0;
        while (!exchanges.isEmpty() && isBatchAllowed()) {
            Exchange exchange = (Exchange) exchanges.poll();
            exchange.setProperty(ExchangePropertyKey.BATCH_INDEX, handed);
            exchange.setProperty(ExchangePropertyKey.BATCH_SIZE, total);
            exchange.setProperty(ExchangePropertyKey.BATCH_COMPLETE, handed == total - 1);
            pendingExchanges = total - handed - 1;
            handed++;
            getAsyncProcessor().process(exchange, EmptyAsyncCallback.get());
        }
        // a stop in the middle: what was not handed over comes again
        for (Object rest : exchanges) {
            Exchange exchange = (Exchange) rest;
            exchange.getExchangeExtension().handoverCompletions().forEach(c -> c.onFailure(exchange));
            releaseExchange(exchange, false);
        }
        return handed;
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        if (endpoint.getConfiguration().getIdempotentRepository() == null) {
            ServiceHelper.stopService(repository);
        }
    }
}
