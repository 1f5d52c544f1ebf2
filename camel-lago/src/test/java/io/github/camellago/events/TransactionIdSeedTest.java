package io.github.camellago.events;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.ExchangeHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What transaction_ids are made of. */
class TransactionIdSeedTest {

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final Exchange in = new DefaultExchange(context);
    private final TransactionIdSeed step = new TransactionIdSeed();
    private final TransactionIdSeed other = new TransactionIdSeed();

    @AfterEach
    void stop() throws IOException {
        context.close();
    }

    @Test
    void anExchangeThatCameInGivesItsId() {
        assertThat(step.origin(in)).isEqualTo(in.getExchangeId());
        assertThat(step.origin(in)).isEqualTo(other.origin(in));
        assertThat(TransactionIdSeed.at(step.origin(in), 7)).isEqualTo(in.getExchangeId() + "-7");
    }

    @Test
    void anIterationOfALoopIsNamed() {
        in.setProperty(ExchangePropertyKey.LOOP_INDEX, 0);

        assertThat(step.origin(in)).isEqualTo(in.getExchangeId() + "-l0");
    }

    @Test
    void aCopyIsNamedByItsIndexAndHashedByItsPath() {
        ExchangePath.of(in);
        Exchange copy = ExchangeHelper.createCorrelatedCopy(in, false);
        String unsplit = step.origin(copy);
        Exchange part = ExchangeHelper.createCorrelatedCopy(in, false);
        part.setProperty(ExchangePropertyKey.SPLIT_INDEX, 3);
        String split = step.origin(part);

        assertThat(unsplit).startsWith(in.getExchangeId() + TransactionIdSeed.HASHED);
        assertThat(split).startsWith(in.getExchangeId() + "-3" + TransactionIdSeed.HASHED);
        assertThat(TransactionIdSeed.at(split, 7)).startsWith(in.getExchangeId() + "-3-7" + TransactionIdSeed.HASHED)
                .endsWith(split.substring(split.indexOf(TransactionIdSeed.HASHED)));
    }

    @Test
    void eachCompletedDeliveryHasANumberOfItsOwn() {
        List<String> origins = new ArrayList<>();
        for (TransactionIdSeed sender : List.of(step, other, step)) {
            origins.add(sender.origin(in));
            assertThat(sender.origin(in)).as("repeated before it is completed").isEqualTo(origins.get(origins.size() - 1));
            sender.completed(in);
        }

        assertThat(origins).containsExactly(in.getExchangeId(), in.getExchangeId() + "-s1", in.getExchangeId() + "-s2");
    }

    @Test
    void deliveriesOfACopyDoNotCountForItsOriginal() {
        ExchangePath.of(in);
        Exchange copy = ExchangeHelper.createCorrelatedCopy(in, false);
        step.completed(copy);

        assertThat(step.origin(in)).isEqualTo(in.getExchangeId());
        assertThat(step.origin(copy)).contains("-s1");
    }

    @Test
    void anEventOfAnExchangeInAListHasTheNumberOfTheMessage() {
        Exchange inner = new DefaultExchange(context);
        step.completed(in);

        assertThat(step.origin(in, inner)).isEqualTo(inner.getExchangeId() + "-s1");
    }
}
