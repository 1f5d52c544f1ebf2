package io.github.camellago;

import java.util.List;

import io.github.camellago.api.LagoList;
import org.apache.camel.Endpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The lists of Lago, for programs that read all of them. */
class ComponentListsTest {

    @Test
    void describesLists() {
        assertThat(LagoComponent.lists()).contains(
                new LagoList("invoices", List.of(), "list", "lago_id", List.of("lago_id"), true, List.of(), true),
                new LagoList("customers", List.of(), "list", "external_id", List.of("lago_id"), true, List.of(), true),
                new LagoList("plans/{code}/charges", List.of("code"), "list", "code", List.of("lago_id"), false, List.of(),
                        true),
                new LagoList("security_logs", List.of(), "list", "log_id", List.of("log_id"), false, List.of("to_date"), false),
                new LagoList("analytics/mrr", List.of(), "list", null, List.of(), false, List.of(), false),
                new LagoList("customers/{external_customer_id}/past_usage", List.of("external_customer_id"), "past_usage", null,
                        List.of(), false, List.of("external_subscription_id"), false));
    }

    @Test
    void saysWhichListsHaveDeletions() throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            LagoComponent component = context.getComponent("lago", LagoComponent.class);
            component.getConfiguration().setApiKey("key");
            for (LagoList list : LagoComponent.lists()) {
                StringBuilder uri = new StringBuilder("lago:" + list.resource() + "?deletions=true");
                list.placeholders().forEach(name -> uri.append("&path.").append(name).append("=x"));
                list.requiredFilters().forEach(name -> uri.append("&filter.").append(name).append("=2026-01-01"));
                Endpoint endpoint = context.getEndpoint(uri.toString());
                if (list.deletions()) {
                    assertThat(endpoint.createConsumer(exchange -> {})).as(list.resource()).isNotNull();
                } else {
                    assertThatThrownBy(() -> endpoint.createConsumer(exchange -> {})).as(list.resource())
                            .hasMessageContaining("deletions=true");
                }
            }
        }
        assertThat(LagoComponent.lists()).filteredOn(LagoList::deletions).extracting(LagoList::resource)
                .contains("customers", "customers/{external_customer_id}/wallets", "plans/{code}/charges", "webhook_endpoints")
                .doesNotContain("subscriptions", "events", "applied_coupons", "activity_logs");
    }

    @Test
    void eachListCanBeConsumed() throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            LagoComponent component = context.getComponent("lago", LagoComponent.class);
            component.getConfiguration().setApiKey("key");
            for (LagoList list : LagoComponent.lists()) {
                StringBuilder uri = new StringBuilder("lago:" + list.resource() + "?bodyType=JSON");
                list.placeholders().forEach(name -> uri.append("&path.").append(name).append("=x"));
                list.requiredFilters().forEach(name -> uri.append("&filter.").append(name).append("=2026-01-01"));
                assertThat(context.getEndpoint(uri.toString()).createConsumer(exchange -> {})).as(list.resource()).isNotNull();
            }
        }
    }
}
