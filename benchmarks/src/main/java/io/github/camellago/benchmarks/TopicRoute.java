package io.github.camellago.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camellago.LagoComponent;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.component.kafka.consumer.KafkaManualCommit;
import org.apache.camel.impl.DefaultCamelContext;

/** The route of the Kafka example, without its rejected events: batches of 500 records, whose offsets are committed after Lago has their events. */
final class TopicRoute implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, Object>> EVENT = new TypeReference<>() {
    };

    private final DefaultCamelContext context = new DefaultCamelContext();

    TopicRoute(String brokers, String group, String url) throws Exception {
        LagoComponent lago = context.getComponent("lago", LagoComponent.class);
        lago.getConfiguration().setBaseUrl(url);
        lago.getConfiguration().setApiKey("benchmark-key");
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("kafka:" + KafkaTopic.NAME + "?brokers=" + brokers + "&groupId=" + group
                        + "&batching=true&maxPollRecords=500&pollTimeoutMs=500&batchingIntervalMs=1000&autoOffsetReset=earliest"
                        + "&autoCommitEnable=false&allowManualCommit=true")
                        .setProperty("records", body()).process(TopicRoute::toEvents)
                        .to("lago:events?checkReferences=true&onRejected=report").process(TopicRoute::commit);
            }
        });
        context.start();
    }

    private static void toEvents(Exchange batch) throws Exception {
        List<Object> events = new ArrayList<>();
        for (Object record : batch.getMessage().getBody(List.class)) {
            events.add(JSON.readValue(((Exchange) record).getMessage().getBody(String.class), EVENT));
        }
        batch.getMessage().setBody(events);
    }

    private static void commit(Exchange batch) {
        Map<Object, KafkaManualCommit> last = new LinkedHashMap<>();
        for (Object record : batch.getProperty("records", List.class)) {
            Message message = ((Exchange) record).getMessage();
            last.put(message.getHeader(KafkaConstants.PARTITION),
                    message.getHeader(KafkaConstants.MANUAL_COMMIT, KafkaManualCommit.class));
        }
        last.values().forEach(KafkaManualCommit::commit);
    }

    @Override
    public void close() {
        context.stop();
    }
}
