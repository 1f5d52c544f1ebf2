package io.github.camellago.api;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Stores which version of each record a consumer has processed last, with {@code readMode=changed}. It is asked once per page, and
 * written once per page. Implementations are thread-safe, and shared by any number of consumers.
 *
 * <p>A class that implements this and Camel's {@code IdempotentRepository} can be set as {@code idempotentRepository}.
 */
public interface RecordRepository {

    /**
     * A record of a list.
     *
     * @param list    the list: its path and filters, at most 255 characters
     * @param key     identifies the record within the list for ever, such as its {@code lago_id}; at most 255 characters
     * @param id      the id by which Lago's API addresses the record, such as a code; null if it has no such id
     * @param version stands for the record's content when it was processed
     * @param missed  how often a complete reading did not find the record although Lago has it. Above 1, the record has left the
     *                list, by a filter.
     */
    record Row(String list, String key, String id, long version, int missed) {}

    /** The stored rows of these records, by key. */
    Map<String, Row> find(String list, Collection<String> keys);

    /** Stores rows, in place of those with the same list and key. All or none. */
    void save(Collection<Row> rows);

    /** Removes a record. */
    void delete(String list, String key);

    /**
     * The rows of a list in the order of their keys, without those that have left the list.
     *
     * @param after the rows after this key; null for the first ones
     * @param count the maximum number of rows
     */
    List<Row> next(String list, String after, int count);
}
