package io.github.camellago.events;

import java.nio.charset.StandardCharsets;

import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What a batch knows of an event. */
class WaitingEventTest {

    private static final long SINCE = Long.MAX_VALUE - 5;

    private final EventItem item = new EventItem(0, "given", "origin", 7);

    private WaitingEvent event(boolean unchecked, Exchange exchange, AsyncCallback callback, Object span) {
        return new WaitingEvent(new EncodedEvent(item, "{\"sent\":1}".getBytes(StandardCharsets.UTF_8), "t", unchecked),
                exchange, callback, span,
                SINCE);
    }

    @Test
    void isDoneOnce() {
        WaitingEvent event = event(false, null, null, null);

        assertThat(event.finish()).isTrue();
        assertThat(event.finish()).isFalse();
        assertThat(event.finish()).isFalse();
    }

    @Test
    void holdsItsMessageUntilItIsDelivered() {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        AsyncCallback callback = sync -> {};
        Object span = new Object();
        WaitingEvent held = event(true, exchange, callback, span);

        assertThat(held.isHeld()).isTrue();
        assertThat(held.exchange()).isSameAs(exchange);
        assertThat(held.callback()).isSameAs(callback);
        assertThat(held.span()).isSameAs(span);
        assertThat(held.isUnchecked()).isTrue();
        WaitingEvent completed = event(false, null, callback, null);
        assertThat(completed.isHeld()).isFalse();
        assertThat(completed.span()).isNull();
        assertThat(completed.isUnchecked()).isFalse();
    }

    @Test
    void isShownAsItIsSent() {
        WaitingEvent event = event(false, null, null, null);

        assertThat(event).hasToString("{\"sent\":1}");
        assertThat(event.given()).isSameAs(item);
        assertThat(event.at(3).index()).isEqualTo(3);
    }

    @Test
    void waitsSinceTheTimeOfItsMessage() {
        assertThat(event(false, null, null, null).since()).isEqualTo(SINCE);
    }
}
