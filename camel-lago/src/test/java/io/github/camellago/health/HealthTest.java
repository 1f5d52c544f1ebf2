package io.github.camellago.health;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;

import io.github.camellago.LagoComponent;
import io.github.camellago.LagoConfiguration;
import io.github.camellago.RouteTestSupport;
import io.github.camellago.test.RateLimits;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheck.State;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.HealthCheckRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class HealthTest extends RouteTestSupport {

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext context = super.createCamelContext();
        HealthCheckRegistry.get(context).setEnabled(true);
        HealthCheckHelper.getHealthCheckRepository(context, "producers").setEnabled(true);
        HealthCheckHelper.getHealthCheckRepository(context, "consumers").setEnabled(true);
        return context;
    }

    @Test
    void aHealthyLagoIsUp() throws Exception {
        sending("lago:customers");

        HealthCheck.Result result = check("producer:lago");

        assertThat(result.getState()).isEqualTo(State.UP);
        assertThat(result.getDetails()).containsEntry("lago.server", sandbox.baseUrl());
    }

    @Test
    void reportsAWrongKeyWithoutShowingIt() throws Exception {
        configuration().setApiKey("not-the-key");
        sending("lago:customers");

        HealthCheck.Result result = check("producer:lago");

        assertThat(result.getState()).isEqualTo(State.DOWN);
        assertThat(result.getMessage().orElseThrow()).contains(sandbox.baseUrl()).contains("does not accept the API key");
        assertThat(result.getDetails()).containsEntry("lago.reason", "wrong_key").containsEntry("http.response.code", 401);
        assertThat(words(result)).doesNotContain("not-the-key");
    }

    @Test
    void reportsAMissingReadPermissionBeforeAnyCall() throws Exception {
        configuration().setApiKey(sandbox.createKey("customer:read"));
        sending("lago:customers?operation=list");
        sending("lago:invoices?operation=list");

        HealthCheck.Result result = check("producer:lago");

        assertThat(result.getState()).isEqualTo(State.DOWN);
        assertThat(result.getDetails()).containsEntry("lago.reason", "missing_permission")
                .containsEntry("lago.missing.permissions", "read on invoice").containsEntry("http.response.code", 403);
        assertThat(result.getMessage().orElseThrow()).contains("read on invoice").contains("Grant");
    }

    @Test
    void reportsAMissingWritePermissionAfterARefusedCall() throws Exception {
        configuration().setApiKey(sandbox.createKey("customer:read"));
        sending("lago:customers");
        assertThat(check("producer:lago").getState()).isEqualTo(State.UP);

        template.request("direct:lago:customers", e -> e.getMessage().setBody(Map.of("external_id", "acme")));

        HealthCheck.Result result = check("producer:lago");
        assertThat(result.getState()).isEqualTo(State.DOWN);
        assertThat(result.getDetails()).containsEntry("lago.missing.permissions", "write on customer");
    }

    @Test
    void aKeyThatMayOnlySendEventsIsHealthy() throws Exception {
        configuration().setApiKey(sandbox.createKey("event:write"));
        sending("lago:events");

        assertThat(check("producer:lago").getState()).isEqualTo(State.UP);

        template.sendBody("direct:lago:events", event("t-1"));
        assertThat(check("producer:lago").getState()).isEqualTo(State.UP);
    }

    @Test
    void reportsAnUnreachableLagoUntilItIsBack() throws Exception {
        sending("lago:customers");
        sandbox.faults().on("GET", "/billable_metrics").times(1).dropBefore();

        HealthCheck.Result result = check("producer:lago");

        assertThat(result.getState()).isEqualTo(State.DOWN);
        assertThat(result.getDetails()).containsEntry("lago.reason", "unreachable");
        assertThat(result.getMessage().orElseThrow()).contains("No answer").contains(sandbox.baseUrl());
        await().until(() -> check("producer:lago").getState() == State.UP);
    }

    @Test
    void reportsServerErrors() throws Exception {
        sandbox.faults().on("GET", "/billable_metrics").every().html(502);
        sending("lago:customers");

        assertThat(check("producer:lago").getDetails()).containsEntry("lago.reason", "server_error")
                .containsEntry("http.response.code", 502);
    }

    @Test
    void reportsAServerThatIsNotLago() throws Exception {
        sandbox.faults().on("GET", "/billable_metrics").every().body("<html>Welcome to nginx");
        sending("lago:customers");

        HealthCheck.Result result = check("producer:lago");

        assertThat(result.getDetails()).containsEntry("lago.reason", "not_lago");
        assertThat(result.getMessage().orElseThrow()).contains("Welcome to nginx").contains("Is baseUrl a Lago server's?");
    }

    @Test
    void checksAreFewAndNeverCountAgainstTheEvents() throws Exception {
        sandbox.rateLimits(RateLimits.cloud());
        sending("lago:events");

        for (int i = 0; i < 20; i++) {
            assertThat(check("producer:lago").getState()).isEqualTo(State.UP);
        }

        assertThat(sandbox.requests()).singleElement().satisfies(request -> {
            assertThat(request.method()).isEqualTo("GET");
            assertThat(request.path()).endsWith("/billable_metrics");
        });
    }

    @Test
    void isUpIfTheRateLimitIsExhausted() throws Exception {
        sending("lago:customers");
        sandbox.faults().on("GET", "/billable_metrics").every().tooManyRequests(60);

        assertThat(check("producer:lago").getState()).isEqualTo(State.UP);
    }

    @Test
    void eachAccountHasItsOwnCheck() throws Exception {
        context.addComponent("lago-eu", component(context, sandbox));
        sending("lago:customers");
        sending("lago:plans");
        sending("lago-eu:customers");
        sending("lago:taxes?apiKey=other-key");

        assertThat(checks()).extracting(result -> result.getCheck().getId()).filteredOn(id -> id.startsWith("producer:"))
                .containsExactlyInAnyOrder("producer:lago", "producer:lago-eu",
                        "producer:lago-localhost:" + sandbox.port());
        assertThat(check("producer:lago").getState()).isEqualTo(State.UP);
        assertThat(check("producer:lago-localhost:" + sandbox.port()).getDetails())
                .containsEntry("lago.reason", "wrong_key");
    }

    @Test
    void producerChecksCanBeTurnedOff() throws Exception {
        context.getComponent("lago", LagoComponent.class).setHealthCheckProducerEnabled(false);
        sending("lago:customers");

        assertThat(check("producer:lago").getState()).isEqualTo(State.UNKNOWN);
        assertThat(sandbox.requestCount()).isZero();
    }

    @Test
    void aConsumerIsReadyWhenItsLastPollSucceeded() throws Exception {
        sandbox.add("invoices", Map.of("number", "1"));
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("lago:invoices?delay=50&initialDelay=0").routeId("invoices").to("mock:out");
            }
        });
        await().until(() -> check("consumer:invoices").getState() == State.UP);

        sandbox.rotateKey();

        await().until(() -> check("consumer:invoices").getState() == State.DOWN);
        HealthCheck.Result result = check("consumer:invoices");
        assertThat(result.getError().orElseThrow()).hasMessageContaining("does not accept the API key");
        assertThat(words(result)).doesNotContain(configuration().getApiKey());
    }

    private LagoConfiguration configuration() {
        return context.getComponent("lago", LagoComponent.class).getConfiguration();
    }

    /** A route that sends to the endpoint. */
    private void sending(String uri) throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:" + uri.replaceFirst("\\?.*", "")).to(uri);
            }
        });
    }

    private List<HealthCheck.Result> checks() {
        return List.copyOf(HealthCheckHelper.invokeReadiness(context, "full"));
    }

    private HealthCheck.Result check(String id) {
        return checks().stream().filter(result -> result.getCheck().getId().equals(id)).findFirst().orElseThrow();
    }

    /** All that a result shows. */
    private static String words(HealthCheck.Result result) {
        StringWriter words = new StringWriter();
        words.append(result.getMessage().orElse("")).append(result.getDetails().toString());
        result.getError().ifPresent(error -> error.printStackTrace(new PrintWriter(words)));
        return words.toString();
    }
}
