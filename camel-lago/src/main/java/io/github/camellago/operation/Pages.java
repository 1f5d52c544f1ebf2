package io.github.camellago.operation;

import java.time.Instant;
import java.util.Deque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;

import io.github.camellago.api.LagoTransportException;
import io.github.camellago.client.LagoRecord;
import io.github.camellago.client.Page;

/**
 * The pages of a list from first to last. Some are fetched ahead while earlier ones are processed. Which page comes next is a
 * matter of the {@link PagePlan}: in any order and several at a time, or one after the other without missing a record.
 *
 * <p>For one thread; {@link #close} may be called by any.
 */
public final class Pages implements AutoCloseable {

    /** Reads one page. */
    @FunctionalInterface
    public interface Source {

        Page read(int number, int size);
    }

    /**
     * A moment before the last page was read, in milliseconds.
     *
     * @param lago     by Lago's clock, as far as the answer says what that is
     * @param earliest by Lago's clock or the local one, whichever is behind
     */
    public record ReadAt(long lago, long earliest) {}

    /** A page to ask for. */
    record Step(int number, int size) {

        /** The position in the list of the page's first record, from 0. */
        int start() {
            return (number - 1) * size;
        }
    }

    private final Source source;
    private final Executor pool;
    private final int ahead;
    private final PagePlan plan;
    private final Deque<Fetch> fetches = new ConcurrentLinkedDeque<>();

    private volatile boolean closed;
    private ReadAt readAt;

    private Pages(Source source, Executor pool, int ahead, PagePlan plan) {
        this.source = source;
        this.pool = pool;
        this.ahead = ahead;
        this.plan = plan;
    }

    /**
     * Pages that may be fetched several at a time. A record that changes its position meanwhile may be missed, or occur twice.
     *
     * @param first the number of the first page
     * @param size  how many records a page has
     * @param pool  where pages are fetched ahead; null to fetch none
     * @param ahead the maximum number of pages fetched ahead
     */
    public static Pages inAnyOrder(Source source, int first, int size, Executor pool, int ahead) {
        return new Pages(source, pool, pool == null ? 0 : ahead, new NumberedPages(first, size));
    }

    /**
     * Pages that overlap, so that no record is missed that was in the list when reading began. At most one is fetched ahead, once
     * {@link #readAhead} is called. A record that a page has in common with the pages just before it is left out.
     *
     * @param first    the number of the first page
     * @param identity what identifies a record
     */
    public static Pages overlapping(Source source, int first, int size, Executor pool, int ahead,
            Function<LagoRecord, String> identity) {
        return new Pages(source, pool, pool == null ? 0 : Math.min(1, ahead), new OverlappingPages(first, size, identity));
    }

    public boolean hasNext() {
        return plan.next() != null && !closed;
    }

    public boolean isClosed() {
        return closed;
    }

    /** Whether records may have been missed because the list moved while it was read. */
    public boolean moved() {
        return plan.moved();
    }

    public ReadAt readAt() {
        return readAt;
    }

    /** The next page, waiting for it if necessary; null if closed meanwhile, or at the end. If reading fails, the same page is next again. */
    public Page next() {
        while (hasNext()) {
            Page page = take(plan.next());
            if (page == null) {
                return null;
            }
            Page accepted = plan.accept(page);
            if (!fetches.isEmpty() && !fetches.peek().step.equals(plan.next())) {
                drop();
            }
            if (accepted != null) {
                return accepted;
            }
        }
        return null;
    }

    /** Fetches the pages that are known to come next, as many as are wanted ahead. */
    public void readAhead() {
        while (!closed && fetches.size() < ahead) {
            Step step = fetches.isEmpty() ? plan.next() : plan.after(fetches.peekLast().step);
            if (step == null) {
                break;
            }
            Fetch fetch = new Fetch(step);
            fetches.add(fetch);
            try {
                pool.execute(fetch);
            } catch (RejectedExecutionException e) {
                close();
            } catch (Error e) {
                // no thread can be started: the page is read when it is next
                fetches.remove(fetch);
                break;
            }
        }
        if (closed) {
            drop();
        }
    }

    private Page take(Step step) {
        Fetch fetch = fetches.peek();
        if (fetch == null) {
            if (closed) {
                return null;
            }
            long begun = System.nanoTime();
            Page page = source.read(step.number(), step.size());
            readAt = readAt(page, begun);
            return page;
        }
        try {
            Page page = fetch.get();
            readAt = fetch.readAt;
            fetches.remove(fetch);
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

    private static ReadAt readAt(Page page, long begun) {
        Instant date = page.response() == null ? null : page.response().date();
        long took = (System.nanoTime() - begun) / 1_000_000;
        long local = System.currentTimeMillis() - took;
        long lago = date == null ? local : date.toEpochMilli() - took;
        return new ReadAt(lago, Math.min(lago, local));
    }

    private void drop() {
        Fetch fetch;
        while ((fetch = fetches.poll()) != null) {
            fetch.cancel(false);
        }
    }

    /** Ends the reading; a caller that waits in {@link #next} returns. */
    @Override
    public void close() {
        closed = true;
        for (Fetch fetch : fetches.toArray(Fetch[]::new)) {
            fetch.cancel(false);
        }
    }

    private final class Fetch extends FutureTask<Page> {

        private final Step step;
        private volatile long begun;
        private volatile ReadAt readAt;

        private Fetch(Step step) {
            super(() -> source.read(step.number(), step.size()));
            this.step = step;
        }

        @Override
        public void run() {
            begun = System.nanoTime();
            super.run();
        }

        @Override
        protected void set(Page page) {
            readAt = Pages.readAt(page, begun);
            super.set(page);
        }
    }
}
