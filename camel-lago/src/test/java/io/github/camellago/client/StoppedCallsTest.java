package io.github.camellago.client;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.camellago.RouteTestSupport;
import io.github.camellago.api.LagoAuthenticationException;
import io.github.camellago.api.LagoException;
import io.github.camellago.api.LagoTransportException;
import io.github.camellago.test.Fault;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A call in flight when its route or context stops ends as a success or as a LagoException. */
class StoppedCallsTest extends RouteTestSupport {

    private static final Map<String, Object> TOP_UP = Map.of("wallet_id", "none", "paid_credits", "10");

    @Test
    void aCallInFlightSaysThatItWasProcessedWhenItsRouteIsForcedToStop() throws Exception {
        Fault slow = slowTopUp("direct:top-up");
        CompletableFuture<Exchange> call = template.asyncSend("direct:top-up", e -> e.getMessage().setBody(TOP_UP));
        await().until(() -> slow.matched() == 1);

        context.getRouteController().stopRoute("top-up", 1, TimeUnit.MILLISECONDS);

        Exchange exchange = call.get(60, TimeUnit.SECONDS);
        assertThat(exchange.getException()).isInstanceOfSatisfying(LagoException.class,
                e -> assertThat(e.mayHaveBeenProcessed()).isTrue())
                .hasMessageContaining("Lago has processed POST wallet_transactions");
    }

    @Test
    void aCallInFlightSaysWhetherItMayHaveBeenProcessedWhenItsContextStops() throws Exception {
        Fault slow = slowTopUp("seda:top-up?waitForTaskToComplete=Always&timeout=0");
        context.getShutdownStrategy().setTimeout(1);
        context.getShutdownStrategy().setTimeUnit(TimeUnit.MILLISECONDS);
        CompletableFuture<Exchange> call = send();
        await().until(() -> slow.matched() == 1);

        context.stop();

        Exchange exchange = call.get(60, TimeUnit.SECONDS);
        assertThat(exchange.getException()).isInstanceOfSatisfying(LagoException.class,
                e -> assertThat(e.mayHaveBeenProcessed()).isTrue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"lago:wallet_transactions", "lago:events", "lago:events?batchInterval=50",
            "lago:events?batchInterval=50&acknowledge=received"})
    void aForcedStopDoesNotWaitForAHungServer(String to) throws Exception {
        sandbox.faults().onAny().delay(Duration.ofSeconds(25));
        route("seda:hung", to);
        String route = context.getRoutes().get(0).getId();
        CompletableFuture<Exchange> call = template.asyncSend("seda:hung?waitForTaskToComplete=Always&timeout=0",
                exchange -> exchange.getMessage().setBody(to.equals("lago:events")
                        ? List.of(event("t-1"), event("t-2"))
                        : to.contains("wallet") ? TOP_UP : event("t-1")));
        await().until(() -> sandbox.requestCount() > 0);
        long start = System.nanoTime();

        context.getRouteController().stopRoute(route, 1, TimeUnit.SECONDS);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
        if (!to.contains("received")) {
            assertThat(call.get(60, TimeUnit.SECONDS).getException()).isInstanceOfSatisfying(LagoTransportException.class,
                    e -> assertThat(e.mayHaveBeenProcessed()).isTrue());
        }
    }

    @Test
    void aProducerThatIsStoppedSendsNothing() throws Exception {
        var producer = context.getEndpoint("lago:wallet_transactions").createProducer();
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(TOP_UP);

        assertThat(org.junit.jupiter.api.Assertions.assertThrows(LagoTransportException.class,
                () -> producer.process(exchange)).mayHaveBeenProcessed()).isFalse();
    }

    @Test
    void anEndpointThatWasNeverStartedSendsNothing() throws Exception {
        var endpoint = context.getComponent("lago").createEndpoint("lago:wallet_transactions");
        var producer = endpoint.createProducer();

        assertThat(org.junit.jupiter.api.Assertions.assertThrows(LagoTransportException.class, producer::start))
                .hasMessageContaining("is not started");
    }

    @Test
    void anExceptionOfTheCredentialsIsAnAuthenticationException() {
        context.getRegistry().bind("vault", (java.util.function.Supplier<String>) () -> {
            throw new IllegalStateException("The vault is sealed");
        });

        Exchange exchange = send("lago:plans?operation=list&credentials=#vault", null);

        assertThat(exchange.getException()).isInstanceOf(LagoAuthenticationException.class)
                .hasMessage("No API key for GET plans: IllegalStateException: The vault is sealed")
                .hasCauseInstanceOf(IllegalStateException.class);
        assertThat(sandbox.requestCount()).isZero();
    }

    @Test
    void anyFailureOfTheCredentialsIsAnAuthenticationException() {
        for (Throwable failure : List.of(new IOException("The vault is sealed"), new NoClassDefFoundError("vault/Client"))) {
            context.getRegistry().bind("vault", (java.util.function.Supplier<String>) () -> {
                throw StoppedCallsTest.<RuntimeException>unchecked(failure);
            });

            Exchange exchange = send("lago:plans?operation=list&credentials=#vault&perPage=" + failure.getMessage().length(),
                    null);

            assertThat(exchange.getException()).isInstanceOf(LagoAuthenticationException.class).hasCause(failure);
        }
    }

    /** As a supplier in Kotlin or Groovy throws. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T unchecked(Throwable e) throws T {
        throw (T) e;
    }

    private Fault slowTopUp(String from) throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from(from).routeId("top-up").to("lago:wallet_transactions");
            }
        });
        return sandbox.faults().on("POST", "/wallet_transactions")
                .body("{\"wallet_transactions\":[{\"lago_id\":\"done\"}]}", "application/json")
                .delay(Duration.ofSeconds(2));
    }

    private CompletableFuture<Exchange> send() {
        return template.asyncSend("seda:top-up?waitForTaskToComplete=Always&timeout=0",
                exchange -> exchange.getMessage().setBody(TOP_UP));
    }
}
