package io.github.camellago.poll;

import io.github.camellago.client.Page;

/**
 * Up to when a reading has seen what was created. It is no snapshot: while it goes on, a record may come to lie before the
 * reader, unseen, and a younger one behind it, seen. So the youngest record that was seen is no measure. In milliseconds.
 */
final class HighWatermark {

    static final long UNKNOWN = Long.MIN_VALUE;

    private final SortOrder order;
    private final long before;
    private int pages;
    private long pageNewest = UNKNOWN;
    private long newest = UNKNOWN;
    private long firstNewest = UNKNOWN;
    private Integer first;
    private Integer last;
    private int least = Integer.MAX_VALUE;

    /** @param before the newest record that the reading before has seen, or {@link #UNKNOWN} */
    HighWatermark(SortOrder order, long before) {
        this.order = order;
        this.before = before;
    }

    void record(long createdAt) {
        pageNewest = Math.max(pageNewest, createdAt);
    }

    /** A page has come to its end. */
    void page(Page page) {
        pages++;
        last = page.totalCount();
        first = pages == 1 ? last : first;
        least = last == null ? -1 : Math.min(least, last);
        newest = Math.max(newest, pageNewest);
        if (pages == 1) {
            firstNewest = newest;
        }
        pageNewest = UNKNOWN;
    }

    int pages() {
        return pages;
    }

    /** How many records Lago says the list has, or -1. */
    long told() {
        return last == null ? -1 : last;
    }

    /** The least that Lago has said while it was read to its end, or -1: so many records were seen for certain. */
    long seen() {
        return least == Integer.MAX_VALUE ? -1 : least;
    }

    long newest() {
        return newest;
    }

    /** Everything created up to here was seen; {@link #UNKNOWN} when another reading is needed to say. */
    long upTo() {
        if (order == SortOrder.NEWEST_FIRST) {
            // later pages may have been read after younger records had come
            return firstNewest;
        }
        // one page is a snapshot; else what was there already when the reading before saw its youngest has been seen by this one
        return pages == 1 || stoodStill() ? newest : before;
    }

    /** A total that stays the same proves that, where nothing leaves the list. */
    private boolean stoodStill() {
        return order == SortOrder.BY_DATE && first != null && first.equals(last) && least == first;
    }

    /** The least that {@link #upTo} can come to, as far as is known by now. */
    long atLeast() {
        if (order == SortOrder.NEWEST_FIRST) {
            return pages == 0 ? UNKNOWN : firstNewest;
        }
        long now = Math.max(newest, pageNewest);
        return before == UNKNOWN ? now : Math.min(now, before);
    }
}
