package io.github.camellago;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;

import io.github.camellago.client.Credentials;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.CamelContextHelper;
import org.apache.camel.support.processor.DefaultMaskingFormatter;
import org.apache.camel.test.junit5.TestExecutionConfiguration;
import org.apache.camel.util.URISupport;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/** The API key is seen by Lago alone. */
class SecretsTest extends RouteTestSupport {

    private static final String KEY = "s3cr3t-4pi-k3y";

    private LogCapture log;

    @Override
    public void configureTest(TestExecutionConfiguration configuration) {
        super.configureTest(configuration);
        configuration.withEnableJMX();
    }

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext context = super.createCamelContext();
        // as loud as camel-http can be
        HttpComponent http = context.getComponent("http", HttpComponent.class);
        http.setLogHttpActivity(true);
        return context;
    }

    @BeforeEach
    void listen() {
        log = LogCapture.from(Level.TRACE);
    }

    @AfterEach
    void stopListening() {
        log.close();
    }

    @Test
    void theLogHasNoKey() throws Exception {
        goThroughAll("");
    }

    @Test
    void theLogHasNoKeyOfAUri() throws Exception {
        // Camel's own TRACE shows URIs as they were written
        Configurator.setRootLevel(Level.DEBUG);
        Configurator.setLevel("io.github.camellago", Level.TRACE);
        goThroughAll("&apiKey=" + sandbox.apiKey());
    }

    private void goThroughAll(String options) throws Exception {
        String key = sandbox.apiKey();
        String uri = "lago:customers?operation=create" + options;
        sent(uri, Map.of("external_id", "acme"));
        sandbox.faults().on("POST", "/customers").times(1).status(503);
        sent(uri, Map.of("external_id", "globex"));
        send(uri, Map.of("name", "no id"));
        sandbox.faults().on("POST", "/customers").times(1).dropAfter();
        sent(uri, Map.of("external_id", "initech"));
        sandbox.revokeKey(key);
        assertThat(send(uri, Map.of("external_id", "late")).getException()).isNotNull();
        catchThrowable(() -> context.getEndpoint("lago:customer?operation=create" + options));
        route("lago:invoices?initialDelay=0&delay=50&repeatCount=2" + options, "mock:invoices");
        await().until(
                () -> log.lines().stream().anyMatch(l -> l.contains("Error during poll") || l.contains("Failed polling")));

        assertThat(log.lines()).anyMatch(l -> l.contains(" io.github.camellago.client.LagoClient "));
        assertThat(log.lines()).anyMatch(l -> l.contains(" org.apache.hc.client5"));
        assertThat(log.lines()).filteredOn(l -> l.contains(key)).isEmpty();
    }

    @Test
    void mBeansHaveNoKey() throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").to("lago:customers?apiKey=" + KEY).to("mock:out");
                from("lago:invoices?initialDelay=100000&apiKey=" + KEY).to("mock:out");
            }
        });
        template.request("direct:in", e -> e.getMessage().setBody(Map.of("external_id", "acme")));

        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        List<String> seen = new ArrayList<>();
        for (ObjectName name : server.queryNames(new ObjectName("org.apache.camel:*"), null)) {
            seen.add(name.getCanonicalName());
            for (MBeanAttributeInfo attribute : server.getMBeanInfo(name).getAttributes()) {
                if (attribute.isReadable()) {
                    Object value = catchNothing(() -> server.getAttribute(name, attribute.getName()));
                    seen.add(name.getKeyProperty("type") + " " + attribute.getName() + "=" + value);
                }
            }
        }
        assertThat(seen).anyMatch(s -> s.contains("lago://customers")).anyMatch(s -> s.contains("lago://invoices"));
        assertThat(seen).filteredOn(s -> s.contains(KEY)).isEmpty();
    }

    private static Object catchNothing(Callable<Object> attribute) {
        try {
            return attribute.call();
        } catch (Exception e) {
            return e.toString();
        }
    }

    @Test
    void toStringHasNoKey() {
        LagoEndpoint endpoint = context.getEndpoint("lago:customers?apiKey=" + KEY, LagoEndpoint.class);

        assertThat(endpoint.toString()).contains("apiKey=xxxxxx").doesNotContain(KEY);
        assertThat(endpoint.getConfiguration().toString()).doesNotContain(KEY);
        assertThat(endpoint.client().toString()).doesNotContain(KEY);
        assertThat(Credentials.of(KEY).toString()).doesNotContain(KEY);
    }

    @Test
    void exceptionsHaveNoKey() {
        List<Throwable> failures = new ArrayList<>();
        failures.add(catchThrowable(() -> context.getEndpoint("lago:customer?apiKey=" + KEY)));
        failures.add(catchThrowable(() -> context.getEndpoint("lago:customers?nonsense=1&apiKey=" + KEY)));
        failures.add(catchThrowable(() -> context.getEndpoint("lago:customers?baseUrl=nonsense&apiKey=" + KEY)));
        failures.add(send("lago:customers?apiKey=" + KEY, Map.of("external_id", "acme")).getException());
        failures.add(send("lago:customers?baseUrl=http://localhost:1&maxRetries=0&apiKey=" + KEY, Map.of("external_id", "acme"))
                .getException());
        failures.add(send("lago:customers?operation=get&apiKey=" + KEY, null).getException());

        assertThat(failures).doesNotContainNull().allSatisfy(f -> {
            StringWriter trace = new StringWriter();
            f.printStackTrace(new PrintWriter(trace));
            assertThat(trace.toString()).doesNotContain(KEY);
        });
    }

    @Test
    void headersAndBodyHaveNoKey() throws Exception {
        sandbox.add("customers", Map.of("external_id", "acme"));
        Exchange exchange = sent("lago:customers?operation=get&id=acme&apiKey=" + sandbox.apiKey(), null);

        assertThat(exchange.getMessage().getHeaders().toString()).doesNotContain(sandbox.apiKey());
        assertThat(exchange.getMessage().getBody().toString()).doesNotContain(sandbox.apiKey());
    }

    @Test
    void anEndpointWithItsOwnServerAndTheComponentsKeyIsLoggedOnceWithBothHosts() {
        for (int i = 0; i < 2; i++) {
            context.getEndpoint("lago:customers?operation=get&id=" + i + "&baseUrl=http://127.0.0.1:9");
        }
        context.getEndpoint("lago:plans?operation=list&baseUrl=http://127.0.0.2:9&apiKey=" + KEY);
        context.getEndpoint("lago:plans?operation=list&baseUrl=" + sandbox.baseUrl());

        assertThat(log.lines()).filteredOn(l -> l.contains("sends the API key of the component")).singleElement().asString()
                .contains("WARN", sandbox.baseUrl(), "http://127.0.0.1:9").doesNotContain(sandbox.apiKey());
    }

    @Test
    void dumpedRoutesHaveNoKeyIfTheUriHasNone() throws Exception {
        route("direct:in", "lago:customers");
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        ObjectName camel = server.queryNames(new ObjectName("org.apache.camel:type=context,*"), null).iterator().next();

        assertThat((String) server.invoke(camel, "dumpRoutesAsXml", null, null)).contains("lago:customers")
                .doesNotContain(sandbox.apiKey());
    }

    @ParameterizedTest
    @ValueSource(strings = {"hmacKey", "hmackey", "hmac-key", "hmac_key", "HMAC-KEY", "HMAC_KEY"})
    void theHmacKeyIsMaskedInEachSpelling(String name) {
        context.getEndpoint("lago:customers?operation=list");
        DefaultMaskingFormatter logs = new DefaultMaskingFormatter(context);

        assertThat(CamelContextHelper.containsSensitive(context, "camel.component.lago." + name)).isTrue();
        assertThat(CamelContextHelper.containsSensitive(context, name)).isTrue();
        assertThat(URISupport.sanitizeUri("webhook:lago:webhooks?eventTypes=all&" + name + "=" + KEY)).doesNotContain(KEY);
        assertThat(logs.format(name + "=" + KEY + ", other=1")).doesNotContain(KEY);
        assertThat(logs.format("{\"" + name + "\":\"" + KEY + "\"}")).doesNotContain(KEY);
        assertThat(logs.format("<" + name + ">" + KEY + "</" + name + ">")).doesNotContain(KEY);
    }

    @Test
    void keywordsOfTheApplicationStay() throws Exception {
        try (CamelContext other = new DefaultCamelContext()) {
            other.getCamelContextExtension().setAdditionalSensitiveKeywords("tenantPin,hmacKey");
            other.addComponent("lago", new LagoComponent());
            other.getComponent("lago", LagoComponent.class);
            other.start();

            assertThat(other.getCamelContextExtension().getAdditionalSensitiveKeywords().split(",")).contains("tenantPin",
                    "hmac-key").doesNotHaveDuplicates();
        }
    }

    @Test
    void warnsOnceIfAConnectionManagerOfTheUserLogsHeaders() {
        HttpComponent http = new HttpComponent();
        http.setClientConnectionManager(PoolingHttpClientConnectionManagerBuilder.create().build());
        LagoComponent own = new LagoComponent();
        own.setHttpComponent(http);
        own.getConfiguration().setApiKey(KEY);
        context.addComponent("own", own);
        assertThat(log.lines()).noneMatch(l -> l.contains("clientConnectionManager"));

        context.getEndpoint("own:customers?operation=list&baseUrl=" + sandbox.baseUrl());
        context.getEndpoint("own:customers?operation=list&baseUrl=http://127.0.0.1:9");

        assertThat(log.lines()).filteredOn(l -> l.contains("clientConnectionManager of its own")).singleElement().asString()
                .contains("WARN", "org.apache.hc.client5.http.headers").doesNotContain(KEY);
    }
}
