package io.github.camellago.events;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.github.camellago.RouteTestSupport;
import org.apache.camel.builder.Builder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.ValueBuilder;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SplitDefinition;
import org.apache.camel.processor.aggregate.GroupedExchangeAggregationStrategy;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Equal events without ids that copies of an exchange send: a redelivery of the caller repeats their ids, and no two events have one id. */
class EventsCopiesTest extends RouteTestSupport {

    private static final Map<String, Object> USE = Map.of("external_subscription_id", "sub-1", "code", "api_calls");
    private static final List<Map<String, Object>> THREE = List.of(USE, USE, USE);

    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicInteger taps = new AtomicInteger();

    @BeforeEach
    void failTwice() {
        failures.set(0);
    }

    @ParameterizedTest
    @CsvSource({"split,3", "parallelSplit,3", "splitTwice,6", "nestedSplit,9", "multicast,2", "multicastOfSplit,6",
            "recipientList,2", "enrich,1", "wireTap,2", "splitInALoop,9", "groupedSplit,3", "splitToDirectTwice,6",
            "copyingLoops,4", "copyingLoopInLoop,4", "loopInCopyingLoop,4",
            "splitInCopyingLoops,12", "copyingLoopInSplit,6", "loopInSplit,6", "copyingLoopOfSplits,12", "loopsInMulticast,4",
            "eventBeforeLoop,1", "eventBeforeCopyingLoop,1", "twoLoops,4", "twoSplitsInCopyingLoop,12"})
    void repeatsTheIdsOfCopies(String form, int events) throws Exception {
        for (String to : List.of("lago:events", "lago:events?batchInterval=10")) {
            sandbox.reset();
            failures.set(0);
            taps.set(0);
            String id = form + (to.contains("?") ? 2 : 1);
            route(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:" + id).errorHandler(defaultErrorHandler().maximumRedeliveries(3).redeliveryDelay(0))
                            .to("direct:b" + id);
                    from("direct:to" + id).errorHandler(noErrorHandler()).process(e -> taps.incrementAndGet()).to(to);
                    build(form, from("direct:b" + id).errorHandler(noErrorHandler()), to, "direct:to" + id)
                            .process(e -> sentAtLeast(failures.get() == 0 ? events : 0)).process(e -> {
                                if (failures.incrementAndGet() < 3) {
                                    throw new IllegalStateException("a later step");
                                }
                            });
                }
            });

            sent("direct:" + id, THREE);

