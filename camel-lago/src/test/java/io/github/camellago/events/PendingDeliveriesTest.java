package io.github.camellago.events;

import java.io.IOException;
import java.util.List;

import io.github.camellago.events.PendingDeliveries.Delivery;
import io.github.camellago.events.PendingDeliveries.Recipient;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.ExchangeHelper;
import org.apache.camel.support.UnitOfWorkHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Which redelivery continues which delivery. */
class PendingDeliveriesTest {

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final Exchange exchange = new DefaultExchange(context);
    private final Exchange another = new DefaultExchange(context);
    private final PendingDeliveries deliveries = new PendingDeliveries();
    private final Object body = new Object();
    private final Object left = new Object();
    private final String session = "the session";
    private Recipient recipient;

    @BeforeEach
    void makeRecipient() {
        recipient = new Recipient(context.getEndpoint("direct:one"), null);
    }

    @AfterEach
    void stop() throws IOException {
        context.close();
    }

    private String find(Exchange by, Object message) {
        return deliveries.find(by, recipient, message, String.class);
    }

    private void keep(boolean once) {
        deliveries.keep(exchange, new Delivery(recipient, body, left, session), once);
    }

    @Test
    void nothingIsFoundBeforeADeliveryHasFailed() {
        assertThat(find(exchange, body)).isNull();
        assertThat(find(exchange, null)).isNull();
    }

    @Test
    void itsExchangeContinuesADeliveryWithTheBodyOrWithWhatWasLeft() {
        keep(false);

        assertThat(find(exchange, body)).isEqualTo(session);
        assertThat(find(exchange, left)).isEqualTo(session);
        assertThat(find(exchange, new Object())).isNull();
        assertThat(find(exchange, null)).isNull();
    }

    @Test
    void anotherRecipientOrOperationStartsFromTheBeginning() {
        keep(false);

        for (Recipient other : List.of(new Recipient(context.getEndpoint("direct:two"), null),
                new Recipient(context.getEndpoint("direct:one"), "another key"))) {
            assertThat(deliveries.find(exchange, other, body, String.class)).isNull();
        }
        assertThat(deliveries.find(exchange, recipient, body, Integer.class)).isNull();
    }

    @Test
    void aCopyOrAnotherExchangeStartsFromTheBeginningIfTheBodyCanBeReadAgain() {
        keep(false);
        Exchange copy = ExchangeHelper.createCorrelatedCopy(exchange, false);

        assertThat(find(copy, body)).isNull();
        assertThat(find(copy, null)).isNull();
        assertThat(find(another, body)).isNull();
        assertThat(find(another, left)).isNull();
    }

    @Test
    void aCopyOrAnotherExchangeContinuesABodyThatCanBeReadOnce() {
        keep(true);
        Exchange copy = ExchangeHelper.createCorrelatedCopy(exchange, false);

        for (Exchange by : List.of(copy, another)) {
            assertThat(find(by, body)).isEqualTo(session);
            assertThat(find(by, left)).isEqualTo(session);
            assertThat(find(by, new Object())).isNull();
            assertThat(find(by, null)).isNull();
        }
    }

    @Test
    void aBodyThatCanBeReadOnceIsForgottenWhenItsExchangeIsDone() {
        Object others = new Object();
        deliveries.keep(another, new Delivery(recipient, others, new Object(), "another session"), true);
        keep(true);
        keep(true);

        UnitOfWorkHelper.doneSynchronizations(exchange, exchange.getExchangeExtension().handoverCompletions());

        assertThat(find(new DefaultExchange(context), body)).isNull();
        assertThat(find(new DefaultExchange(context), left)).isNull();
        assertThat(find(new DefaultExchange(context), others)).isEqualTo("another session");
    }

    @Test
    void aDeliveryThatIsCompleteIsForgotten() {
        Object others = new Object();
        deliveries.keep(another, new Delivery(recipient, others, new Object(), "another session"), true);
        keep(true);

        deliveries.remove(exchange, session);

        assertThat(find(exchange, body)).isNull();
        assertThat(find(another, left)).isNull();
        assertThat(find(new DefaultExchange(context), others)).isEqualTo("another session");

        keep(false);
        deliveries.remove(exchange, session);
        assertThat(find(exchange, body)).isNull();
    }
}
