package io.github.camellago.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import io.github.camellago.LagoComponent;
import io.github.camellago.RouteTestSupport;
import io.github.camellago.api.LagoException;
import io.github.camellago.api.LagoTransportException;
import org.apache.camel.Exchange;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.support.jsse.KeyStoreParameters;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.apache.camel.support.jsse.TrustManagersParameters;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.assertj.core.api.Assertions.assertThat;

/** The settings of camel-http apply to the component, too. */
class HttpSettingsTest extends RouteTestSupport {

    private static final Map<String, Object> ACME = Map.of("external_id", "acme");

    private static final String PASSWORD = "password";

    @TempDir
    static Path folder;

    private static Path keystore;
    /** Speaks https before the sandbox, and is a forward proxy. */
    private static WireMockServer front;

    @BeforeAll
    static void startFront() throws Exception {
        keystore = folder.resolve("localhost.p12");
        new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias",
                "front",
                "-keyalg", "EC", "-dname", "CN=localhost", "-ext", "SAN=dns:localhost", "-storetype", "PKCS12", "-storepass",
                PASSWORD, "-keystore", keystore.toString()).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
        front = new WireMockServer(WireMockConfiguration.options().dynamicPort().dynamicHttpsPort().bindAddress("127.0.0.1")
                .keystorePath(keystore.toString()).keystoreType("PKCS12").keystorePassword(PASSWORD)
                .keyManagerPassword(PASSWORD));
        front.start();
    }

    @AfterAll
    static void stopFront() {
        front.stop();
    }

    @BeforeEach
    void passOn() {
        front.resetAll();
        front.stubFor(any(anyUrl()).willReturn(aResponse().proxiedFrom(sandbox.baseUrl())));
    }

    @Test
    void usesTheTlsSettingsOfTheHttpsComponent() throws Exception {
        context.getComponent("https", HttpComponent.class).setSslContextParameters(trusting());

        sent("lago:customers?baseUrl=https://localhost:" + front.httpsPort(), ACME);

        assertThat(sandbox.records("customers")).hasSize(1);
        front.verify(WireMock.postRequestedFor(WireMock.urlEqualTo("/api/v1/customers")));
    }

    @Test
    void usesTheGlobalTlsSettings() throws Exception {
        context.setSSLContextParameters(trusting());
        context.getComponent("https", HttpComponent.class).setUseGlobalSslContextParameters(true);

        sent("lago:customers?baseUrl=https://localhost:" + front.httpsPort(), ACME);

        assertThat(sandbox.records("customers")).hasSize(1);
    }

    @Test
    void rejectsAnUntrustedCertificate() {
        LagoException e = (LagoException) send("lago:invoices?maxRetries=0&baseUrl=https://localhost:" + front.httpsPort(),
                ACME)
                .getException();

        assertThat(e).isInstanceOf(LagoTransportException.class).hasMessageContaining("SSLHandshakeException")
                .hasMessageEndingWith("Lago has not processed it");
        assertThat(e.mayHaveBeenProcessed()).isFalse();
    }

    @Test
    void sendsEventsOverTlsAndOtherCallsWithoutTls() throws Exception {
        context.getComponent("https", HttpComponent.class).setSslContextParameters(trusting());

        sent("lago:events?ingestUrl=https://localhost:" + front.httpsPort(), event("t-1"));
        sent("lago:customers?ingestUrl=https://localhost:" + front.httpsPort(), ACME);

        front.verify(1, WireMock.anyRequestedFor(anyUrl()));
        assertThat(sandbox.events()).hasSize(1);
        assertThat(sandbox.records("customers")).hasSize(1);
    }

    @Test
    void usesTheProxyOfTheHttpComponent() throws Exception {
        HttpComponent http = context.getComponent("http", HttpComponent.class);
        http.setProxyHost("localhost");
        http.setProxyPort(front.port());

        sent("lago:customers?baseUrl=http://lago.invalid", ACME);

        front.verify(1, WireMock.postRequestedFor(WireMock.urlEqualTo("/api/v1/customers")));
        assertThat(sandbox.records("customers")).hasSize(1);
    }

    @Test
    void usesAnHttpComponentOfTheUser() throws Exception {
        HttpComponent own = new HttpComponent();
        own.setSslContextParameters(trusting());
        own.setUserAgent("ours/1.0");
        lago(own);

        sent("own:customers?baseUrl=https://localhost:" + front.httpsPort(), ACME);

        front.verify(1, WireMock.postRequestedFor(anyUrl()).withHeader("User-Agent", WireMock.equalTo("ours/1.0")));
        assertThat(sandbox.records("customers")).hasSize(1);
    }

    @Test
    void usesAClientConfigurerOfTheUser() throws Exception {
        HttpComponent own = new HttpComponent();
        own.setHttpClientConfigurer((HttpClientConfigurer) builder -> builder
                .addRequestInterceptorLast((request, entity, http) -> request.addHeader("X-Tenant", "blue")));
        lago(own);

        sent("own:customers?baseUrl=" + sandbox.baseUrl(), ACME);

        assertThat(sandbox.requests()).singleElement().satisfies(r -> assertThat(r.header("X-Tenant")).isEqualTo("blue"));
    }

    @Test
    void retriesOfTheHttpClientAreDisabled() throws Exception {
        // a configurer that hands the builder on as HttpClient has it, with its own retries
        HttpComponent own = new HttpComponent();
        own.setFollowRedirects(true);
        lago(own);
        sandbox.faults().on("POST", "/invoices").status(503).header("Retry-After", "0");

        Exchange exchange = send("own:invoices?maxRetries=0&baseUrl=" + sandbox.baseUrl(), Map.of("currency", "EUR"));

        assertThat(exchange.getException()).isInstanceOf(LagoException.class);
        assertThat(sandbox.requestCount()).isEqualTo(1);
    }

    @Test
    void responseTimeoutOverrulesTheHttpComponent() throws Exception {
        HttpComponent own = new HttpComponent();
        own.setResponseTimeout(Duration.ofMinutes(10).toMillis());
        lago(own);
        sandbox.faults().on("GET", "/customers/*").delay(Duration.ofMinutes(1));

        Exchange exchange = send("own:customers?operation=get&id=acme&maxRetries=0&responseTimeout=100&baseUrl="
                + sandbox.baseUrl(), null);

        assertThat(exchange.getException()).isInstanceOf(LagoTransportException.class)
                .hasMessageContaining("No answer to GET customers/acme from " + sandbox.baseUrl())
                .hasMessageContaining("SocketTimeoutException");
    }

    @Test
    void connectTimeout() throws Exception {
        List<Socket> waiting = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            fill(full, waiting);

            LagoException e = (LagoException) send("lago:invoices?maxRetries=0&connectTimeout=100&baseUrl=http://localhost:"
                    + full.getLocalPort(), Map.of("currency", "EUR")).getException();

            assertThat(e).isInstanceOf(LagoTransportException.class).hasMessageContaining("ConnectTimeoutException")
                    .hasMessageEndingWith("Lago has not processed it");
        } finally {
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    /** Takes up all room that a server which accepts nothing has for those who wait. */
    private static void fill(ServerSocket server, List<Socket> waiting) throws IOException {
        try {
            while (true) {
                Socket socket = new Socket();
                waiting.add(socket);
                socket.connect(server.getLocalSocketAddress(), 200);
            }
        } catch (SocketTimeoutException full) {
            assertThat(waiting).isNotEmpty();
        }
    }

    @Test
    void failsIfTheServerDoesNotSpeakTls() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            assertThat(send("lago:invoices?maxRetries=0&connectTimeout=300&responseTimeout=300&baseUrl=https://localhost:"
                    + silent.getLocalPort(), Map.of("currency", "EUR")).getException())
                    .isInstanceOf(LagoTransportException.class);
        }
    }

    @Test
    void sendsNoOtherHeadersOfTheMessage() throws Exception {
        Exchange exchange = send("lago:customers", ACME, Map.of("CamelHttpPath", "/elsewhere", "CamelHttpQuery", "a=b",
                "CamelHttpUri", "http://elsewhere.invalid", "X-Mine", "1", "Authorization", "Basic Zm9v", "CamelLagoTrace",
                "2"));

        assertThat(exchange.getException()).isNull();
        assertThat(sandbox.requests()).singleElement().satisfies(r -> {
            assertThat(r.path()).isEqualTo("/api/v1/customers");
            assertThat(r.query()).isEmpty();
            assertThat(r.headers().keySet()).usingElementComparator(String.CASE_INSENSITIVE_ORDER)
                    .containsExactlyInAnyOrder("Authorization", "Accept", "Content-Type", "Content-Length", "Host",
                            "User-Agent",
                            "Accept-Encoding", "Connection");
            assertThat(r.header("Authorization")).isEqualTo("Bearer " + sandbox.apiKey());
            assertThat(r.header("Accept")).isEqualTo("application/json, text/plain;q=0.5");
            assertThat(r.header("Content-Type")).startsWith("application/json");
        });
    }

    private void lago(HttpComponent http) {
        LagoComponent component = new LagoComponent();
        component.setHttpComponent(http);
        component.getConfiguration().setApiKey(sandbox.apiKey());
        component.getConfiguration().setRetryDelay(1);
        context.addComponent("own", component);
    }

    private static SSLContextParameters trusting() {
        KeyStoreParameters store = new KeyStoreParameters();
        store.setResource("file:" + keystore);
        store.setPassword(PASSWORD);
        store.setType("PKCS12");
        TrustManagersParameters trust = new TrustManagersParameters();
        trust.setKeyStore(store);
        SSLContextParameters parameters = new SSLContextParameters();
        parameters.setTrustManagers(trust);
        return parameters;
    }

}
