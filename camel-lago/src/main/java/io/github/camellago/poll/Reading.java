package io.github.camellago.poll;

import java.util.Map;
import java.util.function.Predicate;

import io.github.camellago.client.LagoRecord;
import io.github.camellago.client.Page;

/** One reading of a list, from its first page on. For one thread. */
public interface Reading {

    /** A record that is in flight already: it is not to be processed now, nor was it processed. */
    Claim IN_FLIGHT = new OneShotClaim(() -> {}, () -> {}, () -> {});

    /** Query parameters that leave out records that are not needed. */
    default Map<String, Object> queryWindow() {
        return Map.of();
    }

    /** Whether pages may be read several at a time, as a record that is missed this time is found next time. */
    boolean mayReadOutOfOrder();

    /**
     * Whether a record is known, so that {@link #claim} does not need its body; null if hardly any record is known. Any thread.
     */
    default Predicate<LagoRecord> known() {
        return null;
    }

    /** A page was read, and its records will be claimed, unless the page is dropped. Any thread. */
    default void prepare(Page page) {}

    /** The records of a page are claimed next. */
    default void turnTo(Page page) {}

    /**
     * Claims a record; null if it is not to be processed, {@link #IN_FLIGHT} if it may still be in flight. Each claim must be
     * processed or failed in the end.
     *
     * @param readAt a moment before its page was read, by Lago's clock or the local one, whichever is behind, in milliseconds
     */
    Claim claim(LagoRecord record, long readAt);

    /**
     * Whether the page after this one is needed. To be called once the page's records have been claimed.
     *
     * @param readAt a moment before the page was read, by Lago's clock, in milliseconds
     */
    default boolean hasMore(Page page, long readAt) {
        return true;
    }

    /** The stored records that this reading has not found; null if deletions are not delivered. To be used once it is complete. */
    default ProcessedRecords.Missing missing() {
        return null;
    }

    /**
     * The reading is over.
     *
     * @param whole whether it came as far as it was to; false if it was interrupted or failed
     * @param moved whether records may have been missed because the list moved
     */
    default void end(boolean whole, boolean moved) {}

    /** A record in flight through the route. Thread-safe; only the first call counts. */
    interface Claim {

        /** The route has completed it. */
        void processed();

        /** The route has failed, or did not get it: the next poll delivers it again. */
        void failed();
    }
}
