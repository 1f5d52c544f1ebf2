package io.github.camellago.client;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

import io.github.camellago.api.RateLimit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of Lago's rate limits as all callers with the same API key and host share it. Lago counts calls in windows and says in
 * each answer how many are left; when none is left, callers wait here for the window's end instead of running into a 429. While
 * the server says nothing of a limit, nobody waits.
 *
 * <p>In a new window Lago may have counted late calls of the last one. So a few calls go first, and the others wait for an answer,
 * but not longer than a window lasts: a call without an answer does not hold up others. The calls without an answer then count as
 * used, since the server may be slower than a window is long. After a whole window without calls, no call can be late, and nobody
 * waits.
 *
 * <p>A 429 shows that others use the same limit, and halves the share of this process. Calls are then spread evenly over each window,
 * as a share of the limit. After each window the share falls or grows by the part of the limit that was left, less a reserve, until it
 * is the whole limit again. Thread-safe.
 */
final class RateBudget {

    /** Calls are counted when they leave, and Lago counts them a little later: new windows start this much late. */
    private static final long MARGIN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final Logger LOG = LoggerFactory.getLogger(RateBudget.class);
    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(RetryPolicy.LONGEST_WAIT);
    /** Longer waits are logged. */
    private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** How often waiting calls check whether to stop. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    /** One in so many of a window's calls goes first. */
    private static final int PROBES = 100;
    /** The part of the limit that is left free while calls are spread. A share of the rest is the whole limit. */
    private static final double RESERVE = 0.15;
    /** The part of the calls left by which each share grows in addition. It is the same for all, so that shares become equal. */
    private static final double INCREASE = 0.01;
    /** The share of an instance beside others that take all they can. One call per window is its share at least. */
    private static final double LEAST = 0.01;
    /** Fewer answers come too early in a window to say how many calls are left at its end. */
    private static final int ENOUGH_ANSWERS = 5;

    /**
     * A call taken from the budget.
     *
     * @param waited how long it waited for a window to end; zero if it did not wait
     * @param window the window it was taken from
     */
    record Ticket(Duration waited, long window) {}

    /** Thrown if the window ends later than any call waits. */
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
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    private boolean limited;
    private int limit = Integer.MAX_VALUE;
    private int remaining;
    private int inFlight;
    private long windowEnd;
    /** Whether a response has reported how many calls the window has left, and when the window ends. */
    private boolean windowKnown;
    private long windowLength = TimeUnit.SECONDS.toNanos(1);
    private long window;
    /** When calls pass again, as the server reported. The window ends earlier if that time is too far away. */
    private long free;
    private boolean logged;
    /** The part of the limit that this process uses. With 1, calls are not spread. */
    private double share = 1;
    /** The fewest calls left that a response has reported since the share was set. -1 after a 429. */
    private int fewestLeft = Integer.MAX_VALUE;
    /** How many calls have been answered since the share was set. */
    private int answers;
    /** When the next call passes if calls are spread. */
    private long next;
    /** Whether a call waits until then. The others wait for that call. */
    private boolean nextWaits;

    /** @param name what is limited, for the log */
    RateBudget(String name, LongSupplier nanoTime) {
        this.name = name;
        this.nanoTime = nanoTime;
        this.windowEnd = nanoTime.getAsLong();
    }

    /**
     * Takes one call from the budget, and waits for the end of the window if none is left.
     *
     * @param  stop             checked while waiting. The wait ends when it returns true
     * @throws TooLongException at once, if no call is left for longer than {@link RetryPolicy#LONGEST_WAIT}
     */
    Ticket acquire(BooleanSupplier stop) throws InterruptedException, TooLongException {
        lock.lockInterruptibly();
        try {
            long start = 0;
            for (long now = nanoTime.getAsLong(); !mayCall(now) && !stop.getAsBoolean(); now = nanoTime.getAsLong()) {
                if (windowKnown && remaining <= 0 && free - now > LONGEST_NANOS) {
                    throw new TooLongException(Duration.ofNanos(free - now));
                }
                start = start == 0 ? now : start;
                log(now);
                await(now);
            }
            return take(start == 0 ? Duration.ZERO : Duration.ofNanos(nanoTime.getAsLong() - start));
        } finally {
            lock.unlock();
        }
    }

    /** If calls are spread, one of them waits for its time. It wakes up the next one when it passes. */
    private void await(long now) throws InterruptedException {
        boolean first = remaining > 0 && !nextWaits;
        nextWaits |= first;
        try {
            changed.awaitNanos(Math.min((first ? next : windowEnd) - now, LOOK_NANOS));
        } finally {
            nextWaits &= !first;
        }
    }

