package io.github.camellago.examples.kafka;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.component.kafka.consumer.KafkaManualCommit;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Commits the offsets of a batch, each partition's own: not those of records that were polled and wait for the next batch. */
final class Offsets {

    private static final Logger LOG = LoggerFactory.getLogger(Offsets.class);

    private Offsets() {}

    static void commit(Exchange batch) {
        Map<String, KafkaManualCommit> last = new LinkedHashMap<>();
        for (Object record : batch.getProperty("records", List.class)) {
            Message message = ((Exchange) record).getMessage();
            last.put(message.getHeader(KafkaConstants.TOPIC) + "-" + message.getHeader(KafkaConstants.PARTITION),
                    message.getHeader(KafkaConstants.MANUAL_COMMIT, KafkaManualCommit.class));
        }
        last.forEach((partition, commit) -> {
            try {
                commit.commit();
            } catch (KafkaException e) {
                // the partition has gone to another instance, which reads the records again: Lago knows them
                LOG.warn("The offset of {} is not committed: {}", partition, e.getMessage());
            }
        });
    }
}
