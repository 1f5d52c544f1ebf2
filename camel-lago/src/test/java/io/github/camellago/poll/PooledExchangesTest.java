package io.github.camellago.poll;

import io.github.camellago.LagoConsumer;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.ExchangeFactory;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Consumers with pooled exchanges, which Camel reuses. */
class PooledExchangesTest extends PollingTestSupport {

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext context = super.createCamelContext();
        Class<ExchangeFactory> pooled = context.getClassResolver()
                .resolveMandatoryClass("org.apache.camel.impl.engine.PooledExchangeFactory", ExchangeFactory.class);
        context.getCamelContextExtension().setExchangeFactory(context.getInjector().newInstance(pooled));
        return context;
    }

    @Test
    void deliversTheRestOfAPageAfterASuspension() throws Exception {
        add(12);
        from("lago:customers?perPage=3&startScheduler=false", exchange -> {
            got.add(name(exchange));
            if (got.size() == 8) {
                ((LagoConsumer) context.getRoute("reading").getConsumer()).suspend();
            }
        });
        LagoConsumer consumer = (LagoConsumer) context.getRoute("reading").getConsumer();
        assertThat(consumer.poll()).isEqualTo(8);
        consumer.resume();

        assertThat(consumer.poll()).isEqualTo(4);
        assertThat(consumer.poll()).isZero();
        assertThat(got).hasSize(12).doesNotHaveDuplicates();
    }

    @Test
    void deliversEveryRecordOnce() throws Exception {
        add(12);
        from("lago:customers?perPage=3&delay=20&initialDelay=0", exchange -> got.add(name(exchange)));

        await().until(() -> got.size() == 12);
        polls(3);
        assertThat(got).hasSize(12).doesNotHaveDuplicates();
    }
}
