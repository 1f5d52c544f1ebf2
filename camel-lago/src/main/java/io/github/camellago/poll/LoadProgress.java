package io.github.camellago.poll;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.github.camellago.api.RateLimit;
import io.github.camellago.client.Page;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs how far the first reading of long lists is, and how long it takes. For one thread. */
public final class LoadProgress {

    private static final Logger LOG = LoggerFactory.getLogger(LoadProgress.class);
    /** Shorter lists are read in a moment. */
    private static final int MANY_PAGES = 20;
    private static final long INTERVAL = TimeUnit.SECONDS.toNanos(30);

    private final String resource;
    private final LongSupplier nanoTime;
    private long start;
    private long lastLine;
    private long pages;
    private boolean logged;

    /** @param nanoTime like {@link System#nanoTime()} */
    public LoadProgress(String resource, LongSupplier nanoTime) {
        this.resource = resource;
        this.nanoTime = nanoTime;
    }

    void begin() {
        start = nanoTime.getAsLong();
        lastLine = start;
        pages = 0;
        logged = false;
    }

    /**
     * A page was read.
     *
     * @param first     whether it is the first page of its list
     * @param only      whether there are no other lists
     * @param delivered the number of messages so far
     */
    void page(Page page, boolean first, boolean only, long delivered) {
        pages++;
        Integer total = page.nextPage() == null ? null : page.totalPages();
        long now = nanoTime.getAsLong();
        if (first && total != null && total >= MANY_PAGES) {
            logged = true;
            LOG.info("Reading " + resource + ": about " + number(total) + " pages"
                    + (page.totalCount() == null ? "" : " with " + number(page.totalCount()) + " records")
                    + limit(page, total));
        } else if (now - lastLine >= INTERVAL) {
            logged = true;
            lastLine = now;
            long millis = TimeUnit.NANOSECONDS.toMillis(now - start);
            LOG.info("Reading " + resource + ": " + number(pages) + (only && total != null ? " of " + number(total) : "")
                    + " pages in " + duration(millis) + ", " + number(delivered) + " messages"
                    + (only && total != null && total > pages
                            ? ", about " + duration(millis * (total - pages) / pages) + " left"
                            : ""));
        }
    }

    /** The rate that the rate limit allows. */
    private static String limit(Page page, int total) {
        RateLimit rate = page.response() == null ? RateLimit.UNKNOWN : page.response().rate();
        if (rate.limit() == null || rate.limit() <= 0) {
            return "";
        }
        long window = rate.reset() == null ? 1 : Math.max(1, rate.reset());
        return ", at the rate limit at least " + duration(1000 * window * total / rate.limit());
    }

    void end(boolean complete, long delivered) {
        if (logged) {
            LOG.info((complete ? "Read " : "Interrupted reading ") + resource + ": " + number(pages) + " pages in "
                    + duration(TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - start)) + ", " + number(delivered)
                    + " messages");
        }
    }

    private static String number(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    private static String duration(long millis) {
        long seconds = (millis + 999) / 1000;
        if (seconds < 120) {
            return seconds + " s";
        }
        long minutes = (seconds + 30) / 60;
        return minutes < 120 ? minutes + " min" : (minutes + 30) / 60 + " h";
    }
}
