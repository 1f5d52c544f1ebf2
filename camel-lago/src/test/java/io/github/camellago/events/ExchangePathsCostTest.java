package io.github.camellago.events;

import java.lang.management.ManagementFactory;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import com.sun.management.ThreadMXBean;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/** The cost of exchange paths for routes. Most exchanges send no events. */
class ExchangePathsCostTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int PARTS = 100;

    @Test
    void anExchangeCostsLessThanAKilobyte() throws Exception {
        assertThat(bytes("direct:one", "x", true) - bytes("direct:one", "x", false)).isLessThan(1_000);
    }

    @Test
    void aMessageForAQueueCostsLessThanAKilobyte() throws Exception {
        assertThat(bytes("seda:queue?discardWhenFull=true", "x", true) - bytes("seda:queue?discardWhenFull=true", "x", false))
                .isLessThan(1_000);
    }

    @Test
    void aPartOfASplitCostsLessThanAKilobyte() throws Exception {
        List<String> parts = Collections.nCopies(PARTS, "x");

        assertThat((bytes("direct:split", parts, true) - bytes("direct:split", parts, false)) / PARTS).isLessThan(1_000);
    }

    @Test
    void aCopyOfALoopCostsLessThanAKilobyte() throws Exception {
        assertThat((bytes("direct:loop", "x", true) - bytes("direct:loop", "x", false)) / PARTS).isLessThan(1_000);
    }

    /** The time grows with the number of turns, not with its square: that would be an hour. */
    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aLongLoopTakesNoLongerForItsLastTurns() throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            Exchange exchange = new DefaultExchange(context);
            TransactionIdSeed seed = new TransactionIdSeed();
            Set<String> origins = new HashSet<>();
            for (int i = 0; i < 300_000; i++) {
                exchange.setProperty(ExchangePropertyKey.LOOP_INDEX, i / 3);
                origins.add(seed.origin(exchange));
                seed.completed(exchange);
            }
            assertThat(origins).hasSize(300_000);
        }
    }

    /** The bytes that are allocated for a message. */
    private static long bytes(String uri, Object body, boolean followed) throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:one").process(exchange -> {});
                    from("direct:split").split(body()).process(exchange -> {});
                    from("direct:loop").loop(PARTS).copy().process(exchange -> {});
                    for (int i = 0; i < 20; i++) {
                        from("direct:other" + i).split(body()).process(exchange -> {}).end().process(exchange -> {});
                    }
                }
            });
            context.start();
            if (!followed) {
                context.getManagementStrategy().getEventNotifiers().stream().filter(ExchangePaths.class::isInstance).toList()
                        .forEach(context.getManagementStrategy()::removeEventNotifier);
            }
            Endpoint endpoint = context.getEndpoint(uri);
            ProducerTemplate template = context.createProducerTemplate();
            long id = Thread.currentThread().getId();
            long before = 0;
            int messages = 500;
            for (int i = -messages; i < messages; i++) {
                if (i == 0) {
                    before = THREADS.getThreadAllocatedBytes(id);
                }
                template.sendBody(endpoint, body);
            }
            return (THREADS.getThreadAllocatedBytes(id) - before) / messages;
        }
    }
}
