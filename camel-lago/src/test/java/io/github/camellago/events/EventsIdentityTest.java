package io.github.camellago.events;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.camellago.RouteTestSupport;
import io.github.camellago.api.LagoEventsReport;
import io.github.camellago.api.LagoTransportException;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Equal events without an id: each use is stored, and each once, however often it is sent. */
class EventsIdentityTest extends RouteTestSupport {

    private static final Map<String, Object> USE = Map.of("external_subscription_id", "sub-1", "code", "api_calls");

    private final AtomicInteger failures = new AtomicInteger();

    @ParameterizedTest
    @ValueSource(strings = {"lago:events", "lago:events?batchInterval=10"})
    void twoStepsOfARouteSendTwoEvents(String to) throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").setBody(constant(USE)).to(to).setBody(constant(USE)).to(to);
            }
        });
        sent("direct:in", null);
        assertThat(sandbox.events()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lago:events", "lago:events?batchInterval=10"})
    void eachTurnOfALoopSendsAnEvent(String to) throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").loop(3).setBody(constant(USE)).to(to).end();
            }
        });
        sent("direct:in", null);
        assertThat(sandbox.events()).hasSize(3);
    }

    @Test
    void twoStepsSendTheSameListOfExchangesAsDifferentEvents() throws Exception {
        Exchange inner = context.getEndpoint("direct:x").createExchange();
        inner.getMessage().setBody(USE);
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").setProperty("list", body()).to("lago:events").setBody(exchangeProperty("list"))
                        .to("lago:events");
            }
        });
        sent("direct:in", List.of(inner));
        assertThat(sandbox.events()).hasSize(2);
    }

    @Test
    void equalEventsOfSplitMulticastAndListsAreDifferentEvents() throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:split").split(body()).to("lago:events");
                from("direct:multicast").multicast().to("lago:events", "lago:events");
            }
        });
        sent("direct:split", List.of(USE, USE));
        sent("direct:multicast", USE);
        sent("lago:events", List.of(USE, USE, USE));
        assertThat(sandbox.events()).hasSize(7);
    }

    @Test
    void sendsTheOriginalMessageWithTheSameIdAfterALostResponse() throws Exception {
        sandbox.faults().on("POST", "/events").nth(1).dropAfter();
        route(new RouteBuilder() {
            @Override
            public void configure() {
                onException(LagoTransportException.class).useOriginalMessage().handled(true).to("lago:events");
                from("direct:in").to("lago:events?maxRetries=0");
            }
        });
        Exchange exchange = sent("direct:in", USE);
        assertThat(sandbox.events()).hasSize(1);
        assertThat(exchange.getMessage().getBody(LagoEventsReport.class).duplicate()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lago:events", "lago:events?batchInterval=10"})
    void aRouteThatIsRedeliveredBecauseALaterStepFailed(String to) throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").errorHandler(defaultErrorHandler().maximumRedeliveries(3).redeliveryDelay(0))
                        .to("direct:sub");
                from("direct:sub").errorHandler(noErrorHandler()).setBody(constant(USE)).to(to).setBody(constant(USE)).to(to)
                        .process(e -> {
                            if (failures.incrementAndGet() < 3) {
                                throw new IllegalStateException("a later step");
                            }
                        });
            }
        });
        sent("direct:in", null);
        assertThat(failures).hasValue(3);
        assertThat(sandbox.events()).hasSize(2);
    }

    @Test
    void anEventOfAFailedBatchKeepsItsId() throws Exception {
        sandbox.faults().on("POST", "/events/batch").nth(1).dropAfter();
        Exchange exchange = send("lago:events?batchInterval=10&maxRetries=0", USE);
        assertThat(exchange.getException()).isInstanceOf(LagoTransportException.class);

        sent("lago:events", exchange.getMessage().getBody());

        assertThat(sandbox.events()).hasSize(1);
    }

    @Test
    void sendsTimesOfEachTypeAsSeconds() throws Exception {
        Instant moment = Instant.parse("2025-10-09T08:53:20.125Z");
        GregorianCalendar calendar = new GregorianCalendar(TimeZone.getTimeZone("Asia/Tokyo"));
        calendar.setTimeInMillis(moment.toEpochMilli());
        List<Object> given = List.of(moment, moment.atOffset(ZoneOffset.ofHours(2)), moment.atZone(ZoneId.of("Europe/Paris")),
                Date.from(moment), calendar, "2025-10-09T10:53:20.125+02:00", new BigDecimal("1760000000.125"),
                "1760000000.125");
        for (Object timestamp : given) {
            Map<String, Object> event = new HashMap<>(USE);
            event.put("timestamp", timestamp);
            sent("lago:events", event);
        }
        sent("lago:events", new Use("sub-1", "api_calls", moment));
        sent("lago:events",
                "{\"external_subscription_id\":\"sub-1\",\"code\":\"api_calls\",\"timestamp\":\"2025-10-09T08:53:20.125Z\"}");

        assertThat(sandbox.requests()).hasSize(10)
                .allSatisfy(r -> assertThat(r.body()).containsPattern("\"timestamp\":\"?1760000000\\.125\"?[,}]"));
    }

    /** An event as an application has it. */
    public record Use(String external_subscription_id, String code, Instant timestamp) {}

    @Test
    void sendsAmountsAsText() throws Exception {
        Map<String, Object> event = new HashMap<>(USE);
        event.put("precise_total_amount_cents", new BigDecimal("12345678901234567890.10"));
        sent("lago:events", event);
        sent("lago:events", "{\"external_subscription_id\":\"sub-1\",\"code\":\"api_calls\","
                + "\"precise_total_amount_cents\":12345678901234567890.10}");

        assertThat(sandbox.requests()).hasSize(2).allSatisfy(
                r -> assertThat(r.body()).contains("\"precise_total_amount_cents\":\"12345678901234567890.10\""));
    }

    @Test
    void aRepeatedEventIsNoFailureForAnHttpServerInFront() throws Exception {
        sent("lago:events", event("t-1"));
        assertThat(sent("lago:events", event("t-1")).getMessage().getHeader("CamelHttpResponseCode")).isEqualTo(200);
        assertThat(sent("lago:events?batchInterval=50", event("t-1")).getMessage().getHeader("CamelHttpResponseCode"))
                .isEqualTo(200);
        assertThat(sent("lago:events?onRejected=report",
                java.util.Map.of("transaction_id", "t-2", "external_subscription_id", "s", "code", "c", "timestamp", "soon"))
                .getMessage().getHeader("CamelLagoEventsRejected")).isEqualTo(1L);
    }
}
