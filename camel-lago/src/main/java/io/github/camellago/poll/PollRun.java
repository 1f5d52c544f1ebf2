package io.github.camellago.poll;

import java.util.Deque;

import io.github.camellago.api.LagoException;
import io.github.camellago.client.Page;

/** One poll of a consumer: reads its list, or those of all parents, and has what is due handed over. For one thread. */
public final class PollRun {

    private final PollContext consumer;
    private final ListReader lists;
    private final ParentLists parents;
    private final PollMetrics watch;
    private final Deque<ListReader.Opened> open;
    private final int ahead;
    private final SkippedParents leftOut = new SkippedParents();
    private int handed;
    private boolean cutOff;

    /**
     * @param open  where the lists that are being read are kept, for others to close them
     * @param ahead how many lists of parents are opened before it is their turn
     */
    public PollRun(PollContext consumer, ListReader lists, ParentLists parents, PollMetrics watch,
            Deque<ListReader.Opened> open,
            int ahead) {
        this.consumer = consumer;
        this.lists = lists;
        this.parents = parents;
        this.watch = watch;
        this.open = open;
        this.ahead = ahead;
    }

    /** Polls, and says how many messages were handed over. */
    public int run() throws Exception {
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
        boolean whole = false;
        try {
            ParentLists.ParentIterator places = parents.places(lists, leftOut);
            while (consumer.mayReadOn() && room() > 0 && (places.hasNext() || !open.isEmpty())) {
                while (places.hasNext() && open.size() <= ahead) {
                    open.add(lists.open(places.next()));
                }
                readNext();
            }
            whole = !cutOff && open.isEmpty() && places.isOver();
        } finally {
            for (ListReader.Opened left = open.poll(); left != null; left = open.poll()) {
                left.close();
                left.reading().end(false, false);
            }
            lists.polled(whole);
        }
        if (!whole) {
            watch.list(false);
        }
        leftOut.throwIfAny();
    }

    private void readNext() throws Exception {
        ListReader.Opened list = open.peek();
        boolean whole = false;
        try {
            whole = read(list);
            cutOff |= !whole;
        } catch (LagoException e) {
            leftOut.keepOrThrow(list.place(), e);
        } finally {
            open.remove(list);
            list.close();
            list.reading().end(whole, list.pages().shifted());
            watch.list(whole && !list.pages().shifted());
        }
    }

    /** Reads a list as far as it is to be read; false if it was cut off. */
    private boolean read(ListReader.Opened list) throws Exception {
        while (list.pages().hasNext()) {
            if (!consumer.mayReadOn() || room() == 0) {
                return false;
            }
            Page page = list.pages().next();
            if (page == null) {
                return false;
            }
            watch.page(page);
            PageBatch batch = new PageBatch(consumer, watch, list, page);
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
        int most = consumer.getMaxMessagesPerPoll();
        return most > 0 ? Math.max(0, most - handed) : Integer.MAX_VALUE;
    }
}
