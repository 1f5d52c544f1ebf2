package io.github.camellago.webhook;

import java.util.Map;

import io.github.camellago.RouteTestSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The types of webhooks that an endpoint asks for. */
class WebhookTypesTest extends RouteTestSupport {

    @ParameterizedTest
    @ValueSource(strings = {"invoice.*", "credit_note.*", "wallet.*", "payment_receipt.*", "order.*, quote.*",
            " Invoice.Created , event.error"})
    void aServerThatValidatesTypesTakesThem(String option) throws Exception {
        sent("lago:webhook_endpoints?operation=create",
                Map.of("webhook_url", "https://example.com/hook", "event_types", WebhookTypes.parse(option)));

        assertThat(sandbox.statusCount(200)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "invoice.create | invoice.created",
            "credit_note.refund_failure | credit_note.provider_refund_failure",
            "invoice.add_on_added | Nearest: ",
            "invoices.* | no type with that prefix. The prefixes are: alert, billable_metric,"})
    void rejectsTypesThatLagoDoesNotKnow(String option, String message) {
        assertThatThrownBy(() -> WebhookTypes.parse(option)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void anAsteriskSelectsAllTypes() {
        assertThat(WebhookTypes.parse("invoice.created, *")).isNull();
        assertThat(WebhookTypes.parse(" ")).isNull();
    }
}
