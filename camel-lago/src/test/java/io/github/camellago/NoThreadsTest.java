package io.github.camellago;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.DefaultThreadPoolFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The JVM cannot start threads for a time, as in a container whose limit of processes is reached. */
class NoThreadsTest extends RouteTestSupport {

    private final Set<String> refused = ConcurrentHashMap.newKeySet();
    private volatile String pool = "none";

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext context = super.createCamelContext();
        context.getExecutorServiceManager().setThreadPoolFactory(new DefaultThreadPoolFactory() {

            @Override
            public ExecutorService newCachedThreadPool(ThreadFactory threads) {
                return super.newCachedThreadPool(limited(threads));
            }

            @Override
            public ExecutorService newThreadPool(int size, int max, long keepAlive, TimeUnit unit, int queue, boolean timeout,
                    RejectedExecutionHandler rejected, ThreadFactory threads) {
                return super.newThreadPool(size, max, keepAlive, unit, queue, timeout, rejected, limited(threads));
            }
        });
        return context;
    }

    private ThreadFactory limited(ThreadFactory threads) {
        return task -> {
            Thread thread = threads.newThread(task);
            if (thread.getName().contains(pool)) {
                refused.add(pool);
                throw new OutOfMemoryError("unable to create native thread");
            }
            return thread;
        };
    }

    @BeforeEach
    void addReferences() {
        sandbox.add("billable_metrics", Map.of("code", "api_calls", "aggregation_type", "count_agg"));
        sandbox.add("subscriptions", Map.of("external_id", "sub-1", "status", "active"));
    }

    private List<CompletableFuture<Exchange>> sendFive(String options) {
        return IntStream.range(0, 5).mapToObj(i -> template.asyncSend("lago:events?batchInterval=20&batchSize=2" + options,
                e -> e.getMessage().setBody(event("t-" + i)))).toList();
    }

    @ParameterizedTest
    @CsvSource({"LagoEventAggregator,delivered,false", "LagoEventAggregator,received,false", "LagoEventsDone,delivered,false",
            "LagoEventsDone,delivered,true"})
    void deliversEventsOfMessagesAsSoonAsThreadsCanBeStarted(String pool, String acknowledge, String checkReferences)
            throws Exception {
        this.pool = pool;
        List<CompletableFuture<Exchange>> messages = sendFive("&acknowledge=" + acknowledge + "&checkReferences="
                + checkReferences);
        await().until(() -> refused.contains(pool));

        this.pool = "none";

        for (CompletableFuture<Exchange> message : messages) {
            assertThat(message.get(60, TimeUnit.SECONDS).getException()).isNull();
        }
        await().untilAsserted(() -> assertThat(sandbox.events()).extracting("transaction_id")
                .containsExactlyInAnyOrder("t-0", "t-1", "t-2", "t-3", "t-4"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"LagoEventAggregator", "LagoEventsDone"})
    void messagesCompleteAtAStopThatFindsNoThreads(String pool) throws Exception {
        context.getShutdownStrategy().setTimeout(1);
        this.pool = pool;
        List<CompletableFuture<Exchange>> messages = sendFive("");
        await().until(() -> refused.contains(pool));

        context.stop();

        for (CompletableFuture<Exchange> message : messages) {
            message.get(60, TimeUnit.SECONDS);
        }
    }

    /** Two ticks are scheduled at the same time: one for the third event, and one for the batch that has failed. */
    @Test
    void triesABatchAgainAlthoughTheContextsPoolsHaveHardlyAQueue() throws Exception {
        context.getExecutorServiceManager().getDefaultThreadPoolProfile().setMaxQueueSize(1);
        CountDownLatch third = new CountDownLatch(1);
        sandbox.faults().on("POST", "/events/batch").times(1).when(request -> isOpen(third)).status(503);
        String uri = "lago:events?batchInterval=1h&batchSize=2&acknowledge=received&maxRetries=0&maxRetryDelay=20";

        for (int i = 0; i < 3; i++) {
            sent(uri, event("t-" + i));
        }
        third.countDown();

        await().untilAsserted(() -> assertThat(sandbox.events()).extracting("transaction_id").containsExactly("t-0", "t-1"));
    }

    private static boolean isOpen(CountDownLatch latch) {
        try {
            return latch.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lago:customers?perPage=1&delay=20&initialDelay=0",
            "lago:invoices?readMode=new&perPage=1&delay=20&initialDelay=0"})
    void aConsumerReadsPagesItselfIfItCannotReadThemAhead(String uri) throws Exception {
        for (int i = 0; i < 4; i++) {
            sandbox.add(uri.contains("customers") ? "customers" : "invoices", Map.of("external_id", "c-" + i));
        }
        pool = "LagoPrefetch";
        mock("read").expectedMessageCount(4);

        route(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri).to("mock:read");
            }
        });

        mock("read").assertIsSatisfied();
        assertThat(refused).contains(pool);
    }
}
