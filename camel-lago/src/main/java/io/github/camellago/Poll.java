package io.github.camellago;

import java.util.Deque;
import java.util.Iterator;

import io.github.camellago.Parents.Place;
import io.github.camellago.client.LagoException;
import io.github.camellago.client.LagoNotFoundException;
import io.github.camellago.client.Page;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One poll of a consumer: reads its list, or those of all parents, and has what is due handed over. For one thread. */
final class Poll {

    private static final Logger LOG = LoggerFactory.getLogger(LagoConsumer.class);

    private final LagoConsumer consumer;
    private final Lists lists;
    private final Parents parents;
    private final PollWatch watch;
    private final Deque<Lists.Opened> open;
    private final int ahead;
    private int handed;
    private LagoException failure;

    /**
     * @param open  where the lists that are being read are kept, for others to close them
     * @param ahead how many lists of parents are opened before it is their turn
     */
    Poll(LagoConsumer consumer, Lists lists, Parents parents, PollWatch watch, Deque<Lists.Opened> open, int ahead) {
        this.consumer = consumer;
        this.lists = lists;
        this.parents = parents;
        this.watch = watch;
        this.open = open;
        this.ahead = ahead;
    }

    /** Polls, and says how many messages were handed over. */
    int run() throws Exception {
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
                while (consumer.mayReadOn() && room() > 0 && (places.hasNext() || !open.isEmpty())) {
                    while (places.hasNext() && open.size() <= ahead) {
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
            if (!consumer.mayReadOn() || room() == 0) {
                return false;
            }
            Page page = list.pages().next();
            if (page == null) {
                return false;
            }
            watch.page(page);
            Batch batch = new Batch(consumer, watch, list, page);
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
