package io.github.camellago;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;

import io.github.camellago.api.LagoAuthenticationException;
import io.github.camellago.api.LagoEventsReport;
import io.github.camellago.test.LagoSandbox;
import io.github.camellago.test.SandboxRequest;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.health.HealthCheckRepository;
import org.apache.camel.spi.BacklogTracer;
import org.apache.camel.test.junit5.TestExecutionConfiguration;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/** {@code toD} with an API key that is computed from the message: one endpoint serves all keys, and Lago alone sees them. */
class KeyPerMessageTest extends RouteTestSupport {

    private static final String KEY = "apiKey=${variable.key}";

    @Override
    public void configureTest(TestExecutionConfiguration configuration) {
        super.configureTest(configuration);
        configuration.withEnableJMX();
    }

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext context = super.createCamelContext();
        HealthCheckRegistry.get(context).setEnabled(true);
        HealthCheckHelper.getHealthCheckRepository(context, "producers").setEnabled(true);
        context.setBacklogTracing(true);
        return context;
    }

    @Test
    void oneEndpointServesAllKeys() throws Exception {
        toD("lago:customers?operation=list&" + KEY);
        List<String> keys = keys(20);

        for (String key : keys) {
            assertThat(sendWith(key, "direct:in", null).getException()).isNull();
        }

        assertThat(sentKeys()).isEqualTo(keys);
        assertThat(lagoEndpoints()).singleElement().asString().doesNotContain(keys);
    }

    @Test
    void aBeanGivesTheKey() throws Exception {
        String key = createKey();
        context.getRegistry().bind("tenantKeys", new TenantKeys(Map.of("acme", key)));
        toD("lago:customers?operation=list&apiKey=${bean:tenantKeys?method=keyOf(${header.tenant})}");

        send("direct:in", null, Map.of("tenant", "acme"));

        assertThat(sentKeys()).containsExactly(key);
    }

    /** A store of API keys. */
    public record TenantKeys(Map<String, String> keys) {

        public String keyOf(String tenant) {
            return keys.get(tenant);
        }
    }

    @Test
    void allOperationsUseTheKeyOfTheMessage() throws Exception {
        String key = createKey();
        String id = sandbox.add("invoices", Map.of("status", "finalized", "number", "INV-1")).get("lago_id").toString();
        List<String> uris = List.of("lago:events", "lago:events?operation=reconcile&repair=true&batchSize=10",
                "lago:invoices?operation=download&fetchFile=true&id=" + id, "lago:plans?operation=upsert",
                "lago:invoices?operation=list", "lago:invoices?operation=list&streaming=true&perPage=1",
                "lago:gadgets?httpMethod=GET");
        sandbox.add("invoices", Map.of("status", "draft"));
        route(new RouteBuilder() {
            @Override
            public void configure() {
                uris.forEach(uri -> from("direct:" + uris.indexOf(uri))
                        .toD(uri + (uri.contains("?") ? "&" : "?") + KEY));
            }
        });

        sendWith(key, "direct:0", IntStream.range(0, 150).mapToObj(i -> event("t-" + i)).toList());
        sendWith(key, "direct:1", List.of(event("t-0"), event("missing")));
        sendWith(key, "direct:2", null);
        sendWith(key, "direct:3", Map.of("code", "basic", "name", "Basic"));
        sendWith(key, "direct:4", null);
        Iterator<?> list = sendWith(key, "direct:5", null).getMessage().getBody(Iterator.class);
        list.forEachRemaining(record -> {});
        sendWith(key, "direct:6", null);

        assertThat(sandbox.eventCount()).isEqualTo(151);
        assertThat(sandbox.requests().stream().filter(request -> request.path().startsWith("/api/"))).hasSizeGreaterThan(9)
                .allSatisfy(request -> assertThat(key(request)).as(request.toString()).isEqualTo(key));
    }

    @Test
    void theSameThroughWireTapAndEnrich() throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:tap").wireTap("lago:customers?operation=list&" + KEY);
                from("direct:enrich").enrich("lago:customers?operation=list&" + KEY);
            }
        });
        List<String> keys = keys(2);

        sendWith(keys.get(0), "direct:tap", null);
        await().until(() -> sandbox.requestCount() == 1);
        sendWith(keys.get(1), "direct:enrich", null);

        assertThat(sentKeys()).isEqualTo(keys);
        assertThat(lagoEndpoints()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "per message", "a b", "\u00e9", "#bean:lago", "RAW(key)"})
    void noCallIsMadeWithAnotherKeyIfThatOfTheMessageIsMissingOrWrong(String key) throws Exception {
        toD("lago:customers?operation=list&" + KEY);

        assertThat(sendWith(key, "direct:in", null).getException()).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("The ").hasMessageContaining("option apiKey");
        assertThat(sandbox.requests()).isEmpty();
    }

    @Test
    void aKeyCanHaveAllCharactersOfAHeader() throws Exception {
        toD("lago:customers?operation=list&" + KEY);

        sendWith("a&b=c+d%25;e?f", "direct:in", null);

        assertThat(sentKeys()).containsExactly("a&b=c+d%25;e?f");
    }

    @Test
    void aCallWithoutKeyIsNotMadeWithThatOfTheComponent() throws Exception {
        toD("lago:customers?operation=list&" + KEY);
        sendWith(createKey(), "direct:in", null);
        String shared = lagoEndpoints().get(0);
        sandbox.reset();

        assertThat(send(shared, null).getException()).isInstanceOf(LagoAuthenticationException.class)
                .hasMessageContaining("The endpoint has no API key of its own");
        assertThat(sandbox.requests()).isEmpty();
    }

    @Test
    void anotherServerDoesNotGetTheKey() throws Exception {
        try (LagoSandbox other = LagoSandbox.start()) {
            route(new RouteBuilder() {
                @Override
                public void configure() {
                    interceptSendToEndpoint("lago:customers*")
                            .to("lago:plans?operation=list&apiKey=RAW(per message)&baseUrl=" + other.baseUrl());
                    from("direct:in").errorHandler(noErrorHandler()).toD("lago:customers?operation=list&" + KEY);
                    from("direct:computed").errorHandler(noErrorHandler())
                            .toD("lago:fees?operation=list&" + KEY + "&baseUrl=${header.url}")
                            .to("lago:fees?operation=list&apiKey=RAW(per message)&baseUrl=" + other.baseUrl());
                }
            });

            assertThat(sendWith(createKey(), "direct:in", null).getException())
                    .hasMessageContaining("The endpoint has no API key of its own");
            assertThat(template.request("direct:computed", exchange -> {
                exchange.setVariable("key", createKey());
                exchange.getMessage().setHeader("url", sandbox.baseUrl());
            }).getException()).hasMessageContaining("The endpoint has no API key of its own");
            assertThat(other.requests()).isEmpty();
            assertThat(sandbox.requestCount()).isEqualTo(1);
        }
    }

    @Test
    void theKeyIsSeenNowhere() throws Exception {
        String key = createKey();
        context.getRegistry().bind("tenant", key);
        List<String> seen = new ArrayList<>();
        try (LogCapture log = LogCapture.from(Level.DEBUG)) {
            Configurator.setLevel("io.github.camellago", Level.TRACE);
            route(new RouteBuilder() {
                @Override
                public void configure() {
                    interceptSendToEndpoint("lago:*").process(exchange -> seen.addAll(words(exchange)))
                            .to("log:intercepted?showAll=true");
                    from("direct:in").errorHandler(deadLetterChannel("direct:dead").maximumRedeliveries(0))
                            .toD("lago:customers?maxRetries=0&apiKey=${ref:tenant}")
                            .process(exchange -> seen.addAll(words(exchange)));
                    from("direct:dead").process(exchange -> seen.addAll(words(exchange)));
                }
            });
            send("direct:in", Map.of("external_id", "acme"));
            send("direct:in", Map.of("name", "no id"));
            sandbox.faults().on("POST", "/customers").times(1).status(401).body("{\"error\":\"" + key + "\"}");
            send("direct:in", Map.of("external_id", "globex"));
            sandbox.faults().on("POST", "/customers").times(1).status(400).body("no key " + key);
            send("direct:in", Map.of("external_id", "globex"));
            seen.addAll(log.lines());
        }
        seen.addAll(beans());
        context.getCamelContextExtension().getContextPlugin(BacklogTracer.class).dumpAllTracedMessages()
                .forEach(traced -> seen.add(traced.toXml(0)));

        assertThat(seen).anyMatch(text -> text.contains("CamelLagoComputedOptions"))
                .anyMatch(text -> text.contains("io.github.camellago.client.LagoClient"))
                .anyMatch(text -> text.contains("lago://customers")).anyMatch(text -> text.contains("no key xxxxxx"));
        assertThat(seen).noneMatch(text -> text.contains(key));
    }

    @Test
    void thereIsNoHealthCheckOfAKeyThatIsForgotten() throws Exception {
        toD("lago:customers?operation=list&" + KEY);
        for (String key : keys(3)) {
            sendWith(key, "direct:in", null);
        }

        HealthCheckRepository checks = HealthCheckHelper.getHealthCheckRepository(context, "producers",
                HealthCheckRepository.class);
        assertThat(checks.stream()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&batchInterval=20", "&batchInterval=${header.interval}", "component"})
    void eventsOfTwoAccountsDoNotShareABatch(String options) throws Exception {
        boolean component = options.equals("component");
        if (component) {
            context.getComponent("lago", LagoComponent.class).getConfiguration().setBatchInterval(20);
        }
        toD("lago:events?" + KEY + (component ? "" : options));
        List<String> keys = keys(2);

        IntStream.range(0, 40).parallel().forEach(i -> template.request("direct:in", exchange -> {
            exchange.setVariable("key", keys.get(i % 2));
            exchange.getMessage().setHeader("interval", 20);
            exchange.getMessage().setBody(event(keys.get(i % 2) + "-" + i));
        }));

        assertThat(sandbox.eventCount()).isEqualTo(40);
        assertThat(sandbox.requests()).allSatisfy(
                request -> assertThat(request.body())
                        .doesNotContain(keys.get(0).equals(key(request)) ? keys.get(1) : keys.get(0)));
    }

    @Test
    void referencesAreThoseOfTheAccount() throws Exception {
        toD("lago:events?checkReferences=true&" + KEY);

        keys(2).forEach(key -> sendWith(key, "direct:in", event("t-" + key)));

        assertThat(lagoEndpoints()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lago:events?batchInterval=20", "lago:events?checkReferences=true",
            "lago:webhooks?operation=verify"})
    void anEndpointThatKeepsWhatIsOfOneAccountIsNotShared(String uri) {
        assertThat(catchThrowable(() -> context.getEndpoint(uri + "&apiKey=RAW(per message)")))
                .hasRootCauseMessage("An endpoint of " + uri.replaceAll("lago:|[?].*", "")
                        + " with batchInterval, checkReferences or webhooks needs an API key of its own");
    }

    /** The second account gets all events: that the first one has some of them is not its business. */
    @Test
    void eventsThatFailedInOneAccountGoToAnotherOneAsAWhole() throws Exception {
        List<String> keys = keys(2);
        List<Map<String, Object>> events = IntStream.range(0, 30).mapToObj(i -> event("t-" + i)).toList();
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:send").errorHandler(noErrorHandler())
                        .toD("lago:events?batchSize=10&concurrentBatches=1&maxRetries=0&" + KEY);
                from("direct:in").doTry().to("direct:send").doCatch(Exception.class)
                        .process(exchange -> exchange.setVariable("key", keys.get(1))).setBody(constant(events))
                        .to("direct:send");
            }
        });
        sandbox.faults().on("POST", "/events/batch").nth(2).status(503);

        Exchange exchange = sendWith(keys.get(0), "direct:in", events);

        assertThat(exchange.getException()).isNull();
        assertThat(sandbox.requests().stream().filter(request -> key(request).equals(keys.get(1)))).hasSize(3);
        assertThat(exchange.getMessage().getBody(LagoEventsReport.class).total()).isEqualTo(30);
    }

    /** The limit is that of the organization, which is known by its keys. */
    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void anAccountDoesNotWaitForTheRateLimitOfAnotherOne() throws Exception {
        toD("lago:customers?operation=list&maxRetries=0&" + KEY);
        List<String> keys = keys(2);
        sandbox.faults().on(request -> keys.get(0).equals(key(request))).times(1).tooManyRequests(100);

        assertThat(sendWith(keys.get(0), "direct:in", null).getException()).hasMessageContaining("429");

        assertThat(sendWith(keys.get(1), "direct:in", null).getException()).isNull();
    }

    private Exchange sendWith(String key, String uri, Object body) {
        return template.request(uri, exchange -> {
            exchange.setVariable("key", key);
            exchange.getMessage().setBody(body);
        });
    }

    private static String createKey() {
        return sandbox.createKey("event:write", "event:read", "customer:write", "customer:read", "plan:write", "plan:read",
                "invoice:write", "invoice:read", "fee:read");
    }

    private static List<String> keys(int count) {
        return IntStream.range(0, count).mapToObj(i -> createKey()).toList();
    }

    private static String key(SandboxRequest request) {
        return request.header("Authorization").replaceFirst("^Bearer ", "");
    }

    private static List<String> sentKeys() {
        return sandbox.requests().stream().map(KeyPerMessageTest::key).toList();
    }

    private List<String> lagoEndpoints() {
        return context.getEndpoints().stream().map(Endpoint::getEndpointUri).filter(uri -> uri.startsWith("lago:")).toList();
    }

    private static List<String> words(Exchange exchange) {
        StringWriter trace = new StringWriter();
        Exception failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        if (failure != null) {
            failure.printStackTrace(new PrintWriter(trace));
        }
        return Stream.concat(Stream.of(trace, exchange.getMessage().getBody()),
                Stream.concat(exchange.getAllProperties().entrySet().stream(),
                        exchange.getMessage().getHeaders().entrySet().stream()))
                .map(String::valueOf).toList();
    }

    private static List<String> beans() throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        List<String> seen = new ArrayList<>();
        for (ObjectName name : server.queryNames(new ObjectName("org.apache.camel:*"), null)) {
            seen.add(name.getCanonicalName());
            for (MBeanAttributeInfo attribute : server.getMBeanInfo(name).getAttributes()) {
                try {
                    seen.add(attribute.getName() + '=' + server.getAttribute(name, attribute.getName()));
                } catch (Exception e) {
                    seen.add(e.toString());
                }
            }
        }
        return seen;
    }

    private void toD(String uri) throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").errorHandler(noErrorHandler()).toD(uri);
            }
        });
    }
}
