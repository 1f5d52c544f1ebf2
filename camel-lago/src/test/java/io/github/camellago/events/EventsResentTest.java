package io.github.camellago.events;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.camellago.RouteTestSupport;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.RouteDefinition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Equal events without ids, around failures that a route handles: what is sent again is the same event, and what is sent after it is another one. */
class EventsResentTest extends RouteTestSupport {

    private static final Map<String, Object> USE = Map.of("external_subscription_id", "sub-1", "code", "api_calls");
    private static final List<Map<String, Object>> THREE = List.of(USE, USE, USE);

    private final AtomicInteger failures = new AtomicInteger();

    @ParameterizedTest
    @ValueSource(strings = {"lago:events", "lago:events?batchInterval=10"})
    void aHandledFailureMakesNoRepeatOfTheNextCall(String to) throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").to("direct:item").to("direct:item").to("direct:item");
                from("direct:item").setBody(constant(USE)).to(to).doTry().process(EventsResentTest.this::fail)
                        .doCatch(Exception.class).end();
            }
        });
        sent("direct:in", null);
        assertThat(sandbox.eventCount()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lago:events", "lago:events?batchInterval=10"})
    void twoCallsOfARouteThatSplits(String to) throws Exception {
        splitting(to);
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").setBody(constant(THREE)).to("direct:split").setBody(constant(THREE)).to("direct:split");
            }
        });
        sent("direct:in", null);
        assertThat(sandbox.eventCount()).isEqualTo(6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"direct:split", "direct:list", "direct:loop", "direct:steps", "lago:events?maxRetries=0"})
    void whatDoCatchSendsAgainIsTheSame(String again) throws Exception {
        splitting("lago:events?maxRetries=0");
        sandbox.faults().on("POST", "/events*").nth(2).dropAfter();
        sandbox.faults().on("POST", "/events/batch").nth(1).dropAfter();
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:list").errorHandler(noErrorHandler()).to("lago:events?maxRetries=0&batchSize=10");
                from("direct:steps").errorHandler(noErrorHandler()).setBody(constant(USE)).to("lago:events?maxRetries=0")
                        .setBody(constant(USE)).to("lago:events?maxRetries=0").setBody(constant(USE))
                        .to("lago:events?maxRetries=0");
                from("direct:loop").errorHandler(noErrorHandler()).loop(3).setBody(constant(USE))
                        .to("lago:events?maxRetries=0").end();
                from("direct:in").setBody(constant(THREE)).doTry().to(again).doCatch(Exception.class).setBody(constant(THREE))
                        .to(again).end();
            }
        });
        sent("direct:in", null);
        assertThat(sandbox.eventCount()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"direct:split", "direct:list"})
    void whatDoCatchSendsAgainAfterALaterStepFailedIsTheSame(String again) throws Exception {
        splitting("lago:events");
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").setBody(constant(THREE)).doTry().to("direct:sendAndFail").doCatch(Exception.class)
                        .setBody(constant(THREE)).to(again).end();
                from("direct:list").errorHandler(noErrorHandler()).to("lago:events");
                from("direct:sendAndFail").errorHandler(noErrorHandler()).to(again)
                        .process(EventsResentTest.this::fail);
            }
        });
        sent("direct:in", null);
        assertThat(sandbox.eventCount()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"direct:split", "lago:events?maxRetries=0"})
    void aFailoverSendsTheSame(String to) throws Exception {
        splitting("lago:events?maxRetries=0");
        sandbox.faults().on("POST", "/events*").nth(1).dropAfter();
        Object body = to.equals("direct:split") ? THREE : USE;
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").errorHandler(noErrorHandler()).loop(2).copy().loop(2).copy().setBody(constant(body))
                        .loadBalance().failover(1, false, false).to(to).to(to).end().end().end();
            }
        });
        sent("direct:in", null);
        assertThat(sandbox.eventCount()).isEqualTo(body == USE ? 4 : 12);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aRedeliveryThatSkipsAStep(int skipped) throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").errorHandler(defaultErrorHandler().maximumRedeliveries(3).redeliveryDelay(0))
                        .to("direct:sub");
                from("direct:sub").errorHandler(noErrorHandler()).filter(e -> failures.get() == 0 || skipped != 0)
                        .setBody(constant(USE)).to("lago:events").end().filter(e -> failures.get() == 0 || skipped != 1)
                        .setBody(constant(USE)).to("lago:events").end().setBody(constant(USE)).to("lago:events").process(e -> {
                            if (failures.get() == 0) {
                                fail(e);
                            }
                        });
            }
        });
        sent("direct:in", null);
        assertThat(sandbox.eventCount()).isEqualTo(3);
    }

    @Test
    void whatFollowsADoTryIsAnotherEvent() throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").doTry().to("direct:sendAndFail").doCatch(Exception.class).end().setBody(constant(USE))
                        .to("lago:events").setBody(constant(USE)).to("lago:events");
                from("direct:sendAndFail").errorHandler(noErrorHandler()).setBody(constant(USE)).to("lago:events")
                        .process(EventsResentTest.this::fail);
            }
        });
        sent("direct:in", null);
        assertThat(sandbox.eventCount()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"after an inner doTry, 3", "after an inner doTry that fails again, 1", "in the catch of the outer doTry, 1",
            "in the catch of the inner doTry, 1", "in a doTry of the catch, 1", "in the next doTry, 2",
            "in an inner doTry after another, 2", "in the catch of the next doTry, 2",
            "in a doTry of another route, 2", "after a doTry with an inner doTry, 2", "in onException, 1",
            "after onException that continues, 2", "after onException that sends and continues, 2",
            "after a doTry whose catch calls others, 3", "after a doTry with a split whose catch calls others, 6"})
    void whatIsSentAroundDoTry(String where, int events) throws Exception {
        splitting("lago:events");
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:fail").errorHandler(noErrorHandler()).process(EventsResentTest.this::fail);
                from("direct:send").errorHandler(noErrorHandler()).setBody(constant(USE)).to("lago:events");
                from("direct:sendAndFail").errorHandler(noErrorHandler()).to("direct:send").to("direct:fail");
                from("direct:tryToSend").errorHandler(noErrorHandler()).doTry().to("direct:send").doCatch(Exception.class)
                        .end();
                RouteDefinition in = from("direct:in");
                switch (where) {
                    case "after an inner doTry" -> in.doTry().to("direct:send").doTry().to("direct:sendAndFail")
                            .doCatch(Exception.class).end().to("direct:send").endDoTry().doCatch(Exception.class).end();
                    case "after an inner doTry that fails again" -> in.doTry().doTry().to("direct:sendAndFail")
                            .doCatch(Exception.class).to("direct:fail").end().endDoTry().doCatch(Exception.class)
                            .to("direct:send").end();
                    case "in the catch of the outer doTry" -> in.doTry().doTry().to("mock:ok").doCatch(Exception.class).end()
                            .to("direct:sendAndFail").endDoTry().doCatch(Exception.class).to("direct:send").end();
                    case "in the catch of the inner doTry" -> in.doTry().doTry().to("direct:sendAndFail")
                            .doCatch(Exception.class).to("direct:send").end().endDoTry().doCatch(Exception.class).end();
                    case "in a doTry of the catch" -> in.doTry().to("direct:sendAndFail").doCatch(Exception.class).doTry()
                            .to("direct:send").doCatch(Exception.class).end().end();
                    case "in the next doTry" -> in.doTry().to("direct:sendAndFail").doCatch(Exception.class).end().doTry()
                            .to("direct:send").doCatch(Exception.class).end();
                    case "in an inner doTry after another" -> in.doTry().doTry().to("direct:sendAndFail")
                            .doCatch(Exception.class).end().doTry().to("direct:send").doCatch(Exception.class).end()
                            .endDoTry().doCatch(Exception.class).end();
                    case "in the catch of the next doTry" -> in.doTry().to("direct:sendAndFail").doCatch(Exception.class).end()
                            .doTry().process(EventsResentTest.this::fail).doCatch(Exception.class).to("direct:send").end();
                    case "after a doTry with an inner doTry" -> in.doTry().doTry().to("mock:ok").doCatch(Exception.class).end()
                            .to("direct:sendAndFail").endDoTry().doCatch(Exception.class).end().to("direct:send");
                    case "in onException" -> in.onException(Exception.class).handled(true).to("direct:send").end()
                            .to("direct:sendAndFail");
                    case "after onException that continues" -> in.onException(Exception.class).continued(true)
                            .to("mock:handled").end().to("direct:sendAndFail").to("direct:send");
                    case "after onException that sends and continues" -> in.onException(Exception.class).continued(true)
                            .to("direct:send").end().to("direct:sendAndFail").to("direct:send");
                    case "after a doTry whose catch calls others" -> in.doTry().to("direct:send").to("direct:sendAndFail")
                            .doCatch(Exception.class).to("mock:handled").end().to("direct:send");
                    case "after a doTry with a split whose catch calls others" -> in.setBody(constant(THREE)).doTry()
                            .to("direct:split").to("direct:fail").doCatch(Exception.class).to("mock:handled").end()
                            .setBody(constant(THREE)).to("direct:split");
                    default -> in.doTry().to("direct:sendAndFail").doCatch(Exception.class).end().to("direct:tryToSend");
                }
            }
        });
        sent("direct:in", null);
        assertThat(sandbox.eventCount()).isEqualTo(events);
    }

    @Test
    void whatFollowsInDoCatchIsAnotherEvent() throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").doTry().to("direct:sendAndFail").doCatch(Exception.class).setBody(constant(USE))
                        .to("lago:events").setBody(constant(USE)).to("lago:events").end();
                from("direct:sendAndFail").errorHandler(noErrorHandler()).setBody(constant(USE)).to("lago:events")
                        .process(EventsResentTest.this::fail);
            }
        });
        sent("direct:in", null);
        assertThat(sandbox.eventCount()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFailoverRepeatsAllSteps(boolean copyingLoop) throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                if (copyingLoop) {
                    from("direct:in").errorHandler(noErrorHandler()).loop(2).copy().to("direct:failover").end();
                } else {
                    from("direct:in").errorHandler(noErrorHandler()).to("direct:failover").to("direct:failover");
                }
                from("direct:failover").errorHandler(noErrorHandler()).loadBalance().failover(1, false, false)
                        .to("direct:steps").to("direct:steps").end();
                from("direct:steps").errorHandler(noErrorHandler()).setBody(constant(USE)).to("lago:events")
                        .setBody(constant(USE)).to("lago:events").process(e -> {
                            if (failures.get() % 2 == 0) {
                                fail(e);
                            }
                            failures.incrementAndGet();
                        });
            }
        });
        sent("direct:in", null);
        assertThat(sandbox.eventCount()).isEqualTo(4);
    }

    @Test
    void eachEnrichSendsAnotherEvent() throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").setBody(constant(USE)).enrich("direct:send").setBody(constant(USE)).enrich("direct:send")
                        .setBody(constant(USE)).enrich("direct:send").loop(2).setBody(constant(USE)).enrich("direct:send")
                        .end();
                from("direct:send").to("lago:events");
            }
        });
        sent("direct:in", null);
        assertThat(sandbox.eventCount()).isEqualTo(5);
    }

    @Test
    void anEnrichThatIsRedeliveredSendsTheSame() throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").errorHandler(defaultErrorHandler().maximumRedeliveries(3).redeliveryDelay(0))
                        .setBody(constant(USE)).enrich("direct:send").setBody(constant(USE)).enrich("direct:send");
                from("direct:send").errorHandler(noErrorHandler()).to("lago:events").process(e -> {
                    if (failures.get() < 2) {
                        fail(e);
                    }
                });
            }
        });
        sent("direct:in", null);
        assertThat(failures).hasValue(2);
        assertThat(sandbox.eventCount()).isEqualTo(2);
    }

    private void splitting(String to) throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:split").errorHandler(noErrorHandler()).split(body()).to(to);
            }
        });
    }

    private void fail(Exchange exchange) {
        throw new IllegalStateException("failure " + failures.incrementAndGet());
    }
}
