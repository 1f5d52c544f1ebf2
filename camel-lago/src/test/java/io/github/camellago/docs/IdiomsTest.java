package io.github.camellago.docs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import io.github.camellago.LagoComponent;
import io.github.camellago.LagoConstants;
import org.apache.camel.Exchange;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The patterns in docs/idioms.md. */
class IdiomsTest extends SnippetSupport {

    @Test
    void theTestOnThePageIsOneOfThisProject() throws Exception {
        String test = Files.readString(Path.of("src/test/java/io/github/camellago/docs/UsageRouteTest.java"));

        assertThat(Snippet.of(Path.of("../docs/idioms.md")).get(0).text())
                .isEqualTo(test.replace("package io.github.camellago.docs;\n\n", ""));
    }

    @Test
    void mockedEndpointsMakeNoCall() throws Exception {
        context.getComponent("lago", LagoComponent.class).getConfiguration().setApiKey("any");
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("lago:invoices").routeId("invoices").autoStartup(false)
                        .to("lago:customers/{external_customer_id}/subscriptions?operation=list")
                        .toD("lago:plans?operation=get&id=${body}");
            }
        });
        AdviceWith.adviceWith(context, "invoices", route -> {
            route.replaceFromWith("direct:invoices");
            route.mockEndpointsAndSkip("lago*");
        });
        context.getRouteController().startRoute("invoices");

        Exchange sent = template.request("direct:invoices", exchange -> exchange.getMessage().setBody("basic"));

        assertThat(sent.getException()).isNull();
        assertThat(sandbox.requestCount()).isZero();
        assertThat(getMockEndpoint("mock:lago:customers/%7Bexternal_customer_id%7D/subscriptions").getReceivedCounter())
                .isOne();
        assertThat(getMockEndpoint("mock:lago:plans").getExchanges()).singleElement().satisfies(
                plan -> assertThat(plan.getProperty("CamelLagoComputedOptions")).asString().contains("basic"));
    }

    @Test
    void aPathThatEndsWithAPlaceholderGets() throws Exception {
        sandbox.add("customers", Map.of("external_id", "acme", "name", "Acme"));
        load(Snippet.recipe("get-by-default"));

        assertThat(template.requestBody("direct:customer", "acme", Map.class)).containsEntry("name", "Acme");
        assertThat(sandbox.records("customers")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"lago:customers/{external_customer_id}, get", "lago:customers/acme, get", "lago:customers, create",
            "lago:invoices/{lago_id}/finalize, finalize"})
    void operationByDefault(String uri, String operation) throws Exception {
        sandbox.add("customers", Map.of("external_id", "acme"));
        sandbox.add("invoices", Map.of("lago_id", "1a901a90-1a90-1a90-1a90-1a901a901a90", "status", "draft"));
        Exchange sent = template.request(uri, exchange -> {
            exchange.getMessage().setHeader(LagoConstants.PATH_PREFIX + "external_customer_id", "acme");
            exchange.getMessage().setHeader(LagoConstants.PATH_PREFIX + "lago_id", "1a901a90-1a90-1a90-1a90-1a901a901a90");
            exchange.getMessage().setBody(operation.equals("create") ? Map.of("external_id", "globex") : null);
        });

        assertThat(sent.getException()).isNull();
        assertThat(sandbox.requests()).singleElement().satisfies(request -> assertThat(request.method() + " " + request.path())
                .isEqualTo(switch (operation) {
                    case "get" -> "GET /api/v1/customers/acme";
                    case "create" -> "POST /api/v1/customers";
                    default -> "PUT /api/v1/invoices/1a901a90-1a90-1a90-1a90-1a901a901a90/finalize";
                }));
    }

    @Test
    void getsEachObjectOfAList() throws Exception {
        sandbox.add("invoices", Map.of("number", "LAGO-1"));
        sandbox.add("invoices", Map.of("number", "LAGO-2"));
        load(Snippet.recipe("list-to-get"));

        assertThat(template.request("direct:fees", exchange -> {}).getException()).isNull();

        assertThat(sandbox.requests()).hasSize(3);
        assertThat(sandbox.statusCount(200)).isEqualTo(3);
    }

    @Test
    void aConsumerSetsTheId() throws Exception {
        sandbox.add("invoices", Map.of("number", "LAGO-1"));
        MockEndpoint got = getMockEndpoint("mock:invoice");
        got.expectedMessageCount(1);
        got.setResultWaitTime(60_000);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("lago:invoices?initialDelay=0").to("lago:invoices?operation=get").to("mock:invoice");
            }
        });

        got.assertIsSatisfied();

        assertThat(got.getExchanges().get(0).getMessage().getBody(Map.class)).containsKey("fees");
    }

    @Test
    void aCommaSplitsARecipient() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:divided")
                        .recipientList(constant("lago:invoices?operation=list&filter.statuses=draft,finalized"));
            }
        });

        assertThat(template.request("direct:divided", exchange -> {}).getException()).hasMessageContaining("finalized");
    }

    @ParameterizedTest
    @CsvSource({"filters-in-a-header, direct:drafts", "list-of-uris, direct:list", "no-delimiter, direct:undivided"})
    void severalValuesOfAFilter(String route, String uri) throws Exception {
        List.of("draft", "finalized", "voided").forEach(status -> sandbox.add("invoices", Map.of("status", status)));
        load(Snippet.recipe(route));

        Exchange sent = template.request(uri, exchange -> {});

        assertThat(sent.getException()).isNull();
        assertThat(sent.getMessage().getBody(List.class)).hasSize(2);
    }
}
