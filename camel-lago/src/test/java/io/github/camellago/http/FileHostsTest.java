package io.github.camellago.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLPeerUnverifiedException;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.github.camellago.LagoComponent;
import io.github.camellago.RouteTestSupport;
import io.github.camellago.api.LagoException;
import org.apache.camel.Exchange;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.http.common.HttpConfiguration;
import org.apache.camel.support.jsse.KeyManagersParameters;
import org.apache.camel.support.jsse.KeyStoreParameters;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.apache.camel.support.jsse.TrustManagersParameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Calls to the hosts of files use the proxy and the trusted certificates of the HTTP component, but none of its secrets. */
class FileHostsTest extends RouteTestSupport {

    private static final String PASSWORD = "password";
    private static final byte[] PDF = "%PDF-1.4 %%EOF".getBytes(StandardCharsets.US_ASCII);
    private static final String BASIC = "Basic "
            + Base64.getEncoder().encodeToString("user:secret".getBytes(StandardCharsets.US_ASCII));

    @TempDir
    static Path folder;

    private static SSLContextParameters tls;

    private final HttpComponent http = new HttpComponent();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private final List<Certificate> certificates = new CopyOnWriteArrayList<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private ExecutorService threads;
    private HttpServer store;
    private HttpsServer secureStore;

