package io.github.camellago;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import io.github.camellago.api.LagoAuthenticationException;
import io.github.camellago.test.LagoSandbox;
import org.apache.camel.Exchange;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/** The server and the API key of an endpoint, and the messages for invalid endpoints. */
class EndpointOptionsTest extends RouteTestSupport {

    @ParameterizedTest
    @CsvSource({"US,https://api.getlago.com", "EU,https://api.eu.getlago.com", "eu,https://api.eu.getlago.com"})
    void usesTheServerOfTheRegion(String region, String url) {
        lago().getConfiguration().setBaseUrl(null);
        LagoEndpoint endpoint = endpoint("lago:invoices?region=" + region);

        assertThat(endpoint.getServiceUrl()).isEqualTo(url);
        assertThat(endpoint.getServiceMetadata()).containsEntry("region", region.toUpperCase());
    }

    @Test
    void usIsTheDefaultRegion() {
        lago().getConfiguration().setBaseUrl(null);

        assertThat(endpoint("lago:invoices").getServiceUrl()).isEqualTo("https://api.getlago.com");
    }

    @Test
    void baseUrlWinsOverRegion() {
        assertThat(
                endpoint("lago:invoices?region=EU&baseUrl=https://lago.example.com:8443/sub").getServiceUrl())
                .isEqualTo("https://lago.example.com:8443");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/api/v1", "/api/v1/", "//"})
    void acceptsEachFormOfBaseUrl(String end) throws Exception {
        sandbox.add("customers", Map.of("external_id", "acme"));

        sent("lago:customers?operation=get&id=acme&baseUrl=" + sandbox.baseUrl() + end, null);

        assertThat(sandbox.requests()).singleElement().satisfies(r -> assertThat(r.path()).isEqualTo("/api/v1/customers/acme"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "lago.example.com            | it must start with http:// or https://",
            "ftp://lago.example.com      | it must start with http:// or https://",
            "http://                     | Expected authority",
            "http://:3000                | it names no host",
            "http://lago_api:3000        | a host cannot be called lago_api:3000",
            "http://lago.example.com:x   | a host cannot be called lago.example.com:x",
            "http://lago:99999           | the port must be at most 65535",
            "https://lago.example.com/a?b| it must not hold a query or a fragment"})
    void rejectsAMalformedBaseUrl(String url, String why) {
        for (String option : List.of("baseUrl", "ingestUrl")) {
            Throwable failure = catchThrowable(
                    () -> context.getEndpoint("lago:events?" + option + "=RAW(" + url + ")"));

            assertThat(failure).isInstanceOf(ResolveEndpointFailedException.class)
                    .hasRootCauseMessage("The option " + option + "="
                            + url.replace("?b", "…") + " is not a Lago server's URL: " + why + ". Example: "
                            + "https://lago.example.com or https://lago.example.com/api/v1");
        }
    }

    @Test
    void rejectsPasswordsInUrlsWithoutShowingThem() {
        Throwable failure = catchThrowable(
                () -> context.getEndpoint("lago:events?baseUrl=RAW(https://me:hunter2@lago.example.com)"));

        assertThat(failure).rootCause().hasMessageContaining("The option baseUrl=https://…@lago.example.com is not")
                .hasMessageContaining("it must not hold a user name or password");
        assertThat(failure.getCause().toString()).doesNotContain("hunter2");
    }

    @Test
    void warnsOfPlainHttpOncePerServer() {
        try (LogCapture log = LogCapture.from(Level.WARN)) {
            endpoint("lago:invoices?baseUrl=http://lago.internal:3000");
            endpoint("lago:customers?baseUrl=http://lago.internal:3000/api/v1");
            endpoint("lago:events?ingestUrl=http://ingest.internal");
            endpoint("lago:invoices?baseUrl=https://lago.example.com");
            endpoint("lago:invoices?baseUrl=http://localhost:3000");
            endpoint("lago:invoices?baseUrl=http://127.0.0.1:3000");

            assertThat(log.lines()).filteredOn(line -> line.contains("plain http")).containsExactly(
                    "WARN io.github.camellago.LagoComponent http://lago.internal:3000 is plain http: the API key travels unencrypted."
                            + " Use https outside of tests",
                    "WARN io.github.camellago.LagoComponent http://ingest.internal is plain http: the API key travels unencrypted."
                            + " Use https outside of tests");
        }
    }

    @Test
    void ingestUrlTakesEventsOnly() throws Exception {
        try (LagoSandbox ingest = LagoSandbox.builder().apiKey(sandbox.apiKey()).start()) {
            sent("lago:events?ingestUrl=" + ingest.baseUrl(), event("t-1"));
            sent("lago:customers?ingestUrl=" + ingest.baseUrl(), Map.of("external_id", "acme"));

            assertThat(ingest.events()).hasSize(1);
            assertThat(ingest.records("customers")).isEmpty();
            assertThat(sandbox.events()).isEmpty();
            assertThat(sandbox.records("customers")).hasSize(1);
        }
    }

    @Test
    void apiKeyOfTheEndpointWinsOverTheComponents() {
        String reader = sandbox.createKey("customer:read");

        assertThat(send("lago:customers?apiKey=" + reader, Map.of("external_id", "acme")).getException())
                .hasMessageContaining("the API key lacks the permission write on customer");
        assertThat(send("lago:customers", Map.of("external_id", "acme")).getException()).isNull();
    }

    @Test
    void requiresAKey() {
        lago().getConfiguration().setApiKey(null);

        assertThat(catchThrowable(() -> context.getEndpoint("lago:customers"))).rootCause().hasMessage(
                "The option apiKey is required: Lago's API key, from its dashboard under Developers > API keys. Set it on the"
                        + " endpoint, on the component (camel.component.lago.api-key), or give credentials");
    }

    @Test
    void rejectsKeysThatNoHeaderCanHoldWithoutShowingThem() {
        Throwable failure = catchThrowable(() -> context.getEndpoint("lago:customers?apiKey=RAW(s3cr\u00e9t key)"));

        assertThat(failure).rootCause().hasMessage("The option apiKey holds characters that an API key cannot have:"
                + " only printable ASCII without spaces is allowed.");
        assertThat(failure.getMessage()).doesNotContain("s3cr");
    }

    @Test
    void readsTheCredentialsAgainAfterA401() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        context.getRegistry().bind("keys", (Supplier<String>) () -> {
            asked.incrementAndGet();
            return sandbox.apiKey();
        });
        String uri = "lago:customers?credentials=#bean:keys";
        sent(uri, Map.of("external_id", "a"));
        sent(uri, Map.of("external_id", "b"));
        assertThat(asked).hasValue(1);

        sandbox.rotateKey();
        sent(uri, Map.of("external_id", "c"));

        assertThat(sandbox.records("customers")).hasSize(3);
        assertThat(sandbox.statusCount(401)).isEqualTo(1);
        assertThat(asked).hasValue(2);
    }

    @Test
    void credentialsThatStayWrongFailOnce() {
        context.getRegistry().bind("keys", (Supplier<String>) () -> "wrong");

        Exchange exchange = send("lago:customers?credentials=#bean:keys", Map.of("external_id", "a"));

        assertThat(exchange.getException()).isInstanceOf(LagoAuthenticationException.class);
        assertThat(sandbox.requestCount()).isEqualTo(1);
    }

    @Test
    void rejectsCredentialsWithoutAKey() {
        context.getRegistry().bind("keys", (Supplier<String>) () -> null);

        assertThat(send("lago:customers?credentials=#bean:keys", Map.of("external_id", "a")).getException())
                .isInstanceOf(LagoAuthenticationException.class)
                .hasMessageEndingWith(
                        "The option credentials gave no API key. Lago's dashboard shows it under Developers > API keys.");
    }

    @Test
    void anUnknownResourceNamesTheNearest() {
        assertThat(catchThrowable(() -> context.getEndpoint("lago:invoice"))).rootCause()
                .hasMessageStartingWith("Lago has no resource invoice that is known here. Nearest: invoices, ")
                .hasMessageEndingWith(". To call a path that is not known, set httpMethod");
        assertThat(catchThrowable(() -> context.getEndpoint("lago:billable-metrics"))).rootCause()
                .hasMessageContaining("Nearest: billable_metrics, ");
    }

    @Test
    void requiresAResource() {
        assertThat(catchThrowable(() -> context.getEndpoint("lago:/"))).rootCause().hasMessageContaining(
                "The endpoint names no resource. Write lago:invoices, lago:events, …: the path of Lago's API below /api/v1");
    }

    @Test
    void anUnknownOperationNamesTheKnownOnes() {
        assertThat(catchThrowable(() -> context.getEndpoint("lago:taxes?operation=void"))).rootCause().hasMessage(
                "The resource taxes has no operation void. It has: create, delete, get, list, update, upsert");
    }

    @Test
    void anUnknownFilterNamesTheKnownOnes() {
        assertThat(catchThrowable(() -> context.getEndpoint("lago:payments?operation=list&filter.invoice=1"))).rootCause()
                .hasMessage(
                        "The operation list (GET payments) has no filter invoice. It has: external_customer_id, invoice_id");
    }

    @Test
    void rejectsAnUnknownOption() {
        assertThat(catchThrowable(() -> context.getEndpoint("lago:invoices?pageSize=1")))
                .isInstanceOf(ResolveEndpointFailedException.class).hasMessageContaining("Unknown parameters=[{pageSize=1}]");
    }

    @ParameterizedTest
    @CsvSource({"perPage=0,The option perPage=0 must be at least 1", "batchSize=0,The option batchSize=0 must be at least 1",
            "concurrentBatches=0,The option concurrentBatches=0 must be at least 1",
            "connectTimeout=0,The option connectTimeout=0 must be at least 1",
            "responseTimeout=0,The option responseTimeout=0 must be at least 1",
            "maxRetries=-1,The option maxRetries=-1 must not be negative",
            "retryDelay=-1,The option retryDelay=-1 must not be negative",
            "maxRetryDelay=-1,The option maxRetryDelay=-1 must not be negative", "page=0,The option page=0 must be at least 1"})
    void rejectsNumbersOutOfRange(String option, String message) {
        assertThat(catchThrowable(() -> context.getEndpoint("lago:invoices?" + option))).hasRootCauseMessage(message);
    }

    @ParameterizedTest
    @CsvSource({"maxRetries=x,The option maxRetries=x must be a whole number",
            "perPage=1.5,The option perPage=1.5 must be a whole number",
            "prefetchPages=many,The option prefetchPages=many must be a whole number",
            "connectTimeout=abc,The option connectTimeout=abc must be a number of milliseconds or a duration such as 30s"})
    void rejectsTextInNumericOptions(String option, String message) {
        assertThat(catchThrowable(() -> context.getEndpoint("lago:invoices?" + option))).hasRootCauseMessage(message);
    }

    @Test
    void acceptsDurationsAsCamelWritesThem() {
        LagoConfiguration configuration = endpoint("lago:events?connectTimeout=2s&responseTimeout=1m&retryDelay=50")
                .getConfiguration();

        assertThat(configuration.getConnectTimeout()).isEqualTo(2_000);
        assertThat(configuration.getResponseTimeout()).isEqualTo(60_000);
        assertThat(configuration.getRetryDelay()).isEqualTo(50);
    }

    @Test
    void hasDefaults() {
        LagoConfiguration configuration = new LagoConfiguration();

        assertThat(configuration.getConnectTimeout()).isEqualTo(10_000);
        assertThat(configuration.getResponseTimeout()).isEqualTo(30_000);
        assertThat(configuration.getMaxRetries()).isEqualTo(3);
        assertThat(endpoint("lago:invoices").getDelay()).isEqualTo(60_000);
    }

    private LagoComponent lago() {
        return context.getComponent("lago", LagoComponent.class);
    }

    private LagoEndpoint endpoint(String uri) {
        return context.getEndpoint(uri, LagoEndpoint.class);
    }
}