            Awaitility.await().untilAsserted(() -> assertThat(sandbox.requests()).hasSizeGreaterThanOrEqualTo(3));
            assertThat(failures).hasValue(3);
            settled(form.equals("wireTap") ? 6 : 0);
            assertThat(ids()).as(to).hasSize(events);
            assertThat(sandbox.eventCount()).as(to).isEqualTo(events);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lago:events", "lago:events?batchInterval=10"})
    void distinguishesTwoCallsOfOneRoute(String to) throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:twice").setBody(constant(USE)).to("direct:one").setBody(constant(USE)).to("direct:one");
                from("direct:one").to(to);
                from("direct:loops").loop(2).loop(2).setBody(constant(USE)).to("direct:one").end().end();
            }
        });

        sent("direct:twice", null);
        assertThat(sandbox.eventCount()).isEqualTo(2);
        sent("direct:loops", null);
        assertThat(sandbox.eventCount()).isEqualTo(6);
    }

    @Test
    void repeatsTheIdOfTheEventBeforeALoopThatIsRedelivered() throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:steps").errorHandler(defaultErrorHandler().maximumRedeliveries(3).redeliveryDelay(0)).loop(3)
                        .setBody(constant(USE)).to("direct:step").end();
                from("direct:step").errorHandler(noErrorHandler()).to("lago:events").loop(2).copy().setBody(constant(USE))
                        .to("lago:events").end().process(e -> {
                            if (failures.incrementAndGet() % 2 == 1) {
                                throw new IllegalStateException("each step fails once");
                            }
                        });
            }
        });

        sent("direct:steps", null);

        assertThat(failures).hasValue(6);
        assertThat(sandbox.eventCount()).isEqualTo(9);
    }

    @Test
    void repeatsTheIdsOfACopyingLoopThatAFailoverRepeats() throws Exception {
        sandbox.faults().on("POST", "/events*").nth(2).dropAfter();
        sandbox.faults().on("POST", "/events").nth(2).dropAfter();
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:failover").errorHandler(noErrorHandler()).setBody(constant(USE)).loop(2).copy().loadBalance()
                        .failover(1, false, false).to("lago:events?maxRetries=0").to("lago:events?maxRetries=1").end().end();
            }
        });

        sent("direct:failover", null);

        assertThat(sandbox.eventCount()).isEqualTo(2);
    }

    private ProcessorDefinition<?> build(String form, RouteDefinition route, String to, String direct) {
        return switch (form) {
            case "split" -> route.split(body()).to(to).end();
            case "parallelSplit" -> route.split(body()).parallelProcessing().to(to).end();
            case "splitTwice" -> route.split(body()).to(to).end().split(body()).to(to).end();
            case "splitToDirectTwice" -> route.setProperty("all", body()).split(body()).to(direct).end()
                    .setBody(exchangeProperty("all")).split(body()).to(direct).end();
            case "nestedSplit" -> route.split(body()).setBody(constant(THREE)).split(body()).to(direct).end().end();
            case "multicast" -> route.setBody(constant(USE)).multicast().to(to, direct).end();
            case "multicastOfSplit" -> route.multicast().parallelProcessing().pipeline().split(body()).to(direct).end().end()
                    .pipeline().split(body()).to(direct).end().end().end();
            case "recipientList" -> route.setBody(constant(USE)).recipientList(constant(direct + "," + direct)).end();
            case "enrich" -> route.setBody(constant(USE)).enrich(direct);
            case "wireTap" -> route.setBody(constant(USE)).wireTap(direct).wireTap(direct);
            case "splitInALoop" -> route.loop(3).copy().split(body()).to(direct).end().end();
            case "copyingLoops" -> route.setBody(constant(USE)).loop(2).copy().loop(2).copy().to(to).end().end();
            case "copyingLoopInLoop" -> route.loop(2).setBody(constant(USE)).loop(2).copy().to(direct).end().end();
            case "loopInCopyingLoop" -> route.loop(2).copy().loop(2).setBody(constant(USE)).to(to).end().end();
            case "splitInCopyingLoops" -> route.loop(2).copy().loop(2).copy().split(body()).to(to).end().end().end();
            case "twoSplitsInCopyingLoop" -> route.loop(2).copy().setProperty("all", body()).split(body()).to(direct).end()
                    .setBody(exchangeProperty("all")).split(body()).to(direct).end().end();
            case "copyingLoopInSplit" -> route.split(body()).loop(2).copy().to(to).end().end();
            case "loopInSplit" -> route.split(body()).loop(2).setBody(constant(USE)).to(to).end().end();
            case "copyingLoopOfSplits" -> route.setBody(constant(List.of(1, 2))).split(body()).setBody(constant(THREE)).loop(2)
                    .copy().split(body()).to(direct).end().end().end();
            case "loopsInMulticast" -> route.setBody(constant(USE)).multicast().pipeline().loop(2).copy().to(direct).end().end()
                    .pipeline().loop(2).copy().to(direct).end().end().end();
            case "twoLoops" ->
                route.setBody(constant(USE)).loop(2).copy().to(direct).end().setBody(constant(USE)).loop(2).copy()
                        .to(direct).end();
            case "eventBeforeLoop" -> route.setBody(constant(USE)).to(to).loop(3).process(e -> {}).end();
            case "eventBeforeCopyingLoop" -> route.setBody(constant(USE)).to(to).loop(3).copy().process(e -> {}).end();
            default -> route.split(body(), new GroupedExchangeAggregationStrategy()).process(e -> {}).end().to(to);
        };
    }

    private void sentAtLeast(int events) {
        Awaitility.await().until(() -> sandbox.eventCount() >= events);
    }

    private void settled(int expectedTaps) {
        // the last wireTap may not have begun yet, or may still be in flight
        Awaitility.await().until(() -> taps.get() >= expectedTaps);
        Awaitility.await().until(() -> context.getInflightRepository().size() == 0);
    }

    private Set<Object> ids() {
        return sandbox.events().stream().map(e -> e.get("transaction_id")).collect(Collectors.toSet());
    }

    private static ValueBuilder body() {
        return Builder.body();
    }

    private static ValueBuilder constant(Object value) {
        return Builder.constant(value);
    }

    private static ValueBuilder exchangeProperty(String name) {
        return Builder.exchangeProperty(name);
    }

    @Test
    void sendsOneEventForEachIterationOfALoopWithCopies() throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:looped").errorHandler(noErrorHandler()).loop(3).copy().to("lago:events");
            }
        });
        assertThat(send("direct:looped", Map.of("code", "api", "external_subscription_id", "sub-1")).getException())
                .isNull();
        assertThat(sandbox.eventCount()).isEqualTo(3);
    }

    @Test
    void repeatsTheIdsOfTheFirstMessageOfADynamicEndpoint() throws Exception {
        repeatsTheIdsOfTheFirstMessage(parts -> parts.toD("lago:events?batchSize=${header.size}"));
    }

    @Test
    void repeatsTheIdsOfTheFirstMessageOfARecipientList() throws Exception {
        repeatsTheIdsOfTheFirstMessage(
                parts -> parts.recipientList(Builder.simple("lago:events?batchSize=${header.size}")).end());
    }

    private void repeatsTheIdsOfTheFirstMessage(Function<SplitDefinition, ProcessorDefinition<?>> sending) throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:outer").errorHandler(defaultErrorHandler().maximumRedeliveries(4).redeliveryDelay(0))
                        .to("direct:inner");
                sending.apply(from("direct:inner").errorHandler(noErrorHandler()).split(body())).end().process(exchange -> {
                    if (failures.incrementAndGet() < 3) {
                        throw new IllegalStateException("later");
                    }
                });
            }
        });

        assertThat(send("direct:outer", THREE, Map.of("size", 50)).getException()).isNull();

        assertThat(failures).hasValue(3);
        assertThat(sandbox.eventCount()).isEqualTo(3);
    }

    @Test
    void remembersNoEndlessPathOfAMessageThatGoesAroundInAQueue() throws Exception {
        Set<String> paths = ConcurrentHashMap.newKeySet();
        Set<String> roots = ConcurrentHashMap.newKeySet();
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("seda:around").process(exchange -> {
                    ExchangePath path = ExchangePath.of(exchange);
                    paths.add(path.toString());
                    roots.add(path.rootId());
                }).setBody(constant(USE)).to("lago:events").filter(exchange -> paths.size() < 200).to("seda:around");
            }
        });

        template.sendBody("seda:around", USE);

        Awaitility.await().until(() -> sandbox.eventCount() == 200);
        assertThat(paths).hasSize(200).allMatch(path -> path.length() < 3_000);
        assertThat(roots).hasSize(1);
    }
}
