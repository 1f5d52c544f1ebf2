package io.github.camellago.poll;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.camellago.LagoConsumer;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** When a record counts as processed. */
class DeliveryTest extends PollingTestSupport {

    @ParameterizedTest
    @ValueSource(strings = {"changed", "new"})
    void deliversOnlyFailedRecordsAgain(String mode) throws Exception {
        add(10);
        Set<String> failOnce = ConcurrentHashMap.newKeySet();
        failOnce.addAll(List.of("x3", "x8"));
        from("lago:customers?perPage=4&delay=20&initialDelay=0&exceptionHandler=#quiet&readMode=" + mode, exchange -> {
            if (failOnce.remove(name(exchange))) {
                throw new IllegalStateException("not now");
            }
            got.add(name(exchange));
        });

        await().until(() -> got.size() == 10);
        polls(3);
        assertThat(got).doesNotHaveDuplicates().hasSize(10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"changed", "new"})
    void deliversARecordAgainThatWasRolledBack(String mode) throws Exception {
        add(3);
        AtomicInteger rollbacks = new AtomicInteger(2);
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("lago:customers?delay=20&initialDelay=0&readMode=" + mode)
                        .process(exchange -> got.add(name(exchange)))
                        .filter(exchange -> name(exchange).equals("x1") && rollbacks.getAndDecrement() > 0).markRollbackOnly();
            }
        });

        await().until(() -> got.size() == 5);
        polls(3);
        assertThat(got).containsExactlyInAnyOrder("x0", "x1", "x1", "x1", "x2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"changed", "new"})
    void aRecordIsProcessedWhenItsExchangeHasCompletedOnAnyThread(String mode) throws Exception {
        add(3);
        CountDownLatch go = new CountDownLatch(1);
        Set<String> failOnce = ConcurrentHashMap.newKeySet();
        failOnce.add("x1");
        route(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("lago:customers?delay=20&initialDelay=0&exceptionHandler=#quiet&readMode=" + mode).to("seda:later");
                from("seda:later?exceptionHandler=#quiet").process(exchange -> {
                    go.await();
                    if (failOnce.remove(name(exchange))) {
                        throw new IllegalStateException("not now");
                    }
                    got.add(name(exchange));
                });
            }
        });

        polls(3);
        assertThat(got).isEmpty();
        go.countDown();
        await().until(() -> got.size() == 3);
        polls(3);
        assertThat(got).containsExactlyInAnyOrder("x0", "x1", "x2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"changed", "new"})
    void aStopDuringAPollLosesNothing(String mode) throws Exception {
        add(20);
        CountDownLatch reached = new CountDownLatch(7);
        AtomicBoolean slow = new AtomicBoolean(true);
        CompletableFuture<LagoConsumer> consumer = new CompletableFuture<>();
        from("lago:customers?perPage=5&delay=20&initialDelay=0&readMode=" + mode, exchange -> {
            got.add(name(exchange));
            reached.countDown();
            if (slow.get() && reached.getCount() == 0) {
                await().until(() -> consumer.join().isSuspendingOrSuspended() || !consumer.join().isRunAllowed());
            }
        });
        consumer.complete((LagoConsumer) context.getRoute("reading").getConsumer());
        reached.await();
        context.getRouteController().stopRoute("reading");
        assertThat(got).hasSize(7);

        slow.set(false);
        context.getRouteController().startRoute("reading");
        await().until(() -> got.size() >= 20);
        polls(3);
        assertThat(got).doesNotHaveDuplicates().hasSize(20);
    }

    @Test
    void findsNewRecordsThatBecomeVisibleLate() throws Exception {
        for (int i = 0; i < 5; i++) {
            sandbox.add("plans", Map.of("code", "p" + i, "created_at", "2026-01-01T00:00:1" + i + "Z"));
        }
        from("lago:plans?readMode=new&perPage=2&delay=20&initialDelay=0",
                exchange -> got.add((String) exchange.getMessage().getBody(Map.class).get("code")));
        await().until(() -> got.size() == 5);
        polls(2);

        sandbox.add("plans", Map.of("code", "late", "created_at", "2026-01-01T00:00:11Z"));
        await().until(() -> got.size() == 6);
        polls(2);
        assertThat(got).hasSize(6).contains("late");
    }

    @Test
    void aLimitedPollDoesNotMoveTheOffset() throws Exception {
        add(7);
        from("lago:customers?readMode=new&perPage=4&maxMessagesPerPoll=3&delay=20&initialDelay=0",
                exchange -> got.add(name(exchange)));

        await().until(() -> got.size() == 7);
        polls(2);
        assertThat(got).hasSize(7).doesNotHaveDuplicates();
    }

    @Test
    void aRepositoryHoldsOneKeyPerRecordHoweverOftenItChanges() throws Exception {
        List<Map<String, Object>> customers = add(3);
        MemoryIdempotentRepository repository = new MemoryIdempotentRepository();
        context.getRegistry().bind("repository", repository);
        from("lago:customers?idempotentRepository=#repository&delay=20&initialDelay=0", exchange -> got.add(name(exchange)));
        await().until(() -> got.size() == 3);

        for (int i = 0; i < 5; i++) {
            int before = got.size();
            sandbox.advance(Duration.ofSeconds(1));
            sandbox.update("customers", (String) customers.get(i % 3).get("lago_id"), Map.of("name", "N" + i));
            await().until(() -> got.size() == before + 1);
        }
        polls(2);
        assertThat(repository.getCacheSize()).isEqualTo(3);
    }

    @Test
    void instancesWithASharedRepositoryProcessEachVersionOnce() throws Exception {
        List<Map<String, Object>> customers = add(20);
        context.getRegistry().bind("repository", new MemoryIdempotentRepository());
        for (String name : List.of("one", "other")) {
            route(new RouteBuilder() {
                @Override
                public void configure() {
                    from("lago:customers?startScheduler=false&idempotentRepository=#repository&perPage="
                            + (name.equals("one") ? 7 : 9)).routeId(name)
                            .process(exchange -> got.add(name(exchange)));
                }
            });
        }
        LagoConsumer one = (LagoConsumer) context.getRoute("one").getConsumer();
        LagoConsumer other = (LagoConsumer) context.getRoute("other").getConsumer();
        for (int i = 0; i < 6; i++) {
            assertThat((i % 2 == 0 ? one : other).poll()).isEqualTo(i == 0 ? 20 : 1);
            assertThat((i % 2 == 0 ? other : one).poll()).isZero();
            sandbox.advance(Duration.ofSeconds(1));
            sandbox.update("customers", (String) customers.get(i).get("lago_id"), Map.of("name", "N" + i));
        }
        assertThat(got).hasSize(25);
    }

    @Test
    void anEagerIdempotentConsumerKeepsConcurrentInstancesApart() throws Exception {
        add(5);
        MemoryIdempotentRepository claims = new MemoryIdempotentRepository();
        CountDownLatch together = new CountDownLatch(2);
        for (int perPage : new int[]{7, 9}) {
            route(new RouteBuilder() {
                @Override
                public void configure() {
                    from("lago:customers?delay=20&initialDelay=0&perPage=" + perPage)
                            .process(exchange -> {
                                together.countDown();
                                together.await();
                            })
                            .idempotentConsumer(simple("${header.CamelLagoId}@${body[updated_at]}"), claims)
                            .process(exchange -> got.add(name(exchange)));
                }
            });
        }
        await().until(() -> got.size() == 5);
        polls(4);
        assertThat(got).hasSize(5).doesNotHaveDuplicates();
    }

    @Test
    void deliversARecordAgainIfTheRepositoryFails() throws Exception {
        add(1);
        AtomicInteger failures = new AtomicInteger(2);
        context.getRegistry().bind("repository", new MemoryIdempotentRepository() {
            @Override
            public boolean add(String key) {
                if (failures.getAndDecrement() > 0) {
                    throw new IllegalStateException("no database");
                }
                return super.add(key);
            }
        });
        from("lago:customers?idempotentRepository=#repository&exceptionHandler=#quiet&delay=20&initialDelay=0",
                exchange -> got.add(name(exchange)));

        await().until(() -> got.size() == 3);
        polls(3);
        assertThat(got).hasSize(3);
    }
}
