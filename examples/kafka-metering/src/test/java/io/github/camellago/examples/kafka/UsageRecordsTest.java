package io.github.camellago.examples.kafka;

import java.util.List;
import java.util.Map;

import org.apache.camel.Exchange;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class UsageRecordsTest {

    @ParameterizedTest
    @ValueSource(strings = {"{\"code\":\"x\"}", "{\"code\":\"x\",\"transaction_id\":null}",
            "{\"code\":\"x\",\"transaction_id\":\" \",\"timestamp\":\"\"}"})
    void anEventWithoutAnIdHasTheIdOfItsRecordSoThatARepeatIsTheSameEvent(String json) {
        Exchange record = new DefaultExchange(new DefaultCamelContext());
        record.getMessage().setHeaders(Map.of(KafkaConstants.TOPIC, "usage", KafkaConstants.PARTITION, 2,
                KafkaConstants.OFFSET, 7L, KafkaConstants.TIMESTAMP, 1_760_000_000_123L));
        record.getMessage().setBody(json);
        Exchange batch = new DefaultExchange(record.getContext());
        batch.getMessage().setBody(List.of(record));

        UsageRecords.toEvents(batch);

        assertThat(batch.getMessage().getBody()).hasToString("[{code=x, transaction_id=usage-2-7, timestamp=1760000000.123}]");
    }
}