    private boolean mayCall(long now) {
        if (limited && now - windowEnd >= 0) {
            startWindow(now);
        }
        return !limited || remaining > 0 && (share == 1 || now - next >= 0);
    }

    private Ticket take(Duration waited) {
        remaining--;
        inFlight++;
        if (share < 1) {
            // a call that comes late does not delay the next one. The limit may have fallen in this window
            next = Math.max(next + (long) (windowLength / Math.max(1, share * limit)), nanoTime.getAsLong());
        }
        changed.signal();
        return new Ticket(waited, window);
    }

    private void startWindow(long now) {
        if (fewestLeft < 0 || answers >= ENOUGH_ANSWERS) {
            setShare();
        }
        boolean unused = now - windowEnd >= windowLength;
        remaining = Math.max(1, share < 1 || unused || !windowKnown ? limit - inFlight : limit / PROBES);
        windowKnown = false;
        windowEnd = now + windowLength;
        logged = false;
        window++;
    }

    private void setShare() {
        if (limit == Integer.MAX_VALUE) {
            // there is no share of an unknown limit
            share = 1;
        } else if (fewestLeft < 0) {
            share /= 2;
        } else if (share < 1) {
            double left = (double) Math.min(fewestLeft, limit) / limit;
            share += share * (left - RESERVE) + INCREASE * left;
        }
        share = share > 1 - RESERVE ? 1 : Math.max(share, Math.max(1.0 / limit, LEAST));
        fewestLeft = Integer.MAX_VALUE;
        answers = 0;
    }

    /** Whether the budget holds no information and can be removed. */
    boolean isIdle() {
        lock.lock();
        try {
            return inFlight == 0 && (!limited || nanoTime.getAsLong() - windowEnd >= windowLength);
        } finally {
            lock.unlock();
        }
    }

    /** Reports the response to a call. Call it once for each acquired call, with {@link RateLimit#UNKNOWN} if there was no response. */
    void release(Ticket ticket, RateLimit rate) {
        lock.lock();
        try {
            inFlight--;
            answers++;
            if (rate.remaining() != null) {
                fewestLeft = Math.min(fewestLeft, rate.remaining());
            }
            if (ticket.window != window) {
                // a late answer is about a window that is over, and would end this window too early
                return;
            }
            if (rate.remaining() == null) {
                if (limited && !windowKnown) {
                    // the answer says nothing of the limit: another call goes first
                    remaining = Math.max(remaining, 1);
                    changed.signal();
                }
                return;
            }
            long now = nanoTime.getAsLong();
            limited = true;
            if (rate.limit() != null) {
                limit = Math.max(1, rate.limit());
            }
            // the calls in flight are not in Lago's count yet
            int left = rate.remaining() - inFlight;
            // calls that are spread hardly overtake each other: if more calls are left, the server's window is a new one
            remaining = windowKnown && (share == 1 || fewestLeft < 0) ? Math.min(remaining, left) : left;
            if (fewestLeft >= 0) {
                // the end of a wait after a 429 stays
                end(now, rate.reset() == null ? 1 : Math.max(1, rate.reset()));
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Lago has answered 429: nobody calls until the given time has passed. The last 429 of a window counts. */
    void exhausted(long waitMillis) {
        lock.lock();
        try {
            limited = true;
            remaining = 0;
            fewestLeft = -1;
            windowKnown = true;
            long now = nanoTime.getAsLong();
            free = now + TimeUnit.MILLISECONDS.toNanos(waitMillis);
            windowEnd = now + Math.min(free - now, LONGEST_NANOS);
            log(now);
        } finally {
            lock.unlock();
        }
    }

    /** Lago rounds to whole seconds, so the earliest end that any response in a window reports is the most accurate. */
    private void end(long now, int resetSeconds) {
        long wait = TimeUnit.SECONDS.toNanos(resetSeconds);
        long length = Math.min(wait, LONGEST_NANOS);
        long end = now + length + MARGIN_NANOS;
        if (!windowKnown) {
            windowLength = length;
        }
        if (!windowKnown || end - windowEnd < 0) {
            windowEnd = end;
            free = now + wait;
            windowKnown = true;
        }
    }

    /** A long wait is logged once. */
    private void log(long now) {
        if (windowKnown && remaining <= 0 && !logged && windowEnd - now >= LONG_NANOS) {
            logged = true;
            LOG.warn("Lago's rate limit for {} is exhausted. No calls are sent for {} s", name,
                    TimeUnit.NANOSECONDS.toSeconds(free - now));
        }
    }
}
