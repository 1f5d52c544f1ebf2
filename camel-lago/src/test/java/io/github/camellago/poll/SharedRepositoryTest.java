package io.github.camellago.poll;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.github.camellago.LagoConsumer;
import org.apache.camel.Consumer;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Instances that share a repository, one after the other or at the same time. */
class SharedRepositoryTest extends PollingTestSupport {

    private int instances;

    @BeforeEach
    void repository() {
        context.getRegistry().bind("repository", MemoryIdempotentRepository.memoryIdempotentRepository(1_000));
    }

    @Test
    void theNextInstanceFindsASecondChangeWithinTheSameSecond() throws Exception {
        String id = customer("A");
        String updated = sandbox.now().toString();
        sandbox.update("customers", id, Map.of("updated_at", updated));
        LagoConsumer first = instance("first", null);
        assertThat(first.poll()).isEqualTo(1);
        sandbox.update("customers", id, Map.of("name", "B", "updated_at", updated));

        LagoConsumer second = instance("second", null);
        assertThat(second.poll()).isEqualTo(1);
        assertThat(second.poll()).isZero();
        assertThat(instance("third", null).poll()).isZero();
        assertThat(got).containsExactly("first A", "second B");
    }

    @Test
    void deliversTheNewerVersionAgainAfterAnOlderOneThatWasProcessedLate() throws Exception {
        String id = customer("A");
        CountDownLatch working = new CountDownLatch(1);
        CountDownLatch work = new CountDownLatch(1);
        LagoConsumer slow = instance("slow", () -> {
            working.countDown();
            work.await();
        });
        LagoConsumer quick = instance("quick", null);
        CompletableFuture<Integer> late = CompletableFuture.supplyAsync(() -> poll(slow));
        working.await();
        sandbox.update("customers", id, Map.of("name", "B", "updated_at", sandbox.now().plusSeconds(60).toString()));

        assertThat(quick.poll()).isEqualTo(1);
        work.countDown();
        assertThat(late.get()).isEqualTo(1);

        assertThat(slow.poll()).isEqualTo(1);
        assertThat(got).containsExactly("quick B", "slow A", "slow B");
        assertThat(slow.poll() + quick.poll()).isZero();
    }

    @Test
    void aConsumerWaitsUntilAnotherOneHasStartedTheRepository() throws Exception {
        CountDownLatch starting = new CountDownLatch(1);
        CountDownLatch start = new CountDownLatch(1);
        context.getRegistry().bind("slow", new MemoryIdempotentRepository() {
            @Override
            protected void doStart() throws Exception {
                super.doStart();
                starting.countDown();
                start.await();
            }
        });
        CompletableFuture<Void> first = started(1);
        assertThat(starting.await(1, TimeUnit.MINUTES)).isTrue();
        CompletableFuture<Void> second = started(2);

        try {
            assertThatThrownBy(() -> second.get(500, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        } finally {
            start.countDown();
        }
        CompletableFuture.allOf(first, second).get(1, TimeUnit.MINUTES);
    }

    private CompletableFuture<Void> started(int perPage) throws Exception {
        Consumer consumer = context
                .getEndpoint("lago:customers?startScheduler=false&idempotentRepository=#slow&perPage=" + perPage)
                .createConsumer(exchange -> {});
        return CompletableFuture.runAsync(consumer::start);
    }

    private static int poll(LagoConsumer consumer) {
        try {
            return consumer.poll();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private String customer(String name) {
        return (String) sandbox.add("customers", Map.of("external_id", "x", "name", name))
                .get("lago_id");
    }

    private interface Work {
        void run() throws Exception;
    }

    /** A consumer with an endpoint, and so a memory, of its own. */
    private LagoConsumer instance(String name, Work work) throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("lago:customers?startScheduler=false&idempotentRepository=#repository&perPage="
                        + (100 + instances++)).routeId(name)
                        .process(exchange -> {
                            if (work != null) {
                                work.run();
                            }
                            got.add(name + " " + exchange.getMessage().getBody(Map.class).get("name"));
                        });
            }
        });
        return (LagoConsumer) context.getRoute(name).getConsumer();
    }
}
