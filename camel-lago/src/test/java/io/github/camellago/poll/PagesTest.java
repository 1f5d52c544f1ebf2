package io.github.camellago.poll;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.github.camellago.LagoConsumer;
import io.github.camellago.QuietExceptionHandler;
import io.github.camellago.RouteTestSupport;
import io.github.camellago.test.Fault;
import io.github.camellago.test.LagoSandbox;
import io.github.camellago.test.RateLimits;
import io.github.camellago.test.SandboxRequest;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.spi.ThreadPoolProfile;
import org.apache.camel.util.concurrent.ThreadPoolRejectedPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Which pages are fetched, and when. */
class PagesTest extends RouteTestSupport {

    private final List<String> got = new CopyOnWriteArrayList<>();

    @Test
    void fetchesPrefetchPagesAheadAndNoMore() throws Exception {
        add(40);
        CountDownLatch go = new CountDownLatch(1);
        from("lago:customers?perPage=4&prefetchPages=4&initialDelay=0", exchange -> {
            go.await();
            got.add(name(exchange));
        });

        await().until(() -> sandbox.requestCount() == 5);
        await().during(Duration.ofMillis(200)).until(() -> sandbox.requestCount() == 5);
        go.countDown();
        await().until(() -> got.size() == 40);
        assertThat(got).containsExactlyElementsOf(
                sandbox.records("customers").stream().map(c -> (String) c.get("external_id")).toList());
        assertThat(sandbox.requestCount()).isEqualTo(10);
    }

