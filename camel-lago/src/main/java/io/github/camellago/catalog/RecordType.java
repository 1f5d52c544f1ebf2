package io.github.camellago.catalog;

import java.util.List;

/**
 * The properties of the records of a list.
 *
 * @param id        the field by which Lago's API addresses a record ({@code lago_id}, {@code external_id}, {@code code}, …),
 *                  or null
 * @param key       the field that identifies a record for ever, or null where records have none
 * @param order     the order in which Lago lists them, such as {@code created_at desc}; empty where it is not known
 * @param updatedAt whether records carry {@code updated_at}
 * @param since     the query parameter that limits the list to records at or after a moment, or null
 */
public record RecordType(String id, String key, List<String> order, boolean updatedAt, String since) {

    /** Records of which nothing is known. */
    public static final RecordType UNKNOWN = new RecordType("lago_id", "lago_id", List.of(), false, null);
}
