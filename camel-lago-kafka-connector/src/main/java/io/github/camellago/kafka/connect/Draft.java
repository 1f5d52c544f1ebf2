package io.github.camellago.kafka.connect;

import java.util.Map;

import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * A record that has been read, without its offset.
 *
 * @param topic the topic
 * @param key   the id of the record, or null
 * @param value the record's JSON; null for a deleted record
 */
record Draft(String topic, String key, String value) {

    SourceRecord with(Map<String, ?> partition, Map<String, ?> offset) {
        return new SourceRecord(partition, offset, topic, Schema.OPTIONAL_STRING_SCHEMA, key, Schema.OPTIONAL_STRING_SCHEMA,
                value);
    }
}
