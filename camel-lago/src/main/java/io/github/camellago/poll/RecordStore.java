package io.github.camellago.poll;

import java.util.Collection;
import java.util.List;

import io.github.camellago.api.RecordRepository.Row;
import io.github.camellago.client.LagoRecord;

/** Stores which records were processed in which version, besides the memory of {@link ProcessedRecords}. Thread-safe. */
interface RecordStore {

    /** Stores nothing. */
    RecordStore NONE = new RecordStore() {
    };

    /**
     * The stored state of a record.
     *
     * @param version the version
     * @param same    whether the record is still the same
     */
    record Found(long version, boolean same) {}

    /** Whether it is worth to look up many records at a time. */
    default boolean looksUpMany() {
        return false;
    }

    /** The stored rows of a list in the order of their keys, after a key or null, without those that have left the list. */
    default List<Row> next(String list, String after, int count) {
        return List.of();
    }

    /** Looks up records of a list that will be asked for soon. */
    default void lookUp(String list, Collection<RecordId> ids) {}

    /**
     * Looks up a record.
     *
     * @param  versioned whether versions count
     * @param  last      the version that is known from memory, or 0
     * @return           null if it is not stored, or if it is not certain which version is the last one
     */
    default Found find(RecordId id, LagoRecord record, boolean versioned, long last) {
        return null;
    }

    /** A version was processed, after the last one that is known from memory, or 0. */
    default void processed(RecordId id, long version, long last) {}

    /** The record is gone. */
    default void forget(RecordId id) {}

    /** Whether as much waits to be written as may. */
    default boolean isFull() {
        return false;
    }

    /** Forgets records that were looked up and not asked for. */
    default void pollEnded() {}

    /** Writes what was not yet written. */
    default void flush() {}
}