    @BeforeAll
    static void makeKey() throws Exception {
        Path file = folder.resolve("localhost.p12");
        new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias", "it",
                "-keyalg", "EC", "-dname", "CN=localhost", "-ext", "SAN=dns:localhost", "-storetype", "PKCS12", "-storepass",
                PASSWORD, "-keystore", file.toString()).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
        KeyStoreParameters keys = new KeyStoreParameters();
        keys.setResource("file:" + file);
        keys.setPassword(PASSWORD);
        keys.setType("PKCS12");
        KeyManagersParameters own = new KeyManagersParameters();
        own.setKeyStore(keys);
        own.setKeyPassword(PASSWORD);
        TrustManagersParameters trusted = new TrustManagersParameters();
        trusted.setKeyStore(keys);
        tls = new SSLContextParameters();
        tls.setKeyManagers(own);
        tls.setTrustManagers(trusted);
    }

    @BeforeEach
    void startStores() throws Exception {
        threads = Executors.newCachedThreadPool();
        store = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        secureStore = HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        secureStore.setHttpsConfigurator(new HttpsConfigurator(tls.createSSLContext(context)) {
            @Override
            public void configure(HttpsParameters parameters) {
                parameters.setWantClientAuth(true);
            }
        });
        for (HttpServer server : List.of(store, secureStore)) {
            server.setExecutor(threads);
            server.start();
        }
        http.setSslContextParameters(tls);
        LagoComponent component = new LagoComponent();
        component.setHttpComponent(http);
        component.getConfiguration().setApiKey(sandbox.apiKey());
        component.getConfiguration().setRetryDelay(1);
        context.addComponent("own", component);
    }

    @AfterEach
    void stopStores() {
        end.countDown();
        store.stop(0);
        secureStore.stop(0);
        threads.shutdownNow();
    }

    @Test
    void basicCredentialsDoNotGoToFileHosts() {
        useBasicCredentials();
        store.createContext("/f.pdf", this::challenge);

        Exchange exchange = download(sandbox.baseUrl(), url("/f.pdf"), "");

        assertThat(exchange.getException()).isInstanceOf(LagoException.class).hasMessageContaining("its server answered 401");
        assertThat(authorizations).containsOnly("none");
    }

    @Test
    void basicCredentialsDoNotGoToFileHostsThatLagoRedirectsTo() {
        useBasicCredentials();
        store.createContext("/f.pdf", this::challenge);
        sandbox.faults().on("GET", "/files/f.pdf").status(302).header("Location", url("/f.pdf"));

        Exchange exchange = download(sandbox.baseUrl(), sandbox.baseUrl() + "/api/v1/files/f.pdf", "");

        assertThat(exchange.getException()).isInstanceOf(LagoException.class).hasMessageContaining("its server answered 401");
        assertThat(authorizations).containsOnly("none");
    }

    @Test
    void basicCredentialsGoToFilesOnLagosOwnServer() throws Exception {
        useBasicCredentials();
        store.createContext("/f.pdf", this::challenge);
        store.createContext("/api/v1/", exchange -> answer(exchange, 200, ("{\"invoice\":{\"lago_id\":\"i\",\"file_url\":\""
                + url("/f.pdf") + "\"}}").getBytes(StandardCharsets.US_ASCII), "application/json"));

        Exchange exchange = template.request("own:invoices?operation=download&fetchFile=true&id=i&baseUrl=" + url(""), e -> {});

        assertThat(exchange.getException()).isNull();
        assertThat(authorizations).containsExactly("none", BASIC);
    }

    @Test
    void theClientCertificateDoesNotGoToFileHosts() {
        secureStore.createContext("/f.pdf", this::file);

        Exchange exchange = download(sandbox.baseUrl(), secureUrl("/f.pdf"), "");

        assertThat(exchange.getException()).isNull();
        assertThat(exchange.getMessage().getBody(String.class)).startsWith("%PDF");
        assertThat(certificates).isEmpty();
    }

    @Test
    void httpsFilesAreNotRedirectedToHttp() {
        store.createContext("/f.pdf", this::file);
        secureStore.createContext("/f.pdf", exchange -> {
            exchange.getResponseHeaders().set("Location", url("/f.pdf"));
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });

        Exchange exchange = download(sandbox.baseUrl(), secureUrl("/f.pdf"), "");

        assertThat(exchange.getException()).isInstanceOf(LagoException.class)
                .hasMessageContaining("its server redirects from https to plain http");
        assertThat(authorizations).isEmpty();
    }

    @Test
    void httpFilesOfALagoWithHttpsAreRefused() {
        store.createContext("/f.pdf", this::file);
        secureStore.createContext("/api/v1/", exchange -> answer(exchange, 200,
                ("{\"invoice\":{\"lago_id\":\"i\",\"file_url\":\"" + url("/f.pdf") + "\"}}")
                        .getBytes(StandardCharsets.US_ASCII),
                "application/json"));

        Exchange exchange = template.request("own:invoices?operation=download&fetchFile=true&id=i&baseUrl=" + secureUrl(""),
                e -> {});

        assertThat(exchange.getException()).isInstanceOf(LagoException.class)
                .hasMessageContaining("its URL is plain http, but Lago is called over https");
        assertThat(authorizations).isEmpty();
    }

    @Test
    void filesAreReadThroughTheProxyWithItsCredentials() {
        http.setProxyHost("127.0.0.1");
        http.setProxyPort(store.getAddress().getPort());
        http.setProxyAuthUsername("user");
        http.setProxyAuthPassword("secret");
        http.setNonProxyHosts("localhost");
        List<String> hosts = new CopyOnWriteArrayList<>();
        store.createContext("/f.pdf", exchange -> {
            hosts.add(exchange.getRequestHeaders().getFirst("Host"));
            if (BASIC.equals(exchange.getRequestHeaders().getFirst("Proxy-Authorization"))) {
                file(exchange);
            } else {
                exchange.getResponseHeaders().set("Proxy-Authenticate", "Basic realm=\"proxy\"");
                exchange.sendResponseHeaders(407, -1);
                exchange.close();
            }
        });

        Exchange exchange = download(sandbox.baseUrl(), "http://files.invalid/f.pdf", "");

        assertThat(exchange.getException()).isNull();
        assertThat(hosts).containsExactly("files.invalid", "files.invalid");
    }

    @Test
    void aFileThatTricklesInEndsAtFileTimeout() {
        store.createContext("/f.pdf", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try {
                while (!end.await(20, TimeUnit.MILLISECONDS)) {
                    exchange.getResponseBody().write(' ');
                    exchange.getResponseBody().flush();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                exchange.close();
            }
        });

        Exchange exchange = download(sandbox.baseUrl(), url("/f.pdf"), "&fileTimeout=1000");

        assertThat(exchange.getException()).isInstanceOf(LagoException.class)
                .hasMessageContaining("it was not read within 1000 ms, see fileTimeout");
    }

    private void useBasicCredentials() {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setAuthMethod("Basic");
        configuration.setAuthUsername("user");
        configuration.setAuthPassword("secret");
        http.setHttpConfiguration(configuration);
    }

    private Exchange download(String baseUrl, String fileUrl, String options) {
        String id = sandbox.add("invoices", Map.of("file_url", fileUrl)).get("lago_id").toString();
        return template.request("own:invoices?operation=download&fetchFile=true&id=" + id + "&baseUrl=" + baseUrl + options,
                e -> {});
    }

    private String url(String path) {
        return "http://127.0.0.1:" + store.getAddress().getPort() + path;
    }

    private String secureUrl(String path) {
        return "https://localhost:" + secureStore.getAddress().getPort() + path;
    }

    /** Sends the file to clients with the right credentials only. */
    private void challenge(HttpExchange exchange) throws IOException {
        if (BASIC.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            file(exchange);
            return;
        }
        authorizations.add(exchange.getRequestHeaders().getOrDefault("Authorization", List.of("none")).get(0));
        exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"files\"");
        exchange.sendResponseHeaders(401, -1);
        exchange.close();
    }

    private void file(HttpExchange exchange) throws IOException {
        authorizations.add(exchange.getRequestHeaders().getOrDefault("Authorization", List.of("none")).get(0));
        if (exchange instanceof HttpsExchange secure) {
            try {
                certificates.addAll(List.of(secure.getSSLSession().getPeerCertificates()));
            } catch (SSLPeerUnverifiedException none) {
                // the client has sent none
            }
        }
        answer(exchange, 200, PDF, "application/pdf");
    }

    private static void answer(HttpExchange exchange, int status, byte[] body, String type) throws IOException {
        exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
