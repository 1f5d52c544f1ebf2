package io.github.camellago.poll;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.camellago.LagoConsumer;
import io.github.camellago.api.LagoTransportException;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.ExceptionHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Records and answers that cannot be read. */
class UnreadableRecordsTest extends PollingTestSupport {

    private static final String PAGE = "{\"invoices\": [%s], \"meta\": {\"current_page\": 1, \"next_page\": null, \"total_pages\": 1, \"total_count\": 3}}";

    private final List<String> reported = new CopyOnWriteArrayList<>();

    @ParameterizedTest
    @CsvSource({"changed, NaN, MAP", "changed, DIGITS, MAP", "new, NaN, MAP", "new, DIGITS, JSON_NODE", "changed, NaN, JSON",
            "changed, 1e99999999999, MAP", "new, 1e99999999999, JSON_NODE", "changed, DEEP, MAP", "new, DEEP, JSON",
            "changed, 01, MAP",
            "changed, '\"\u0001\"', MAP"})
    void anUnreadableRecordIsReportedOnceAndDoesNotStopTheOthers(String mode, String value, String bodyType) throws Exception {
        String unreadable = switch (value) {
            case "DIGITS" -> "1".repeat(20_000);
            case "DEEP" -> "[".repeat(1_500) + "]".repeat(1_500);
            default -> value;
        };
        from("lago:invoices?startScheduler=false&exceptionHandler=#reports&readMode=" + mode + "&bodyType=" + bodyType,
                exchange -> got.add(exchange.getMessage().getHeader("CamelLagoId", String.class)));
        LagoConsumer consumer = (LagoConsumer) context.getRoute("reading").getConsumer();
        answer(record("a", "1"), record("b", unreadable), record("c", "3"));

        assertThat(consumer.poll()).isEqualTo(2);
        assertThat(consumer.poll()).isZero();
        assertThat(got).containsExactly("a", "c");
        assertThat(reported).singleElement().asString().contains("invoices", "id b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"status\": 500, \"error\": \"Internal Server Error\"}", "[{\"invoices\": []}]",
            "{\"invoices\": null}", "null"})
    void theErrorOfAnAnswerWithoutTheListSaysSo(String answer) throws Exception {
        sandbox.faults().on("GET", "/invoices").body(answer);

        assertThatThrownBy(reading("lago:invoices")::poll).isInstanceOf(LagoTransportException.class)
                .hasMessageContaining("it holds no \"invoices\"");
    }

    @Test
    void aPageThatIsNoJsonIsAnErrorOfLagoInEachPoll() throws Exception {
        LagoConsumer consumer = reading("lago:invoices");
        answer(record("a", "1"));
        assertThat(consumer.poll()).isEqualTo(1);
        sandbox.faults().clear();
        answer(record("a", "1"), "{\"lago_id\": \u2003, \"updated_at\": \"2026-03-01T12:00:00Z\"}");

        assertThatThrownBy(consumer::poll).isInstanceOf(LagoTransportException.class);
    }

    @Test
    void nullInPlaceOfAnObjectIsAnErrorOfLago() throws Exception {
        sandbox.faults().on("GET", "/gadgets").body("null");

        assertThatThrownBy(reading("lago:gadgets?httpMethod=GET")::poll).isInstanceOf(LagoTransportException.class)
                .hasMessageContaining("it is null instead of a JSON object");
    }

    private LagoConsumer reading(String uri) throws Exception {
        from(uri + (uri.contains("?") ? "&" : "?") + "startScheduler=false&maxRetries=0",
                exchange -> got.add(exchange.getMessage().getHeader("CamelLagoId", String.class)));
        return (LagoConsumer) context.getRoute("reading").getConsumer();
    }

    private void answer(String... records) {
        sandbox.faults().on("GET", "/invoices").body(PAGE.formatted(String.join(",", records)));
    }

    private static String record(String id, String value) {
        return "{\"lago_id\": \"" + id
                + "\", \"created_at\": \"2026-03-01T12:00:00Z\", \"updated_at\": \"2026-03-01T12:00:00Z\","
                + " \"total_amount_cents\": " + value + "}";
    }

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext context = super.createCamelContext();
        ExceptionHandler handler = new ExceptionHandler() {
            @Override
            public void handleException(Throwable exception) {
                reported.add(exception.getMessage());
            }

            @Override
            public void handleException(String message, Throwable exception) {
                reported.add(message);
            }

            @Override
            public void handleException(String message, org.apache.camel.Exchange exchange, Throwable exception) {
                reported.add(message);
            }
        };
        context.getRegistry().bind("reports", handler);
        return context;
    }
}