    @Test
    void fetchesPagesAtTheSameTime() throws Exception {
        add(20);
        CountDownLatch together = new CountDownLatch(3);
        // none of these pages is answered before all are asked for
        sandbox.faults().on(request -> {
            if (page(request) > 1 && page(request) < 5) {
                together.countDown();
                try {
                    together.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return false;
        }).status(500);
        from("lago:customers?perPage=4&prefetchPages=3&initialDelay=0", exchange -> got.add(name(exchange)));

        await().until(() -> got.size() == 20);
    }

    @Test
    void theThreadPoolsOfTheContextMayHaveNoQueue() throws Exception {
        ThreadPoolProfile profile = context.getExecutorServiceManager().getDefaultThreadPoolProfile();
        profile.setMaxQueueSize(0);
        profile.setRejectedPolicy(ThreadPoolRejectedPolicy.Abort);
        add(200);
        from("lago:customers?perPage=1&prefetchPages=2&initialDelay=0&repeatCount=1", exchange -> got.add(name(exchange)));

        await().until(() -> got.size() == 200);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void deliversNoOlderVersionAfterANewerOne(boolean staleTotals) throws Exception {
        try (LagoSandbox lago = LagoSandbox.builder().staleTotals(staleTotals).start()) {
            context.addComponent("other", component(context, lago));
            IntStream.range(0, 6).forEach(i -> lago.add("customers", Map.of("external_id", "x" + i)));
            List<Map<String, Object>> all = lago.records("customers");
            String moving = (String) all.get(4).get("lago_id");
            String name = (String) all.get(4).get("external_id");
            String first = (String) all.get(0).get("lago_id");
            lago.faults().on(request -> {
                if (page(request) == 2 && lago.records("customers").size() == 6) {
                    await().until(() -> lago.requests().stream().anyMatch(r -> page(r) == 3 && r.status() == 200));
                    lago.remove("customers", first);
                    lago.advance(Duration.ofSeconds(5));
                    lago.update("customers", moving, Map.of("name", "young"));
                }
                return false;
            }).status(500);
            from("other:customers?perPage=2&prefetchPages=2&startScheduler=false",
                    exchange -> got.add(name(exchange) + exchange.getMessage().getBody(Map.class).get("name")));

            LagoConsumer consumer = (LagoConsumer) context.getRoute("reading").getConsumer();
            consumer.poll();
            consumer.poll();
            assertThat(got.stream().filter(g -> g.startsWith(name))).containsExactly(name + "young");
        }
    }

    @Test
    void withoutPrefetchFetchesAPageWhenItIsNeeded() throws Exception {
        add(8);
        CountDownLatch go = new CountDownLatch(1);
        from("lago:customers?perPage=4&prefetchPages=0&initialDelay=0", exchange -> {
            go.await();
            got.add(name(exchange));
        });

        await().until(() -> sandbox.requestCount() == 1);
        await().during(Duration.ofMillis(100)).until(() -> sandbox.requestCount() == 1);
        go.countDown();
        await().until(() -> got.size() == 8);
    }

    @Test
    void aStopDoesNotWaitForAPageThatDoesNotCome() throws Exception {
        add(8);
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        sandbox.faults().on(request -> {
            if (page(request) == 2) {
                asked.countDown();
                try {
                    answer.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return false;
        }).status(500);
        // nothing else ends the wait
        context.getShutdownStrategy().setTimeout(TimeUnit.HOURS.toSeconds(1));
        from("lago:customers?perPage=4&initialDelay=0&responseTimeout=3600000", exchange -> got.add(name(exchange)));
        await().until(() -> got.size() == 4 && asked.getCount() == 0);

        Thread stopper = new Thread(() -> context.stop());
        stopper.start();
        try {
            await().until(() -> !stopper.isAlive());
        } finally {
            answer.countDown();
        }
    }

    @Test
    void keepsToTheRateLimit() throws Exception {
        sandbox.rateLimits(RateLimits.cloud());
        add(150);
        from("lago:customers?perPage=1&prefetchPages=8&initialDelay=0", exchange -> got.add(name(exchange)));

        await().until(() -> got.size() == 150);
        assertThat(sandbox.statusCount(429)).isZero();
    }

    @Test
    void readsATruncatedPageAgainInTheNextPoll() throws Exception {
        add(12);
        Fault fault = sandbox.faults().on(request -> page(request) == 2).times(5).truncate();
        from("lago:customers?perPage=4&delay=20&initialDelay=0&exceptionHandler=#quiet", exchange -> got.add(name(exchange)));

        await().until(() -> got.size() == 12);
        polls(2);
        assertThat(fault.fired()).isEqualTo(5);
        assertThat(got).doesNotHaveDuplicates().hasSize(12);
    }

    @Test
    void stopsAtAnEmptyPageEvenIfANextOneIsNamed() throws Exception {
        add(4);
        sandbox.faults().on(request -> page(request) == 2)
                .body("{\"customers\":[],\"meta\":{\"current_page\":2,\"next_page\":3,"
                        + "\"prev_page\":1,\"total_pages\":9,\"total_count\":18}}");
        sandbox.faults().on(request -> page(request) == 1).body("{\"customers\":[{\"lago_id\":\"a\",\"external_id\":\"a\"}],"
                + "\"meta\":{\"current_page\":1,\"next_page\":2,\"prev_page\":null,\"total_pages\":9,\"total_count\":18}}");
        from("lago:customers?perPage=2&prefetchPages=0&initialDelay=0&repeatCount=1", exchange -> got.add(name(exchange)));

        await().until(() -> sandbox.requestCount() == 2);
        await().during(Duration.ofMillis(100)).until(() -> sandbox.requestCount() == 2);
        assertThat(got).containsExactly("a");
    }

    @Test
    void readsOnWhereTotalsAreStale() throws Exception {
        try (LagoSandbox stale = LagoSandbox.builder().staleTotals(true).start()) {
            context.addComponent("stale", component(context, stale));
            IntStream.range(0, 4).forEach(i -> stale.add("customers", Map.of("external_id", "x" + i)));
            from("stale:customers?perPage=2&delay=20&initialDelay=0&prefetchPages=3", exchange -> got.add(name(exchange)));
            await().until(() -> got.size() == 4);

            stale.addAll("customers", IntStream.range(4, 11).mapToObj(i -> Map.of("external_id", "x" + i)).toList());
            await().until(() -> got.size() == 11);
            IntStream.range(0, 6)
                    .forEach(i -> stale.remove("customers", (String) stale.records("customers").get(0).get("lago_id")));
            stale.add("customers", Map.of("external_id", "last"));
            await().until(() -> got.contains("last"));
            assertThat(got).doesNotHaveDuplicates();
        }
    }

    @Test
    void newReadsNoMorePagesThanNecessary() throws Exception {
        for (String resource : List.of("customers", "invoices", "fees", "events")) {
            sandbox.reset();
            got.clear();
            addOld(resource, 3000);
            from("lago:" + resource + "?readMode=new&perPage=100&startScheduler=false",
                    exchange -> got.add((String) exchange.getMessage().getBody(Map.class).get("lago_id")));
            LagoConsumer consumer = (LagoConsumer) context.getRoute("reading").getConsumer();
            consumer.poll();
            if (resource.equals("fees")) {
                // deletions may hide some from the first look
                assertThat(consumer.poll()).isZero();
            }
            assertThat(got).as(resource).hasSize(3000);
            List<String> added = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                added.add((String) sandbox.add(resource, Map.of("external_id", "new" + i, "transaction_id", "new" + i))
                        .get("lago_id"));
            }
            long before = sandbox.requestCount();
            consumer.poll();
            assertThat(got.subList(3000, got.size())).as(resource).containsExactlyInAnyOrderElementsOf(added);
            assertThat(sandbox.requestCount() - before).as(resource).isBetween(1L, 2L);
            long idle = sandbox.requestCount();
            assertThat(consumer.poll()).as(resource).isZero();
            assertThat(sandbox.requestCount() - idle).as(resource).isBetween(1L, 2L);
            context.getRouteController().stopRoute("reading");
            context.removeRoute("reading");
        }
    }

    private void addOld(String resource, int count) {
        Instant then = Instant.now().minus(Duration.ofDays(30));
        sandbox.addAll(resource,
                IntStream.range(0, count).mapToObj(i -> Map.of("external_id", "x" + i, "transaction_id", "t" + i,
                        "created_at", then.plusSeconds(i).toString(), "timestamp", then.plusSeconds(i).toString(),
                        "issuing_date",
                        then.plusSeconds(i).toString().substring(0, 10))).toList());
    }

    private void add(int count) {
        sandbox.addAll("customers", IntStream.range(0, count).mapToObj(i -> Map.of("external_id", "x" + i)).toList());
    }

    private void from(String uri, Processor processor) throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri).routeId("reading").process(processor);
            }
        });
    }

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext context = super.createCamelContext();
        context.getRegistry().bind("quiet", new QuietExceptionHandler());
        return context;
    }

    private static int page(SandboxRequest request) {
        String query = '&' + request.query() + '&';
        int at = query.indexOf("&page=");
        return at < 0 ? 0 : Integer.parseInt(query.substring(at + 6, query.indexOf('&', at + 6)));
    }

    private static String name(Exchange exchange) {
        return (String) exchange.getMessage().getBody(Map.class).get("external_id");
    }

    private void polls(int count) {
        long from = begun();
        await().until(() -> begun() > from + count);
    }

    private long begun() {
        return sandbox.requests().stream().filter(r -> page(r) == 1).count();
    }
}
