package io.github.camellago.poll;

import java.time.Instant;
import java.util.List;

import io.github.camellago.LagoConstants;
import io.github.camellago.api.LagoException;
import io.github.camellago.api.RecordRepository.Row;
import io.github.camellago.poll.Reading.Claim;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/**
 * Delivers the deletions of one list after a complete reading: each stored record that the reading has not found, and that Lago does
 * not have when it is asked for the record by id.
 */
final class DeletionRun {

    private final PollContext consumer;
    private final PollMetrics metrics;
    private final ListReader lists;
    private final ListReader.Opened list;
    private final ProcessedRecords.Missing missing;
    private final Instant pollStarted;
    private LagoException failure;
    private int sent;

    DeletionRun(PollContext consumer, PollMetrics metrics, ListReader lists, ListReader.Opened list,
            Instant pollStarted) {
        this.consumer = consumer;
        this.metrics = metrics;
        this.lists = lists;
        this.list = list;
        this.missing = list.reading().missing();
        this.pollStarted = pollStarted;
    }

    /**
     * Delivers at most so many deletions. A record that cannot be looked up does not keep the others from being looked up.
     *
     * @return                whether all were delivered; false if there is no room for more, or a stop was requested
     * @throws LagoException if records could not be looked up
     */
    boolean run(int room) throws Exception {
        List<Row> rows = missing.rows(null);
        while (!rows.isEmpty()) {
            for (Row row : rows) {
                if (missing.contains(row)) {
                    if (!consumer.mayReadOn() || sent == room) {
                        return false;
                    }
                    check(row);
                }
            }
            lists.flush();
            rows = missing.rows(rows.get(rows.size() - 1).key());
        }
        if (failure != null) {
            throw failure;
        }
        return true;
    }

    private void check(Row row) throws Exception {
        boolean gone;
        try {
            gone = lists.isGone(list.parent(), row);
        } catch (LagoException e) {
            if (e.getStatusCode() == 0) {
                throw e;
            }
            failure = failure == null ? e : failure;
            return;
        }
        if (!gone) {
            missing.exists(row);
            return;
        }
        Claim claim = missing.claim(row);
        if (claim != null) {
            deliver(row, claim);
        }
    }

    private void deliver(Row row, Claim claim) throws Exception {
        Exchange exchange = consumer.createExchange(true);
        Message message = exchange.getMessage();
        message.setHeader(LagoConstants.RESOURCE, consumer.settings().resource());
        message.setHeader(LagoConstants.DELETED, true);
        message.setHeader(LagoConstants.POLL_STARTED, pollStarted);
        message.setHeader(LagoConstants.ID, row.id());
        message.setHeader(LagoConstants.RECORD_KEY, row.key());
        list.parent().path().forEach((name, value) -> message.setHeader(LagoConstants.PATH_PREFIX + name, value));
        sent++;
        PageBatch.process(consumer, metrics, exchange, List.of(claim));
    }

    int sent() {
        return sent;
    }
}
