package io.github.camellago.poll;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.camellago.LagoConsumer;
import org.apache.camel.Message;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The message that {@code sendPollComplete} adds after a complete poll. */
class PollCompleteTest extends PollingTestSupport {

    private final List<Map<String, Object>> complete = new CopyOnWriteArrayList<>();
    private final List<Object> starts = new CopyOnWriteArrayList<>();
    private final AtomicBoolean fail = new AtomicBoolean();

    @Test
    void followsACompletePoll() throws Exception {
        add(5);
        LagoConsumer consumer = poll("lago:customers?readMode=all&perPage=2");
        Instant before = Instant.now();
        assertThat(consumer.poll()).isEqualTo(5);

        assertThat(got).hasSize(5);
        assertThat(complete).singleElement().satisfies(headers -> {
            assertThat(headers).containsEntry("CamelLagoPollComplete", true).containsEntry("CamelLagoPollRecords", 5L)
                    .containsEntry("CamelLagoResource", "customers");
            assertThat((Instant) headers.get("CamelLagoPollStarted")).isBetween(before, Instant.now());
        });
    }

    @Test
    void recordsHaveTheStartOfTheirPoll() throws Exception {
        add(3);
        LagoConsumer consumer = poll("lago:customers?readMode=all&perPage=2");
        consumer.poll();
        consumer.poll();

        List<Object> started = complete.stream().map(headers -> headers.get("CamelLagoPollStarted")).toList();
        assertThat(started).hasSize(2).doesNotHaveDuplicates();
        assertThat(starts).containsExactly(started.get(0), started.get(0), started.get(0), started.get(1), started.get(1),
                started.get(1));
    }

    @Test
    void countsRecordsAndNotMessages() throws Exception {
        add(5);
        LagoConsumer consumer = poll("lago:customers?readMode=changed&splitPages=false&perPage=2");
        consumer.poll();
        consumer.poll();

        assertThat(complete).extracting(headers -> headers.get("CamelLagoPollRecords")).containsExactly(5L, 0L);
    }

    @Test
    void doesNotFollowAPollThatWasLimited() throws Exception {
        add(5);
        LagoConsumer consumer = poll("lago:customers?readMode=all&maxMessagesPerPoll=3");
        consumer.poll();
        assertThat(complete).isEmpty();

        consumer.poll();
        assertThat(complete).hasSize(1);
    }

    @Test
    void doesNotFollowAPollInWhichAMessageFailed() throws Exception {
        add(5);
        LagoConsumer consumer = poll("lago:customers?readMode=all&exceptionHandler=#quiet");
        fail.set(true);
        consumer.poll();
        assertThat(complete).isEmpty();

        fail.set(false);
        consumer.poll();
        assertThat(complete).hasSize(1);
    }

    private LagoConsumer poll(String uri) throws Exception {
        from(uri + "&sendPollComplete=true&startScheduler=false", exchange -> {
            Message message = exchange.getMessage();
            if (message.getHeader("CamelLagoPollComplete") != null) {
                assertThat(message.getBody()).isNull();
                complete.add(Map.copyOf(message.getHeaders()));
            } else if (fail.get()) {
                throw new IllegalStateException("not now");
            } else {
                starts.add(message.getHeader("CamelLagoPollStarted"));
                got.add(message.getBody() instanceof List<?> page ? String.valueOf(page.size()) : name(exchange));
            }
        });
        return (LagoConsumer) context.getRoute("reading").getConsumer();
    }
}
