package io.github.camellago.poll;

import java.util.Map;

import io.github.camellago.client.LagoRecord;
import io.github.camellago.client.Page;

/** One reading of a list, from its first page on. For one thread. */
public interface Reading {

    /** Stands for a record that is on its way already: nothing is to be done with it, nor is it over with. */
    HandOver UNDER_WAY = new HandOver() {
        @Override
        public void completed() {}

        @Override
        public void failed() {}
    };

    /** Query parameters that leave out what is not needed. */
    default Map<String, Object> window() {
        return Map.of();
    }

    /** Whether pages may be read in another order than theirs: all of them are needed, and what is missed this time comes next time. */
    default boolean inAnyOrder() {
        return true;
    }

    /**
     * Whether a record is due; null if it is not, {@link #UNDER_WAY} if it may still be on its way. Each one that is due must be
     * completed or failed in the end.
     *
     * @param readAt a moment before its page was asked for, in milliseconds
     */
    HandOver claim(LagoRecord record, long readAt);

    /** Whether the page after this one is needed; to be asked when the page's records have been claimed. */
    default boolean goesOn(Page page) {
        return true;
    }

    /**
     * The reading is over.
     *
     * @param whole   whether it came as far as it was to; false when it was cut off or failed
     * @param shifted whether records moved forward past it, so that it may have missed some
     */
    default void end(boolean whole, boolean shifted) {}

    /** A record on its way through the route. Thread-safe; only the first call counts. */
    interface HandOver {

        /** The route has completed it. */
        void completed();

        /** The route has failed, or never got it: it comes again. */
        void failed();
    }
}
