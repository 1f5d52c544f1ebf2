package io.github.camellago.observe;

import java.net.URI;
import java.util.List;
import java.util.Map;

import io.github.camellago.RouteTestSupport;
import io.github.camellago.api.LagoNotFoundException;
import io.github.camellago.api.LagoServerException;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.opentelemetry2.OpenTelemetryTracer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class TracingTest extends RouteTestSupport {

    private final InMemorySpanExporter spans = InMemorySpanExporter.create();

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext context = super.createCamelContext();
        context.getRegistry().bind("tracer",
                SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(spans)).build().get("test"));
        context.getRegistry().bind("propagators", ContextPropagators.noop());
        OpenTelemetryTracer tracer = new OpenTelemetryTracer();
        tracer.init(context);
        return context;
    }

    @Test
    void aCallIsASpanNamedByOperationAndResource() throws Exception {
        sandbox.add("customers", Map.of("external_id", "acme-17"));

        sent("lago:customers/acme-17/wallets?operation=list", null);

        SpanData span = span("list customers/{external_customer_id}/wallets");
        assertThat(attribute(span, "lago.resource")).isEqualTo("customers/{external_customer_id}/wallets");
        assertThat(attribute(span, "lago.operation")).isEqualTo("list");
        assertThat(attribute(span, "component")).isEqualTo("camel-lago");
        assertThat(attribute(span, "server.address")).isEqualTo(URI.create(sandbox.baseUrl()).getHost());
        assertThat(span.getStatus().getStatusCode()).isNotEqualTo(StatusCode.ERROR);
    }

    @Test
    void usesTheOperationOfTheHeader() {
        sandbox.add("customers", Map.of("external_id", "acme-17"));

        send("lago:customers", null, Map.of("CamelLagoOperation", "get", "CamelLagoId", "acme-17"));

        assertThat(span("get customers")).isNotNull();
    }

    @Test
    void recordsTheKindStatusAndCodeOfAFailure() {
        send("lago:customers?operation=get&id=nobody-17", null);

        SpanData span = span("get customers");
        assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(attribute(span, "http.status_code")).isEqualTo("404");
        assertThat(attribute(span, "lago.error.code")).isEqualTo("customer_not_found");
        assertThat(attribute(span, "error.type")).isEqualTo(LagoNotFoundException.class.getName());
        assertThat(span.getEvents()).singleElement()
                .satisfies(e -> assertThat(e.getAttributes().asMap()).containsValue("LagoNotFoundException"));
    }

    @Test
    void aPolledRecordIsASpan() throws Exception {
        sandbox.add("invoices", Map.of("number", "17"));

        route("lago:invoices?initialDelay=0", "mock:out");

        await().untilAsserted(() -> assertThat(span("list invoices")).isNotNull());
    }

    @Test
    void everyAccountsComponentIsTraced() throws Exception {
        context.addComponent("lago-eu", component(context, sandbox));

        sent("lago-eu:events", event("t-17"));

        assertThat(spans.getFinishedSpanItems()).extracting(SpanData::getName).contains("create events");
        assertThat(attribute(span("create events"), "url.scheme")).isEqualTo("lago-eu");
    }

    @ParameterizedTest
    @ValueSource(strings = {"delivered", "received"})
    void aBatchIsLinkedToItsMessages(String acknowledge) throws Exception {
        route("direct:usage", "lago:events?batchInterval=1h&batchSize=3&acknowledge=" + acknowledge);

        for (int i = 0; i < 4; i++) {
            // the first one goes alone if its message waits for it, and the others are sent at the latest by the stop
            template.asyncSendBody("direct:usage", event("t-" + i));
        }
        await().untilAsserted(() -> assertThat(messages()).hasSize(4));
        context.stop();

        assertThat(sandbox.events()).hasSize(4);
        List<SpanData> batches = batches();
        assertThat(batches).isNotEmpty().allSatisfy(batch -> {
            assertThat(batch.getParentSpanContext().isValid()).isFalse();
            assertThat(batch.getAttributes().get(AttributeKey.longKey("messaging.batch.message_count")))
                    .isEqualTo(batch.getLinks().size());
        });
        assertThat(batches.stream().flatMap(batch -> batch.getLinks().stream()).map(link -> link.getSpanContext().getSpanId()))
                .containsExactlyInAnyOrderElementsOf(messages().stream().map(SpanData::getSpanId).toList());
    }

    @Test
    void aBatchThatFailsIsAnError() {
        sandbox.faults().on("POST", "/events**").status(500);

        send("lago:events?batchInterval=1ms&maxRetries=0", event("t-17"));

        assertThat(batches()).isNotEmpty().allSatisfy(batch -> {
            assertThat(batch.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
            assertThat(attribute(batch, "error.type")).isEqualTo(LagoServerException.class.getName());
            assertThat(batch.getAttributes().get(AttributeKey.longKey("http.response.status_code"))).isEqualTo(500);
        });
    }

    @Test
    void noIdAndNoKeyIsInAnySpan() throws Exception {
        sandbox.add("customers", Map.of("external_id", "acme-17"));
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in")
                        .to("lago:customers?operation=get&id=acme-17&apiKey=" + sandbox.apiKey())
                        .toD("lago:customers/${header.who}/current_usage?filter.external_subscription_id=sub-17");
            }
        });

        template.request("direct:in", e -> e.getMessage().setHeader("who", "acme-17"));

        List<SpanData> lago = spans.getFinishedSpanItems().stream().filter(s -> attribute(s, "lago.resource") != null).toList();
        assertThat(lago).extracting(SpanData::getName).contains("get customers",
                "current_usage customers");
        assertThat(lago).allSatisfy(span -> assertThat(span.toString()).doesNotContain("acme-17").doesNotContain("sub-17")
                .doesNotContain(sandbox.apiKey()));
    }

    private SpanData span(String name) {
        return spans.getFinishedSpanItems().stream().filter(s -> s.getName().equals(name)).findFirst().orElse(null);
    }

    private List<SpanData> batches() {
        return spans.getFinishedSpanItems().stream().filter(span -> span.getName().equals("batch events")).toList();
    }

    private List<SpanData> messages() {
        return spans.getFinishedSpanItems().stream().filter(span -> span.getName().equals("create events")).toList();
    }

    private static String attribute(SpanData span, String name) {
        return span.getAttributes().get(AttributeKey.stringKey(name));
    }
}
