package io.github.camellago.events;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.ServiceConfigurationError;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camellago.RouteTestSupport;
import io.github.camellago.api.LagoEventsRejectedException;
import io.github.camellago.api.LagoEventsReport;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Events that Lago would accept and not bill, or whose own code fails, are rejected before they are sent. */
class EventsChecksTest extends RouteTestSupport {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** An event whose class cannot be loaded whole. */
    public static final class Broken {

        public String getCode() {
            throw new NoClassDefFoundError("com/example/Gone");
        }
    }

    static Stream<Object> milliseconds() {
        return Stream.of(1_733_852_206_123L, "1733852206123", 1_733_852_206_123e0, new BigDecimal("1733852206123.5"),
                1_733_852_206_123_000L, Instant.parse("+52000-01-01T00:00:00Z"), -1, new BigDecimal("1e999999"));
    }

    @ParameterizedTest
    @MethodSource("milliseconds")
    void rejectsATimestampThatIsNotInSeconds(Object timestamp) throws Exception {
        Map<String, Object> event = new HashMap<>(event("t-1"));
        event.put("timestamp", timestamp);

        for (Object form : Arrays.asList(event, List.of(event))) {
            LagoEventsReport report = report(form);
            assertThat(report.rejected()).singleElement()
                    .satisfies(r -> assertThat(r.describe()).startsWith("timestamp: ").contains("Lago takes seconds"));
        }
        if (!(timestamp instanceof Instant)) {
            assertThat(report(JSON.writeValueAsString(event)).rejected()).hasSize(1);
        }
        assertThat(sandbox.requestCount()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 1_733_852_206, 4_102_444_799L})
    void acceptsATimestampInSeconds(long timestamp) throws Exception {
        Map<String, Object> event = new HashMap<>(event("t-1"));
        event.put("timestamp", timestamp);

        assertThat(report(event).accepted()).isEqualTo(1);
    }

    @Test
    void namesTheKeysThatLagoWouldDrop() throws Exception {
        Map<String, Object> event = new HashMap<>(event("t-1"));
        event.put("gb", 12.5);
        event.put("nothing", null);
        event.put("external_customer_id", "acme");

        for (Object form : List.of(event, JSON.writeValueAsString(event), JSON.valueToTree(event))) {
            LagoEventsReport report = report(form);
            assertThat(report.rejected()).singleElement()
                    .satisfies(r -> assertThat(r.describe()).isEqualTo("gb: Lago would drop this key: use properties.gb"));
        }
        assertThat(sandbox.requestCount()).isZero();
        assertThat(sent("lago:events?unknownFields=drop", event).getMessage().getHeader("CamelLagoEventsAccepted"))
                .isEqualTo(1L);
    }

    @Test
    void rejectsPropertiesThatAreNoMap() throws Exception {
        Map<String, Object> event = new HashMap<>(event("t-1"));
        event.put("properties", "gb=12.5");

        assertThat(report(event).rejected()).singleElement()
                .satisfies(r -> assertThat(r.describe()).startsWith("properties: "));
        assertThat(report(JSON.writeValueAsString(event)).rejected()).hasSize(1);
        assertThat(sandbox.requestCount()).isZero();
    }

    @Test
    void rejectsAnEventWhoseOwnCodeFailsAlone() throws Exception {
        List<Object> events = new ArrayList<>(IntStream.range(0, 500).<Object>mapToObj(i -> event("t-" + i)).toList());
        events.set(250, new Broken());

        for (Object body : List.of(events, events.iterator())) {
            sandbox.reset();
            LagoEventsReport report = report(body);
            assertThat(report.accepted()).isEqualTo(499);
            assertThat(report.rejected()).singleElement()
                    .satisfies(r -> assertThat(r.describe()).contains("NoClassDefFoundError"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"delivered", "received"})
    void rejectsEventsWhoseOwnCodeFailsWithBatchInterval(String acknowledge) throws Exception {
        String uri = "lago:events?batchInterval=50&concurrentBatches=1&acknowledge=" + acknowledge;
        List<CompletableFuture<Exchange>> messages = IntStream.range(0, 40)
                .mapToObj(
                        i -> template.asyncSend(uri, e -> e.getMessage().setBody(i % 4 == 0 ? new Broken() : event("t-" + i))))
                .toList();

        for (int i = 0; i < 40; i++) {
            Exception failure = messages.get(i).get(60, TimeUnit.SECONDS).getException();
            if (i % 4 == 0) {
                assertThat(failure).isInstanceOf(LagoEventsRejectedException.class);
            } else {
                assertThat(failure).isNull();
            }
        }
        org.awaitility.Awaitility.await().until(() -> sandbox.eventCount() == 30);
    }

    @ParameterizedTest
    @ValueSource(strings = {"delivered", "received"})
    void completesAMessageWhoseOwnBodyFailsWithAnErrorWithBatchInterval(String acknowledge) throws Exception {
        String uri = "lago:events?batchInterval=50&concurrentBatches=1&acknowledge=" + acknowledge;
        Map<String, Object> map = new AbstractMap<>() {
            @Override
            public Set<Entry<String, Object>> entrySet() {
                throw new OutOfMemoryError("no memory for this map");
            }
        };
        Iterator<Object> iterator = new Iterator<>() {
            @Override
            public boolean hasNext() {
                throw new ServiceConfigurationError("no such reader");
            }

            @Override
            public Object next() {
                throw new NoSuchElementException();
            }
        };

        for (Object body : List.of(map, iterator)) {
            assertThat(template.asyncSend(uri, e -> e.getMessage().setBody(body)).get(60, TimeUnit.SECONDS).getException())
                    .isNotNull();
        }
        assertThat(template.asyncSend(uri, e -> e.getMessage().setBody(event("t-1"))).get(60, TimeUnit.SECONDS)
                .getException()).isNull();
    }

    @Test
    void rejectsAloneAnEventThatFailsWithAnErrorOfItsOwnKind() throws Exception {
        Object failing = new Object() {
            @SuppressWarnings("unused")
            public String getCode() {
                throw new ServiceConfigurationError("no such provider");
            }
        };
        LagoEventsReport report = report(Arrays.asList(event("t-1"), new FailingMap(), failing, event("t-2")).iterator());

        assertThat(report.accepted()).isEqualTo(2);
        assertThat(report.rejected()).hasSize(2);
    }

    /** A map that is an event, and whose content cannot be read. */
    private static final class FailingMap extends AbstractMap<String, Object> {

        @Override
        public Set<Entry<String, Object>> entrySet() {
            throw new ServiceConfigurationError("no such provider");
        }
    }

    @Test
    void anErrorWhileEventsAreReadLeavesTheEventsThatWereReadBefore() throws Exception {
        Iterator<Object> events = new Iterator<>() {
            private int count;

            @Override
            public boolean hasNext() {
                return count < 6;
            }

            @Override
            public Object next() {
                if (count++ == 3) {
                    throw new ServiceConfigurationError("no such reader");
                }
                return event("t-" + count);
            }
        };
        sandbox.faults().on("POST", "/events/batch").status(500).times(1);

        Exchange failed = send("lago:events?maxRetries=0", events);
        assertThat(failed.getException()).hasMessageContaining("no such reader");
        assertThat(sent("lago:events", failed.getMessage().getBody()).getException()).isNull();
        assertThat(sandbox.eventCount()).isEqualTo(3);
    }

    private LagoEventsReport report(Object body) throws Exception {
        return sent("lago:events?onRejected=report", body).getMessage().getBody(LagoEventsReport.class);
    }
}
