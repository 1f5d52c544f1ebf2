package io.github.camellago.poll;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.github.camellago.LagoConsumer;
import org.apache.camel.Exchange;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Camel's options for polling, and stopped and suspended routes. */
class PollingOptionsTest extends PollingTestSupport {

    @Test
    void aShutdownCompletesTheBatchIfConfigured() throws Exception {
        add(12);
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch reached = new CountDownLatch(2);
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("lago:customers?perPage=5&delay=20&initialDelay=0").routeId("reading")
                        .shutdownRunningTask(ShutdownRunningTask.CompleteAllTasks)
                        .process(exchange -> {
                            got.add(name(exchange));
                            reached.countDown();
                            if (reached.getCount() == 0) {
                                go.await();
                            }
                        });
            }
        });
        reached.await();
        Thread stopper = new Thread(() -> context.stop());
        stopper.start();
        await().until(() -> ((LagoConsumer) context.getRoute("reading").getConsumer()).isSuspendingOrSuspended());
        go.countDown();
        stopper.join();

        assertThat(got).hasSize(5);
    }

    @Test
    void doesNotPollWhileSuspendedAndContinuesWhenResumed() throws Exception {
        add(2);
        from("lago:customers?delay=20&initialDelay=0", exchange -> got.add(name(exchange)));
        await().until(() -> got.size() == 2);

        context.getRouteController().suspendRoute("reading");
        restsWith(2);
        sandbox.add("customers", Map.of("external_id", "x2"));
        restsWith(2);
        context.getRouteController().resumeRoute("reading");

        await().until(() -> got.size() == 3);
    }

    @Test
    void processesNothingOfThePageThatWasReadWhileSuspended() throws Exception {
        add(2);
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        sandbox.faults().on(request -> {
            asked.countDown();
            return reached(answer);
        }).delay(Duration.ZERO);
        from("lago:customers?delay=20&initialDelay=0", exchange -> got.add(name(exchange)));
        assertThat(reached(asked)).isTrue();

        context.getRouteController().suspendRoute("reading");
        answer.countDown();
        restsWith(0);
        context.getRouteController().resumeRoute("reading");

        await().until(() -> got.size() == 2);
    }

    private static boolean reached(CountDownLatch latch) {
        try {
            return latch.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits until no more calls come, as one may have been in flight, and sees that so many messages came and no more. */
    private void restsWith(int messages) {
        AtomicLong before = new AtomicLong(-1);
        await().during(Duration.ofMillis(200)).until(() -> {
            long requests = sandbox.requestCount();
            return before.getAndSet(requests) == requests;
        });
        assertThat(got).hasSize(messages);
    }

    @Test
    void limitsAPollToMaxMessagesPerPoll() throws Exception {
        add(7);
        from("lago:customers?perPage=4&maxMessagesPerPoll=3&delay=20&initialDelay=0", exchange -> got.add(name(exchange)
                + exchange.getProperty(Exchange.BATCH_SIZE)));

        await().until(() -> got.size() == 7);
        polls(2);
        assertThat(got).hasSize(7).extracting(g -> g.substring(2)).containsExactly("3", "3", "3", "1", "2", "2", "1");
    }

    @Test
    void continuesALimitedReadingOfAllBeforeItBeginsAgain() throws Exception {
        add(7);
        from("lago:customers?readMode=all&perPage=4&maxMessagesPerPoll=3&repeatCount=6&delay=20&initialDelay=0",
                exchange -> got.add(name(exchange)));

        await().until(() -> got.size() == 14);
        assertThat(got.subList(0, 7)).doesNotHaveDuplicates();
        assertThat(got.subList(7, 14)).doesNotHaveDuplicates();
    }

    @Test
    void aGreedyConsumerPollsAgainAtOnce() throws Exception {
        add(7);
        from("lago:customers?maxMessagesPerPoll=2&greedy=true&delay=60000&initialDelay=0", exchange -> got.add(name(exchange)));

        await().until(() -> got.size() == 7);
    }

    @Test
    void aGreedyPollInWhichAllMessagesFailPauses() throws Exception {
        add(3);
        from("lago:customers?greedy=true&delay=3600000&initialDelay=0&exceptionHandler=#quiet", exchange -> {
            got.add(name(exchange));
            throw new IllegalStateException("not now");
        });

        await().until(() -> got.size() == 3);
        restsWith(3);
    }

    @Test
    void aGreedyConsumerPausesIfTheMessagesOfThePollBeforeHaveFailedInOtherThreads() throws Exception {
        add(3);
        Semaphore mayFail = new Semaphore(0);
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("lago:customers?greedy=true&startScheduler=false&exceptionHandler=#quiet").routeId("reading").threads(3)
                        .onCompletion().onFailureOnly().process(exchange -> got.add(name(exchange))).end()
                        .process(exchange -> {
                            mayFail.acquire();
                            throw new IllegalStateException("not now");
                        });
            }
        });
        LagoConsumer consumer = (LagoConsumer) context.getRoute("reading").getConsumer();
        assertThat(consumer.poll()).isEqualTo(3);
        assertThat(consumer.isGreedy()).isTrue();
        mayFail.release(3);
        await().until(() -> got.size() == 3 && context.getInflightRepository().size() == 0);

        assertThat(consumer.poll()).isEqualTo(3);
        assertThat(consumer.isGreedy()).isFalse();

        mayFail.release(3);
    }

    @Test
    void sendsAnEmptyMessageWhenIdle() throws Exception {
        from("lago:customers?sendEmptyMessageWhenIdle=true&delay=20&initialDelay=0",
                exchange -> got.add(String.valueOf(exchange.getMessage().getBody())));

        await().until(() -> got.size() >= 2);
        assertThat(got).containsOnly("null");
    }

    @Test
    void polledByCron() throws Exception {
        add(2);
        from("lago:customers?scheduler=quartz&scheduler.cron=0/1+*+*+*+*+?", exchange -> got.add(name(exchange)));

        await().until(() -> got.size() == 2);
    }

    @Test
    void aFailedPollGoesToTheRoutesErrorHandler() throws Exception {
        add(1);
        // of this route's polls: one of another test may still be in flight
        sandbox.faults().on("GET", "/customers").when(r -> r.query().contains("per_page=7")).times(1).status(500);
        route(new RouteBuilder() {
            @Override
            public void configure() {
                onException(Exception.class).handled(true)
                        .process(e -> got.add(e.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class).getMessage()));
                from("lago:customers?perPage=7&bridgeErrorHandler=true&delay=20&initialDelay=0").process(e -> got.add(name(e)));
            }
        });

        await().until(() -> got.size() == 2);
        assertThat(got.get(0)).contains("500").contains("customers");
        assertThat(got.get(1)).isEqualTo("x0");
    }

    @Test
    void deliversAgainWhatPollEnrichHasNotTakenWhenItsRouteRestarts() throws Exception {
        add(3);
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:take").routeId("taking").pollEnrich("lago:customers?delay=20&initialDelay=0", 10_000);
            }
        });
        Set<String> taken = new HashSet<>();
        taken.add(name(sent("direct:take", null)));

        context.getRouteController().stopRoute("taking");
        context.getRouteController().startRoute("taking");
        taken.add(name(sent("direct:take", null)));
        taken.add(name(sent("direct:take", null)));

        assertThat(taken).hasSize(3);
    }

    @Test
    void pollEnrichWaitsNoLongerThanItsTimeout() throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:take").pollEnrich("lago:customers?delay=3600000", 100);
            }
        });

        CompletableFuture<Exchange> taken = CompletableFuture.supplyAsync(() -> send("direct:take", "before"));
        assertThat(taken.get(1, TimeUnit.MINUTES).getException()).isNull();
    }

    @Test
    void pollEnrichTakesOneMessageAtATime() throws Exception {
        add(3);
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:take").pollEnrich("lago:customers?maxMessagesPerPoll=1&delay=20&initialDelay=0", 10_000);
            }
        });

        Set<String> taken = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            Exchange exchange = template.request("direct:take", e -> {});
            taken.add(name(exchange));
        }
        assertThat(taken).containsExactlyInAnyOrder("x0", "x1", "x2");
    }
}
