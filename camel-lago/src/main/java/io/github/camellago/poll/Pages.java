package io.github.camellago.poll;

import java.util.Deque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.IntFunction;

import io.github.camellago.api.LagoTransportException;
import io.github.camellago.client.Page;

/**
 * The pages of a list from the first to the end, in order, some of them fetched ahead while earlier ones are processed.
 *
 * <p>The end is where Lago names no next page, or hands out an empty one: its totals may be half an hour old, and serve only to
 * guess which pages can be fetched at the same time. Where the total shrinks from one page to the next, records have moved
 * forward past the reader: it goes back that far and reads on from there, so that those pages come again.
 *
 * <p>For one thread; {@link #close} may be called by any.
 */
public final class Pages implements AutoCloseable {

    /** A list that shrinks all the time must not be read for ever. */
    private static final int GO_BACK_AT_MOST = 10;

    private final IntFunction<Page> source;
    private final Executor pool;
    private final int ahead;
    private final boolean inAnyOrder;
    private final Deque<Fetch> window = new ConcurrentLinkedDeque<>();

    private volatile boolean closed;
    private Integer next = 1;
    private long readAt;
    private int last = 1;
    private Integer total;
    private int wentBack;
    private boolean shifted;

    /**
     * @param source     reads the page of a number
     * @param pool       where pages are fetched ahead
     * @param ahead      how many pages are fetched ahead at most
     * @param inAnyOrder whether pages may be fetched in another order than theirs, so several at a time; if not, the next one is
     *                   fetched once {@link #readAhead} says so
     */
    public Pages(IntFunction<Page> source, Executor pool, int ahead, boolean inAnyOrder) {
        this.source = source;
        this.pool = pool;
        this.ahead = ahead;
        this.inAnyOrder = inAnyOrder;
    }

    public boolean hasNext() {
        return next != null && !closed;
    }

    public boolean isClosed() {
        return closed;
    }

    /** Whether records have moved forward past the reader, so that it may have missed some. */
    public boolean shifted() {
        return shifted;
    }

    /** A moment before the page that was handed out last was asked for, in milliseconds. */
    public long readAt() {
        return readAt;
    }

    /**
     * The next page, waiting for it if need be; null when {@link #close} was called meanwhile. If reading fails, the same page is
     * next again.
     */
    public Page next() {
        int number = next;
        Page page = take(number);
        if (page == null) {
            return null;
        }
        Integer named = page.nextPage();
        next = page.records().isEmpty() || named == null || named <= number ? null : named;
        int shrunk = total == null || page.totalCount() == null ? 0 : total - page.totalCount();
        total = page.totalCount();
        if (shrunk > 0) {
            shifted = true;
            goBack(number, page, shrunk);
        } else if (next == null || next != number + 1) {
            drop();
        }
        if (next != null) {
            last = Math.max(next, inAnyOrder && page.totalPages() != null ? page.totalPages() : 0);
            if (inAnyOrder) {
                readAhead();
            }
        }
        return page;
    }

    private void goBack(int number, Page page, int shrunk) {
        drop();
        if (number > 1 && wentBack < GO_BACK_AT_MOST) {
            wentBack++;
            int size = Math.max(1, page.records().size());
            next = Math.max(1, number - (shrunk + size - 1) / size);
        }
    }

    /** Fetches the pages that are known to come next, as many as are wanted ahead. */
    public void readAhead() {
        if (next == null) {
            return;
        }
        int number = window.isEmpty() ? next : window.peekLast().number + 1;
        while (window.size() < ahead && number <= last && !closed) {
            Fetch fetch = new Fetch(number++);
            window.add(fetch);
            try {
                pool.execute(fetch);
            } catch (RejectedExecutionException e) {
                close();
            }
        }
        if (closed) {
            drop();
        }
    }

    private Page take(int number) {
        Fetch fetch = window.peek();
        if (fetch == null) {
            readAt = System.currentTimeMillis();
            return closed ? null : source.apply(number);
        }
        try {
            Page page = fetch.get();
            readAt = fetch.begun;
            window.remove(fetch);
            return page;
        } catch (CancellationException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            return null;
        } catch (ExecutionException e) {
            drop();
            if (closed && e.getCause() instanceof LagoTransportException) {
                return null;
            }
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        }
    }

    private void drop() {
        Fetch fetch;
        while ((fetch = window.poll()) != null) {
            fetch.cancel(false);
        }
    }

    /** Ends the reading; whoever waits in {@link #next} is let go. */
    @Override
    public void close() {
        closed = true;
        for (Fetch fetch : window.toArray(Fetch[]::new)) {
            fetch.cancel(false);
        }
    }

    private final class Fetch extends FutureTask<Page> {

        private final int number;
        private volatile long begun;

        private Fetch(int number) {
            super(() -> source.apply(number));
            this.number = number;
        }

        @Override
        public void run() {
            begun = System.currentTimeMillis();
            super.run();
        }
    }
}
