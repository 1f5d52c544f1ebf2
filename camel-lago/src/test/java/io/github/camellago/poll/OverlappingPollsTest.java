package io.github.camellago.poll;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.camellago.LagoConsumer;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.processor.state.MemoryStateRepository;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A poll that begins while records of the one before are on their way, or while that one is still going on. */
class OverlappingPollsTest extends PollingTestSupport {

    @Test
    void deliversNothingTwiceIfTheOffsetMovesWhileTheNextPollBegins() throws Exception {
        add(3);
        CountDownLatch work = new CountDownLatch(1);
        AtomicInteger reads = new AtomicInteger();
        AtomicInteger moves = new AtomicInteger();
        context.getRegistry().bind("offsets", new MemoryStateRepository() {
            @Override
            public String getState(String key) {
                String state = super.getState(key);
                if (reads.incrementAndGet() == 2) {
                    work.countDown();
                    await().until(() -> moves.get() == 1);
                }
                return state;
            }

            @Override
            public void setState(String key, String value) {
                super.setState(key, value);
                moves.incrementAndGet();
            }
        });
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("lago:customers?readMode=new&offsetRepository=#offsets&startScheduler=false").routeId("reading")
                        .to("seda:work");
                from("seda:work").process(exchange -> {
                    if (got.size() == 2) {
                        work.await();
                    }
                    got.add(name(exchange));
                });
            }
        });
        LagoConsumer consumer = (LagoConsumer) context.getRoute("reading").getConsumer();
        assertThat(consumer.poll()).isEqualTo(3);
        await().until(() -> got.size() == 2);

        assertThat(consumer.poll()).isZero();
        assertThat(consumer.poll()).isZero();
        assertThat(got).hasSize(3).doesNotHaveDuplicates();
    }

    @Test
    void aListIsReadByOneThreadAtATime() throws Exception {
        add(40);
        AtomicInteger working = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        from("lago:customers?perPage=5&scheduler.poolSize=3&scheduler.concurrentConsumers=3&delay=1&initialDelay=0",
                exchange -> {
                    most.accumulateAndGet(working.incrementAndGet(), Math::max);
                    got.add(name(exchange));
                    Thread.yield();
                    working.decrementAndGet();
                });

        await().until(() -> got.size() >= 40);
        polls(3);
        assertThat(got).hasSize(40).doesNotHaveDuplicates();
        assertThat(most).hasValue(1);
    }
}
