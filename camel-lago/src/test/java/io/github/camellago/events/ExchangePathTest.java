package io.github.camellago.events;

import java.io.IOException;

import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.ExchangeHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ExchangePathTest {

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final Exchange in = new DefaultExchange(context);

    @AfterEach
    void stop() throws IOException {
        context.close();
    }

    @Test
    void anExchangeThatCameInIsItsOwnPath() {
        ExchangePath path = ExchangePath.of(in);

        assertThat(path).hasToString(in.getExchangeId());
        assertThat(path.isRoot()).isTrue();
        assertThat(path.rootId()).isEqualTo(in.getExchangeId());
        assertThat(ExchangePath.of(in)).isSameAs(path);
        assertThat(ExchangePath.of(new DefaultExchange(context))).doesNotHaveToString(path.toString());
    }

    @Test
    void copiesHaveThePathOfTheirNodeAndIndex() {
        Exchange copy = copy(in, "split1", ExchangePropertyKey.SPLIT_INDEX, 3);

        ExchangePath path = ExchangePath.of(copy);

        assertThat(path).hasToString(in.getExchangeId() + "/split1.1.null.3.null");
        assertThat(path.isRoot()).isFalse();
        assertThat(path.rootId()).isEqualTo(in.getExchangeId());
    }

    @Test
    void aCopyOfARedeliveryHasTheSamePath() {
        ExchangePath path = ExchangePath.of(in);
        Endpoint endpoint = context.getEndpoint("direct:route");
        path.calling(in, endpoint);
        Exchange first = copy(in, "multicast1", ExchangePropertyKey.MULTICAST_INDEX, 1);
        fail(path, endpoint);
        in.getMessage().setHeader(Exchange.REDELIVERY_COUNTER, 1);
        path.calling(in, endpoint);
        Exchange second = copy(in, "multicast1", ExchangePropertyKey.MULTICAST_INDEX, 1);

        assertThat(first.getExchangeId()).isNotEqualTo(second.getExchangeId());
        assertThat(ExchangePath.of(second)).hasToString(ExchangePath.of(first).toString());
    }

    @Test
    void aCopyOfANodeThatIsRedeliveredHasTheSamePath() {
        String first = path(copy(in, "enrich1", ExchangePropertyKey.SPLIT_INDEX, 0));
        in.setProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, new IllegalStateException());
        in.getMessage().setHeader(Exchange.REDELIVERY_COUNTER, 1);

        assertThat(path(copy(in, "enrich1", ExchangePropertyKey.SPLIT_INDEX, 0))).isEqualTo(first);
        assertThat(path(copy(in, "enrich1", ExchangePropertyKey.SPLIT_INDEX, 0))).isNotEqualTo(first);
    }

    private void fail(ExchangePath path, Endpoint endpoint) {
        in.setException(new IllegalStateException());
        path.called(in, endpoint);
        in.setProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, in.getException());
        in.setException(null);
    }

    @Test
    void copiesOfOtherNodesIndexesAndTurnsHaveOtherPaths() {
        String path = path(copy(in, "split1", ExchangePropertyKey.SPLIT_INDEX, 1));

        assertThat(path(copy(in, "split1", ExchangePropertyKey.SPLIT_INDEX, 2))).isNotEqualTo(path);
        assertThat(path(copy(in, "split2", ExchangePropertyKey.SPLIT_INDEX, 1))).isNotEqualTo(path);
        assertThat(path(copy(in, "split1", ExchangePropertyKey.MULTICAST_INDEX, 1))).isNotEqualTo(path);
        assertThat(path(copy(in, "split1", ExchangePropertyKey.LOOP_INDEX, 1))).isNotEqualTo(path);
    }

    @Test
    void aCopyOfACopyHasBothSteps() {
        Exchange copy = copy(in, "split1", ExchangePropertyKey.SPLIT_INDEX, 1);
        ExchangePath.of(copy);

        assertThat(path(copy(copy, "multicast1", ExchangePropertyKey.MULTICAST_INDEX, 0)))
                .isEqualTo(in.getExchangeId() + "/split1.1.null.1.null/multicast1.1.null.1.0");
    }

    @Test
    void aWireTappedCopyHasNoCorrelationIdAndComesFromItsOriginalNevertheless() {
        Exchange copy = copy(in, "wireTap1", ExchangePropertyKey.SPLIT_INDEX, 0);
        copy.removeProperty(ExchangePropertyKey.CORRELATION_ID);

        assertThat(ExchangePath.of(copy).rootId()).isEqualTo(in.getExchangeId());
    }

    @Test
    void theResultsOfACopyDoNotChangeThePath() {
        ExchangePath path = ExchangePath.of(in);
        Exchange copy = copy(in, "enrich1", ExchangePropertyKey.SPLIT_INDEX, 0);
        ExchangePath.of(copy);

        ExchangeHelper.copyResults(in, copy);
        copy.getExchangeExtension().copySafeCopyPropertiesTo(in.getExchangeExtension());

        assertThat(ExchangePath.of(in)).isSameAs(path);
        assertThat(ExchangePath.of(in).isRoot()).isTrue();
    }

    private static String path(Exchange exchange) {
        return ExchangePath.of(exchange).toString();
    }

    private static Exchange copy(Exchange exchange, String node, ExchangePropertyKey index, int value) {
        ExchangePath.of(exchange);
        exchange.getExchangeExtension().setHistoryNodeId(node);
        Exchange copy = ExchangeHelper.createCorrelatedCopy(exchange, false);
        copy.setProperty(index, value);
        return copy;
    }
}
