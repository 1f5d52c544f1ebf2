package io.github.camellago.client;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of Lago's rate limits as all callers with the same API key and host share it. Lago counts calls in windows and says in
 * each answer how many are left; when none is left, callers wait here for the window's end instead of running into a 429. While
 * the server says nothing of a limit, nobody waits. Thread-safe.
 */
final class RateBudget {

    /** Calls are counted when they leave, and Lago counts them a little later: new windows start this much late. */
    private static final long MARGIN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final Logger LOG = LoggerFactory.getLogger(RateBudget.class);
    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(RetryPolicy.LONGEST_WAIT);
    /** Who waits for longer is told. */
    private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** How often who waits looks whether to stop. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    /** One in so many of a window's calls goes first. */
    private static final int SCOUTS = 100;

    /**
     * A call taken from the budget.
     *
     * @param waited how long it waited for a window to end; zero where it did not have to
     * @param window the window it was taken from
     */
    record Ticket(Duration waited, long window) {}

    /** Thrown where the window's end is farther than anyone waits for. */
    static final class TooLongException extends Exception {
        private static final long serialVersionUID = 1L;
        private final Duration wait;

        TooLongException(Duration wait) {
            super("The rate limit's window ends in " + wait.toSeconds() + " s", null, false, false);
            this.wait = wait;
        }

        Duration left() {
            return wait;
        }
    }

    private final String name;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    private boolean limited;
    private int limit = Integer.MAX_VALUE;
    private int remaining;
    private int inFlight;
    private long windowEnd;
    private boolean windowKnown;
    private long window;
    /** When calls pass again by the server's word; the window ends earlier where that is too far to be believed for good. */
    private long free;
    private boolean told;

    /** @param name what is limited, for the log */
    RateBudget(String name) {
        this.name = name;
    }

    /**
     * Takes one call from the budget, waiting for the window's end while there is none.
     *
     * @param  stop             asked while waiting; the wait ends when it says true
     * @throws TooLongException at once, when there is none for longer than {@link RetryPolicy#LONGEST_WAIT}
     */
    Ticket acquire(java.util.function.BooleanSupplier stop) throws InterruptedException, TooLongException {
        lock.lockInterruptibly();
        try {
            long start = 0;
            while (limited && !stop.getAsBoolean()) {
                long now = System.nanoTime();
                if (windowKnown && now - windowEnd >= 0) {
                    // a new window, in which Lago may have counted calls already: a few go first, and their answers tell
                    remaining = Math.max(1, limit / SCOUTS);
                    windowKnown = false;
                    told = false;
                    window++;
                }
                if (remaining > 0) {
                    break;
                }
                if (windowKnown && free - now > LONGEST_NANOS) {
                    throw new TooLongException(Duration.ofNanos(free - now));
                }
                start = start == 0 ? now : start;
                tell(now);
                // without a window, one who went first is under way, and gives word in any case
                long wait = windowKnown ? windowEnd - now : LOOK_NANOS;
                changed.awaitNanos(Math.min(wait, LOOK_NANOS));
            }
            remaining--;
            inFlight++;
            return new Ticket(start == 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - start), window);
        } finally {
            lock.unlock();
        }
    }

    /** Gives back what an answer says; to be called once for each call acquired, with {@link RateLimit#UNKNOWN} if it got none. */
    void release(Ticket ticket, RateLimit rate) {
        lock.lock();
        try {
            inFlight--;
            if (ticket.window != window) {
                // what a late answer tells of a window that is over would end this one too early
                return;
            }
            if (rate.remaining() == null) {
                if (limited && !windowKnown) {
                    // this one has told nothing: another goes
                    remaining = Math.max(remaining, 1);
                    changed.signalAll();
                }
                return;
            }
            long now = System.nanoTime();
            boolean firstWord = !limited;
            limited = true;
            if (rate.limit() != null) {
                limit = Math.max(1, rate.limit());
            }
            // the calls under way are not in Lago's count yet
            int left = rate.remaining() - inFlight;
            remaining = firstWord || !windowKnown ? left : Math.min(remaining, left);
            end(now, rate.reset() == null ? 1 : Math.max(1, rate.reset()));
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Lago has answered 429: nobody calls until the given time has passed. */
    void exhausted(long waitMillis) {
        lock.lock();
        try {
            limited = true;
            remaining = 0;
            windowKnown = true;
            long now = System.nanoTime();
            free = now + TimeUnit.MILLISECONDS.toNanos(waitMillis);
            windowEnd = now + Math.min(free - now, LONGEST_NANOS);
            tell(now);
        } finally {
            lock.unlock();
        }
    }

    /** Lago rounds to whole seconds, so the earliest end that any answer of a window names is the closest to the truth. */
    private void end(long now, int resetSeconds) {
        long wait = TimeUnit.SECONDS.toNanos(resetSeconds);
        long end = now + Math.min(wait, LONGEST_NANOS) + MARGIN_NANOS;
        if (!windowKnown || end - windowEnd < 0) {
            windowEnd = end;
            free = now + wait;
            windowKnown = true;
        }
    }

    /** A long wait is told once, by the first who has to. */
    private void tell(long now) {
        if (windowKnown && !told && windowEnd - now >= LONG_NANOS) {
            told = true;
            LOG.warn("Lago's rate limit for {} is used up: it lets no call pass for {} s", name,
                    TimeUnit.NANOSECONDS.toSeconds(free - now));
        }
    }
}
