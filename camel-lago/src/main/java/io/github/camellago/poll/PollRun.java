package io.github.camellago.poll;

import java.time.Instant;
import java.util.Deque;
import java.util.List;

import io.github.camellago.LagoConstants;
import io.github.camellago.api.LagoException;
import io.github.camellago.client.Page;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** One poll of a consumer: reads its list, or those of all parents, and has the records processed. For one thread. */
public final class PollRun {

    private final PollContext consumer;
    private final ListReader lists;
    private final ParentLists parents;
    private final PollMetrics metrics;
    private final Deque<ListReader.Opened> open;
    private final int ahead;
    private final LoadProgress progress;
    private final SkippedParents skipped = new SkippedParents();
    private final Instant started = Instant.now();
    private int sent;
    private long records;
    private boolean limited;

    /**
     * @param open     the lists that are being read; others may close them
     * @param ahead    how many lists of parents are opened ahead
     * @param progress logs the progress; null for none
     */
    public PollRun(PollContext consumer, ListReader lists, ParentLists parents, PollMetrics metrics,
            Deque<ListReader.Opened> open, int ahead, LoadProgress progress) {
        this.consumer = consumer;
        this.lists = lists;
        this.parents = parents;
        this.metrics = metrics;
        this.open = open;
        this.ahead = ahead;
        this.progress = progress;
    }

    /** Polls, and returns the number of messages. */
    public int run() throws Exception {
        metrics.begin();
        if (progress != null) {
            progress.begin();
        }
        boolean read = false;
        try {
            readAll();
            read = true;
        } finally {
            metrics.ended(read, sent);
            if (progress != null) {
                progress.end(read && metrics.isComplete(), sent);
            }
        }
        if (consumer.settings().configuration().isSendPollComplete() && metrics.isComplete()) {
            sendPollComplete();
        }
        return sent;
    }

    private void sendPollComplete() throws Exception {
        Exchange exchange = consumer.createExchange(true);
        Message message = exchange.getMessage();
        message.setHeader(LagoConstants.RESOURCE, consumer.settings().resource());
        message.setHeader(LagoConstants.POLL_COMPLETE, true);
        message.setHeader(LagoConstants.POLL_STARTED, started);
        message.setHeader(LagoConstants.POLL_RECORDS, records);
        PageBatch.process(consumer, metrics, exchange, List.of());
    }

    private void readAll() throws Exception {
        boolean whole = false;
        try {
            ParentLists.ParentIterator parentKeys = parents.parents(lists, skipped);
            while (consumer.mayReadOn() && room() > 0 && (parentKeys.hasNext() || !open.isEmpty())) {
                while (parentKeys.hasNext() && open.size() <= ahead) {
                    open.add(lists.open(parentKeys.next()));
                }
                readNext();
            }
            whole = !limited && open.isEmpty() && parentKeys.isOver();
        } finally {
            for (ListReader.Opened left = open.poll(); left != null; left = open.poll()) {
                left.close();
                left.reading().end(false, false);
            }
            lists.polled(whole);
        }
        if (!whole) {
            metrics.list(false);
        }
        skipped.throwIfAny();
    }

    private void readNext() throws Exception {
        ListReader.Opened list = open.peek();
        boolean whole = false;
        boolean none = false;
        try {
            whole = read(list) && deliverDeletions(list);
            limited |= !whole;
        } catch (LagoException e) {
            none = skipped.keepOrThrow(list.parent(), e);
        } finally {
            open.remove(list);
            list.close();
            list.reading().end(whole, list.pages().moved());
            metrics.list(none || whole && !list.pages().moved());
        }
    }

    /** Delivers the deletions of a list that was read to its end; false if there may be more. */
    private boolean deliverDeletions(ListReader.Opened list) throws Exception {
        if (!lists.findsDeletions() || list.pages().moved()) {
            return true;
        }
        DeletionRun deletions = new DeletionRun(consumer, metrics, lists, list, started);
        try {
            return deletions.run(room());
        } finally {
            sent += deletions.sent();
        }
    }

    /** Reads a list as far as necessary; false if it was interrupted. */
    private boolean read(ListReader.Opened list) throws Exception {
        boolean first = true;
        while (list.pages().hasNext()) {
            if (!consumer.mayReadOn() || room() == 0) {
                return false;
            }
            Page page = list.pages().next();
            if (page == null) {
                return false;
            }
            metrics.page(page);
            if (progress != null) {
                progress.page(page, first, list.parent() == ParentLists.ParentKey.NONE, sent);
                first = false;
            }
            PageBatch batch = new PageBatch(consumer, metrics, list, page, started);
            boolean limited = batch.claim(room());
            boolean hasMore = !limited && list.reading().hasMore(page, list.pages().readAt().lago());
            if (hasMore) {
                list.pages().readAhead();
            }
            sent += batch.process();
            records += batch.records();
            lists.flush();
            if (limited || !batch.isDone()) {
                return false;
            }
            if (!hasMore) {
                return true;
            }
        }
        return !list.pages().isClosed();
    }

    private int room() {
        int most = consumer.getMaxMessagesPerPoll();
        return most > 0 ? Math.max(0, most - sent) : Integer.MAX_VALUE;
    }
}
