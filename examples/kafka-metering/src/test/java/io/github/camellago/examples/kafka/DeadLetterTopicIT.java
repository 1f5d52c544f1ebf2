package io.github.camellago.examples.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camellago.LagoComponent;
import io.github.camellago.api.LagoEventsRejectedException;
import io.github.camellago.test.LagoSandbox;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Topics for what Lago rejects and for what is not delivered: JSON with the reasons, which can be sent again. */
class DeadLetterTopicIT {

    private static final int EVENTS = 25;
    private static final int BAD = 3;
    private static final ObjectMapper JSON = new ObjectMapper();

    private static Kafka kafka;

    private final DefaultCamelContext context = new DefaultCamelContext();
    private LagoSandbox sandbox;

    /** The body of a message. */
    enum Form {
        LIST, ITERATOR, ARRAY, LINES, SINGLE, BATCH_INTERVAL;

        Object body(List<Map<String, Object>> events) throws JsonProcessingException {
            return switch (this) {
                case LIST -> events;
                case ITERATOR -> events.iterator();
                case ARRAY -> JSON.writeValueAsString(events);
                case LINES -> events.stream().map(Form::json).collect(Collectors.joining("\n"));
                default -> events.get(BAD);
            };
        }

        private static String json(Object event) {
            try {
                return JSON.writeValueAsString(event);
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(e);
            }
        }

        int events() {
            return this == SINGLE || this == BATCH_INTERVAL ? 1 : EVENTS;
        }

        String rejected() {
            return this + "-rejected";
        }

        String undelivered() {
            return this + "-undelivered";
        }
    }

    @BeforeAll
    static void startKafka() throws Exception {
        kafka = Kafka.of(Map.of());
        kafka.createTopics(Stream.of(Form.values()).flatMap(form -> Stream.of(form.rejected(), form.undelivered()))
                .toArray(String[]::new));
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @BeforeEach
    void start() {
        sandbox = LagoSandbox.start();
        KafkaConfiguration configuration = context.getComponent("kafka", KafkaComponent.class).getConfiguration();
        configuration.setBrokers(kafka.brokers());
        // a stop waits for the poll
        configuration.setPollTimeoutMs(200L);
        LagoComponent lago = context.getComponent("lago", LagoComponent.class);
        lago.getConfiguration().setApiKey(sandbox.apiKey());
        lago.getConfiguration().setBaseUrl(sandbox.baseUrl());
        lago.getConfiguration().setMaxRetries(0);
        lago.getConfiguration().setBatchSize(10);
    }

    @AfterEach
    void stop() {
        context.stop();
        sandbox.close();
    }

    @ParameterizedTest
    @EnumSource
    void keepsTheReasonsAndCanBeSentAgain(Form form) throws Exception {
        context.addRoutes(route(form));
        context.start();

        context.createProducerTemplate().sendBody("direct:usage", form.body(events(true)));
        JsonNode report = JSON.readTree(record(form.rejected()).value());
        assertThat(report.at("/rejected")).hasSize(1);
        assertThat(report.at("/rejected/0/event/transaction_id").asText()).isEqualTo("bad-" + BAD);
        assertThat(report.at("/rejected/0/reasons/code/0").asText()).isEqualTo("value_is_mandatory");
        assertThat(sandbox.eventCount()).isEqualTo(form.events() - 1);

        sandbox.faults().on("POST", "/events").every().status(503);
        sandbox.faults().on("POST", "/events/batch").every().status(503);
        context.createProducerTemplate().sendBody("direct:usage", form.body(events(false)));
        ConsumerRecord<String, String> undelivered = record(form.undelivered());
        assertThat(new String(undelivered.headers().lastHeader("reason").value(), StandardCharsets.UTF_8))
                .contains("Lago answered 503 to POST events");
        assertThat(undelivered.toString()).doesNotContain(sandbox.apiKey());
        JsonNode left = JSON.readTree(undelivered.value());
        assertThat(left.isArray() ? left : List.of(left)).hasSize(form.events());

        sandbox.faults().clear();
        context.getRouteController().startRoute("again");
        await().atMost(Duration.ofSeconds(90)).until(() -> sandbox.eventCount() == 2 * form.events() - 1);
        assertThat(sandbox.events().stream().map(event -> event.get("transaction_id"))).doesNotHaveDuplicates();
    }

    private static RouteBuilder route(Form form) {
        return new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(deadLetterChannel("kafka:" + form.undelivered() + "?useIterator=false").maximumRedeliveries(0)
                        .onPrepareFailure(exchange -> exchange.getMessage().setHeader("reason",
                                exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class).getMessage())));
                onException(LagoEventsRejectedException.class).handled(true).to("kafka:" + form.rejected());
                from("direct:usage")
                        .to("lago:events" + (form == Form.BATCH_INTERVAL ? "?batchInterval=20" : ""));
                from("kafka:" + form.undelivered() + "?groupId=again&autoOffsetReset=earliest").routeId("again")
                        .autoStartup(false).to("lago:events");
            }
        };
    }

    private static List<Map<String, Object>> events(boolean oneIsBad) {
        String name = oneIsBad ? "bad-" : "good-";
        return IntStream.range(0, EVENTS).<Map<String, Object>>mapToObj(i -> oneIsBad && i == BAD
                ? Map.of("transaction_id", name + i, "external_subscription_id", "sub-1")
                : Map.of("transaction_id", name + i, "external_subscription_id", "sub-1", "code", "api_calls", "timestamp",
                        1_760_000_000))
                .toList();
    }

    /** The only record of a topic. */
    private static ConsumerRecord<String, String> record(String topic) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.brokers()), new StringDeserializer(),
                new StringDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition())).toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            List<ConsumerRecord<String, String>> records = new ArrayList<>();
            await().atMost(Duration.ofSeconds(90)).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
                return !records.isEmpty();
            });
            assertThat(records).hasSize(1);
            return records.get(0);
        }
    }
}
