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

/** Commits the offsets of a batch by partition. Records that were polled for the next batch are not committed. */
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
                // another instance now owns the partition and reads the records again: Lago counts them as duplicates
                LOG.warn("The offset of {} is not committed: {}", partition, e.getMessage());
            }
        });
    }
}
