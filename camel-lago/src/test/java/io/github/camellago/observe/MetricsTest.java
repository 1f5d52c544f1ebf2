package io.github.camellago.observe;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.github.camellago.LagoComponent;
import io.github.camellago.QuietExceptionHandler;
import io.github.camellago.RouteTestSupport;
import io.github.camellago.api.LagoCall;
import io.github.camellago.api.LagoObserver;
import io.github.camellago.test.RateLimits;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.search.RequiredSearch;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.apache.camel.BindToRegistry;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class MetricsTest extends RouteTestSupport {

    @BindToRegistry("metricsRegistry")
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    @BindToRegistry("quiet")
    private final QuietExceptionHandler quiet = new QuietExceptionHandler();

    @Test
    void countsAndTimesRequestsByResourceOperationAndOutcome() throws Exception {
        sandbox.add("customers", Map.of("external_id", "acme"));

        sent("lago:customers?operation=get&id=acme", null);
        sent("lago:customers/acme/wallets?operation=list", null);
        send("lago:customers?operation=get&id=nobody", null);
        send("lago:customers", Map.of("name", "without external_id"));

        Timer got = requests("customers", "get", "success");
        assertThat(got.count()).isEqualTo(1);
        assertThat(got.totalTime(TimeUnit.NANOSECONDS)).isPositive();
        assertThat(requests("customers/{external_customer_id}/wallets", "list", "success").count()).isEqualTo(1);
        assertThat(requests("customers", "get", "not_found").count()).isEqualTo(1);
        assertThat(requests("customers", "create", "invalid").count()).isEqualTo(1);
    }

    @Test
    void countsRetriesByTheirReason() throws Exception {
        sandbox.faults().on("GET", "/customers").times(1).status(503);
        sandbox.faults().on("GET", "/plans").times(1).dropBefore();

        sent("lago:customers?operation=list", null);
        sent("lago:plans?operation=list", null);

        assertThat(requests("customers", "list", "server_error").count()).isEqualTo(1);
        assertThat(requests("customers", "list", "success").count()).isEqualTo(1);
        assertThat(retries("customers", "list", "server_error")).isEqualTo(1);
        assertThat(requests("plans", "list", "no_answer").count()).isEqualTo(1);
        assertThat(retries("plans", "list", "no_answer")).isEqualTo(1);
    }

    @Test
    void countsAnUnreadableResponseAndItsRetriesAsUnreadable() {
        sandbox.faults().on("GET", "/customers").every().body("<html>");

        send("lago:customers?operation=list", null);

        assertThat(requests("customers", "list", "unreadable").count()).isEqualTo(4);
        assertThat(metrics.find("camel.lago.requests").tag("outcome", "success").timers()).isEmpty();
    }

    @Test
    void showsWhatIsLeftOfTheRateLimit() throws Exception {
        sandbox.rateLimits(RateLimits.cloud());

        sent("lago:customers?operation=list", null);

        assertThat(metrics.get("camel.lago.rate.limit.remaining").tag("limit", "other").gauge().value()).isEqualTo(49);
    }

    @Test
    void timesTheWaitsForTheRateLimit() throws Exception {
        sandbox.faults().on("GET", "/plans").times(1).status(404).header("X-RateLimit-Limit", "50")
                .header("X-RateLimit-Remaining", "0").header("X-RateLimit-Reset", "3");
        send("lago:plans?operation=list", null);
        assertThat(metrics.get("camel.lago.rate.limit.remaining").tag("limit", "other").gauge().value()).isZero();

        sent("lago:customers?operation=list", null);

        Timer waits = metrics.get("camel.lago.rate.limit.wait").tag("limit", "other").timer();
        assertThat(waits.count()).isEqualTo(1);
        assertThat(waits.totalTime(TimeUnit.MILLISECONDS)).isPositive();
    }

    @Test
    void countsEventsByOutcome() throws Exception {
        sent("lago:events", event("t-7"));
        List<Map<String, Object>> events = new ArrayList<>(IntStream.range(0, 250).mapToObj(i -> event("t-" + i)).toList());
        events.set(50, Map.of("transaction_id", "bad", "external_subscription_id", "sub-1"));

        sent("lago:events?onRejected=report", events);

        assertThat(events("accepted")).isEqualTo(249);
        assertThat(events("duplicate")).isEqualTo(1);
        assertThat(events("rejected")).isEqualTo(1);
    }

    @Test
    void countsPollsAndRecords() throws Exception {
        for (int i = 0; i < 5; i++) {
            sandbox.add("invoices", Map.of("number", "1"));
        }

        poll("lago:invoices?perPage=2");
        await().until(() -> polls("complete") > 1);

        assertThat(reader("camel.lago.pages").counter().count()).isGreaterThanOrEqualTo(3);
        assertThat(reader("camel.lago.records").counter().count()).isGreaterThanOrEqualTo(5);
        assertThat(reader("camel.lago.poll.messages").counter().count()).isEqualTo(5);
        assertThat(reader("camel.lago.poll.lag").timeGauge().value()).isZero();
        assertThat(reader("camel.lago.poll.age").timeGauge().value(TimeUnit.SECONDS)).isBetween(0.0, 60.0);
    }

    @Test
    void showsHowFarBehindAConsumerIs() throws Exception {
        sandbox.add("invoices", Map.of("number", "old", "updated_at", "2026-01-01T00:00:00Z"));
        sandbox.add("invoices", Map.of("number", "new", "updated_at", "2026-01-01T01:00:00Z"));
        mock("out").whenAnyExchangeReceived(exchange -> {
            if (exchange.getMessage().getBody(Map.class).get("number").equals("new")) {
                throw new IllegalStateException("the newest invoice cannot be processed");
            }
        });

        poll("lago:invoices");
        // the position is reported after the poll
        await().until(() -> polls("incomplete") > 1);

        assertThat(reader("camel.lago.poll.lag").timeGauge().value(TimeUnit.MINUTES)).isEqualTo(60);
        assertThat(polls("complete")).isZero();
    }

    @Test
    void countsAPollThatCannotReadAsFailed() throws Exception {
        sandbox.faults().on("GET", "/invoices").every().status(404);

        poll("lago:invoices");

        await().until(() -> polls("failed") > 0);
    }

    @Test
    void noTagHoldsWhatHasNoBound() throws Exception {
        for (int i = 0; i < 20; i++) {
            sandbox.add("customers", Map.of("external_id", "id-" + i));
            sent("lago:customers?operation=get&id=id-" + i, null);
            send("lago:customers/id-" + i + "/current_usage?filter.external_subscription_id=sub-" + i, null);
            send("lago:things-" + i + "?httpMethod=GET", null);
        }

        Set<String> values = metrics.getMeters().stream().map(Meter::getId).flatMap(id -> id.getTags().stream())
                .map(Tag::getValue).collect(Collectors.toSet());
        assertThat(values).contains("customers", "current_usage", "other").noneMatch(v -> v.matches(".*\\d.*"));
    }

    @Test
    void distinguishesAccounts() throws Exception {
        context.addComponent("lago-eu", component(context, sandbox));

        sent("lago-eu:customers?operation=list", null);

        assertThat(metrics.get("camel.lago.requests").tag("component", "lago-eu").timer().count()).isEqualTo(1);
    }

    @Test
    void aCustomObserverReplacesMicrometerAndItsExceptionsAreIgnored() throws Exception {
        List<LagoCall> seen = new CopyOnWriteArrayList<>();
        LagoComponent own = component(context, sandbox);
        own.setObserver(new LagoObserver() {
            @Override
            public void requested(LagoCall call, Outcome outcome, Duration took) {
                seen.add(call);
                throw new IllegalStateException("an observer's bug");
            }
        });
        context.addComponent("own", own);

        sent("own:customers", Map.of("external_id", "acme"));

        assertThat(seen).containsExactly(new LagoCall("POST", "customers", "customers", "create", "other"));
        assertThat(metrics.find("camel.lago.requests").timers()).isEmpty();
    }

    @Test
    void gaugesGoWithTheComponent() throws Exception {
        sandbox.rateLimits(RateLimits.cloud());
        sent("lago:customers?operation=list", null);

        context.stop();

        assertThat(metrics.find("camel.lago.rate.limit.remaining").gauges()).isEmpty();
    }

    private void poll(String uri) throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from(uri + (uri.contains("?") ? "&" : "?") + "initialDelay=0&delay=20&exceptionHandler=#quiet")
                        .routeId("reader")
                        .to("mock:out");
            }
        });
    }

    private double events(String outcome) {
        return metrics.get("camel.lago.events").tag("component", "lago").tag("outcome", outcome).counter().count();
    }

    private RequiredSearch reader(String name) {
        return metrics.get(name).tag("component", "lago").tag("route", "reader").tag("resource", "invoices");
    }

    private long polls(String outcome) {
        Timer polls = metrics.find("camel.lago.poll").tag("route", "reader").tag("outcome", outcome).timer();
        return polls == null ? 0 : polls.count();
    }

    private Timer requests(String resource, String operation, String outcome) {
        return metrics.get("camel.lago.requests").tag("component", "lago").tag("resource", resource)
                .tag("operation", operation).tag("outcome", outcome).timer();
    }

    private double retries(String resource, String operation, String outcome) {
        return metrics.get("camel.lago.retries").tag("resource", resource).tag("operation", operation).tag("outcome", outcome)
                .counter().count();
    }
}
