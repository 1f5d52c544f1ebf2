package io.github.camellago.poll;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

import io.github.camellago.LagoConstants;
import io.github.camellago.client.LagoRecord;
import io.github.camellago.client.Page;
import io.github.camellago.operation.ResponseHeaders;
import io.github.camellago.poll.Reading.Claim;
import org.apache.camel.Exchange;
import org.apache.camel.PooledExchange;

/** The records of one page that are to be processed. */
final class PageBatch {

    private final PollContext consumer;
    private final PollMetrics metrics;
    private final ListReader.Opened list;
    private final Page page;
    private final Instant pollStarted;
    private final Queue<Object> exchanges = new ArrayDeque<>();
    private final List<ProcessedSynchronization> completions = new ArrayList<>();
    private int records;
    private boolean done;

    PageBatch(PollContext consumer, PollMetrics metrics, ListReader.Opened list, Page page,
            Instant pollStarted) {
        this.consumer = consumer;
        this.metrics = metrics;
        this.list = list;
        this.page = page;
        this.pollStarted = pollStarted;
    }

    /** Claims the records; true if there are more than there is room for. */
    boolean claim(int room) {
        List<LagoRecord> records = new ArrayList<>();
        List<Claim> claims = new ArrayList<>();
        boolean split = consumer.settings().configuration().isSplitPages();
        boolean limited = false;
        list.reading().turnTo(page);
        try {
            for (LagoRecord record : page.records()) {
                if (split && claims.size() == room) {
                    limited = true;
                    break;
                }
                Claim claim = list.reading().claim(record, list.pages().readAt().earliest());
                if (claim == Reading.IN_FLIGHT) {
                    continue;
                }
                if (claim != null && record.body() instanceof UnreadableRecord unreadable) {
                    skip(record, unreadable, claim);
                } else if (claim != null) {
                    records.add(record);
                    claims.add(claim);
                } else {
                    metrics.known(metrics.moment(List.of(record)));
                }
            }
        } catch (RuntimeException e) {
            claims.forEach(Claim::failed);
            throw e;
        }
        this.records = records.size();
        if (split) {
            String id = consumer.reading().entry().records().id();
            for (int i = 0; i < records.size(); i++) {
                LagoRecord record = records.get(i);
                exchanges.add(exchange(record.body(), record.field(id), List.of(record), List.of(claims.get(i))));
            }
        } else if (!records.isEmpty()) {
            exchanges.add(exchange(records.stream().map(LagoRecord::body).toList(), null, records, claims));
        }
        return limited;
    }

    /** A record that cannot be read would fail in each poll: it is reported, and counts as processed until it changes. */
    private void skip(LagoRecord record, UnreadableRecord unreadable, Claim claim) {
        claim.processed();
        String id = record.field(consumer.reading().entry().records().id());
        consumer.reportError("Cannot read a record of " + consumer.settings().resource() + " with id " + id
                + "; it is skipped until it changes", null, unreadable.cause());
    }

    private Exchange exchange(Object body, String id, List<LagoRecord> records, List<Claim> claims) {
        Exchange exchange = consumer.createExchange(true);
        exchange.getMessage().setBody(body);
        ResponseHeaders.set(exchange, consumer.settings().resource(), id, page.response().status(),
                page.response().rate());
        exchange.getMessage().setHeader(LagoConstants.POLL_STARTED, pollStarted);
        list.parent().path()
                .forEach((name, value) -> exchange.getMessage().setHeader(LagoConstants.PATH_PREFIX + name, value));
        ProcessedSynchronization completion = new ProcessedSynchronization(consumer, metrics, claims, metrics.moment(records));
        completions.add(completion);
        consumer.started(completion);
        exchange.getExchangeExtension().addOnCompletion(completion);
        return exchange;
    }

    /** Processes the claimed records, and returns the number of messages. The next poll delivers what a stop leaves. */
    int process() throws Exception {
        int sent = process(consumer, exchanges, completions);
        done = exchanges.isEmpty();
        return sent;
    }

    /** Processes a message that has no records. */
    static void process(PollContext consumer, PollMetrics metrics, Exchange exchange, List<Claim> claims) throws Exception {
        ProcessedSynchronization completion = new ProcessedSynchronization(consumer, metrics, claims, PollMetrics.NEVER);
        consumer.started(completion);
        exchange.getExchangeExtension().addOnCompletion(completion);
        process(consumer, new ArrayDeque<>(List.of(exchange)), List.of(completion));
    }

    private static int process(PollContext consumer, Queue<Object> exchanges, List<ProcessedSynchronization> completions)
            throws Exception {
        int sent = consumer.processBatch(exchanges);
        completions.subList(sent, completions.size()).forEach(ProcessedSynchronization::abandon);
        for (Object exchange : exchanges) {
            if (exchange instanceof PooledExchange pooled) {
                // this returns it to its pool, once
                pooled.done();
            }
        }
        return sent;
    }

    int records() {
        return records;
    }

    /** Whether all of them were sent to the route. */
    boolean isDone() {
        return done;
    }
}
