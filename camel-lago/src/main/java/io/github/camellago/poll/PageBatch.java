package io.github.camellago.poll;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

import io.github.camellago.LagoConstants;
import io.github.camellago.client.LagoRecord;
import io.github.camellago.client.Page;
import io.github.camellago.operation.ResponseHeaders;
import io.github.camellago.poll.Reading.HandOver;
import org.apache.camel.Exchange;
import org.apache.camel.PooledExchange;

/** What is due of one page. */
final class PageBatch {

    private final PollContext consumer;
    private final PollMetrics watch;
    private final ListReader.Opened list;
    private final Page page;
    private final Queue<Object> exchanges = new ArrayDeque<>();
    private final List<ProcessedSynchronization> completions = new ArrayList<>();
    private boolean done;

    PageBatch(PollContext consumer, PollMetrics watch, ListReader.Opened list, Page page) {
        this.consumer = consumer;
        this.watch = watch;
        this.list = list;
        this.page = page;
    }

    /** Claims what is due; true if there was more than there is room for. */
    boolean claim(int room) {
        List<LagoRecord> records = new ArrayList<>();
        List<HandOver> handOvers = new ArrayList<>();
        boolean split = consumer.settings().configuration().isSplitPages();
        boolean cutOff = false;
        try {
            for (LagoRecord record : page.records()) {
                if (split && handOvers.size() == room) {
                    cutOff = true;
                    break;
                }
                HandOver handOver = list.reading().claim(record, list.pages().readAt());
                if (handOver == Reading.UNDER_WAY) {
                    continue;
                }
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
            String id = consumer.reading().entry().records().id();
            for (int i = 0; i < records.size(); i++) {
                LagoRecord record = records.get(i);
                exchanges.add(exchange(record.body(), record.field(id), List.of(record), List.of(handOvers.get(i))));
            }
        } else if (!records.isEmpty()) {
            exchanges.add(exchange(records.stream().map(LagoRecord::body).toList(), null, records, handOvers));
        }
        return cutOff;
    }

    private Exchange exchange(Object body, String id, List<LagoRecord> records, List<HandOver> handOvers) {
        Exchange exchange = consumer.createExchange(true);
        exchange.getMessage().setBody(body);
        ResponseHeaders.set(exchange, consumer.settings().resource(), id, page.response().status(),
                page.response().rate());
        list.place().path()
                .forEach((name, value) -> exchange.getMessage().setHeader(LagoConstants.PATH_PREFIX + name, value));
        ProcessedSynchronization completion = new ProcessedSynchronization(consumer, watch, handOvers, watch.moment(records));
        completions.add(completion);
        consumer.begun(completion);
        exchange.getExchangeExtension().addOnCompletion(completion);
        return exchange;
    }

    /** Hands over what was claimed, and says how many messages that were. What a stop in the middle leaves comes again. */
    int handOver() throws Exception {
        int handed = consumer.processBatch(exchanges);
        done = exchanges.isEmpty();
        completions.subList(handed, completions.size()).forEach(ProcessedSynchronization::abandon);
        for (Object exchange : exchanges) {
            if (exchange instanceof PooledExchange pooled) {
                // goes back to its pool by that, once
                pooled.done();
            }
        }
        return handed;
    }

    /** Whether all of it was handed over. */
    boolean isDone() {
        return done;
    }
}
