package io.github.camellago;

import java.util.Map;
import java.util.function.LongSupplier;

import io.github.camellago.test.LagoSandbox;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.component.undertow.UndertowComponent;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A CamelContext whose lago component talks to a sandbox. Retries wait for milliseconds only. */
public abstract class RouteTestSupport extends CamelTestSupport {

    protected static LagoSandbox sandbox;

    @BeforeAll
    protected static void startSandbox() {
        sandbox = LagoSandbox.start();
    }

    @AfterAll
    protected static void stopSandbox() {
        sandbox.close();
    }

    @BeforeEach
    protected void resetSandbox() {
        sandbox.reset();
    }

    @Override
    protected CamelContext createCamelContext() throws Exception {
        // an earlier test may have rotated the key
        sandbox.reset();
        CamelContext context = super.createCamelContext();
        context.addComponent("lago", component(context, sandbox));
        return context;
    }

    public static LagoComponent component(CamelContext context, LagoSandbox sandbox) {
        LagoComponent component = new LagoComponent(context);
        component.getConfiguration().setApiKey(sandbox.apiKey());
        component.getConfiguration().setBaseUrl(sandbox.baseUrl());
        component.getConfiguration().setRetryDelay(1);
        return component;
    }

    /**
     * Skips a test of an artifact that is not of the running Camel's release. A build with {@code -Dcamel.extras.version} has such
     * artifacts.
     */
    protected static void assumeOfThisRelease(Class<?> component) {
        Assumptions.assumeThat(component.getPackage().getImplementationVersion())
                .isEqualTo(CamelContext.class.getPackage().getImplementationVersion());
    }

    /** Undertow apart, the HTTP servers of a release also run on the next ones. */
    protected static void assumeRuns(String httpServer) {
        if (httpServer.equals("undertow")) {
            assumeOfThisRelease(UndertowComponent.class);
        }
    }

    /** Replaces {@link System#nanoTime()} for everything that the component measures. */
    public static void clock(LagoComponent component, LongSupplier nanoTime) {
        component.setNanoTime(nanoTime);
    }

    /** Adds a route to the running context. */
    protected void route(RoutesBuilder routes) throws Exception {
        context.addRoutes(routes);
    }

    /** Adds {@code from → to} to the running context. */
    protected void route(String from, String to) throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from(from).to(to);
            }
        });
    }

    /** Sends a body and headers to an endpoint and gives back what came of it, failed or not. */
    protected Exchange send(String uri, Object body, Map<String, Object> headers) {
        Processor message = exchange -> {
            exchange.getMessage().setBody(body);
            headers.forEach(exchange.getMessage()::setHeader);
        };
        return template.request(uri, message);
    }

    protected Exchange send(String uri, Object body) {
        return send(uri, body, Map.of());
    }

    /** Like {@link #send}, for calls that succeed. */
    protected Exchange sent(String uri, Object body) throws Exception {
        Exchange exchange = send(uri, body);
        if (exchange.getException() != null) {
            throw exchange.getException();
        }
        return exchange;
    }

    protected MockEndpoint mock(String name) {
        MockEndpoint mock = getMockEndpoint("mock:" + name);
        mock.setResultWaitTime(60_000);
        return mock;
    }

    protected static Map<String, Object> event(String transactionId) {
        return Map.of("transaction_id", transactionId, "external_subscription_id", "sub-1", "code", "api_calls", "timestamp",
                1_760_000_000L, "properties", Map.of("region", "eu"));
    }
}
