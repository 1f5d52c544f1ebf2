package io.github.camellago.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.SSLContext;

import com.fasterxml.jackson.core.JsonParser;
import io.github.camellago.client.BaseUrl;
import io.github.camellago.client.Json;
import org.apache.camel.CamelContext;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.component.http.HttpEndpoint;
import org.apache.camel.component.http.ProxyHttpClientConfigurer;
import org.apache.camel.support.service.ServiceHelper;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.HttpsSupport;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.util.TimeValue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP clients of a component, one for each server: connections are pooled across endpoints. Thread-safe. */
public final class HttpClients {

    /** A pooled connection that was idle for longer is checked before it is used. */
    private static final TimeValue LOOK_AGAIN = TimeValue.ofMilliseconds(100);

    private static final Logger LOG = LoggerFactory.getLogger(HttpClients.class);

    /** The loggers to which HttpClient writes the headers of requests. */
    private static final List<String> HEADER_LOGS = List.of("org.apache.hc.client5.http.headers",
            "org.apache.hc.client5.http.wire");

    private static final String USER_AGENT = "camel-lago/" + version();

    private final Supplier<CamelContext> context;
    private final Supplier<HttpComponent> chosen;
    private final Map<String, HttpEndpoint> endpoints = new ConcurrentHashMap<>();
    private final AtomicBoolean warned = new AtomicBoolean();
    private final Map<String, HttpEndpoint> files = new ConcurrentHashMap<>();

    /** @param chosen the HTTP component that the user has set, or null for that of the context */
    public HttpClients(Supplier<CamelContext> context, Supplier<HttpComponent> chosen) {
        this.context = context;
        this.chosen = chosen;
    }

    /** The camel-http endpoint for a server. It has the HTTP client with TLS, proxy, pool and timeouts as configured there. */
    public HttpEndpoint endpoint(BaseUrl server) {
        return endpoints.computeIfAbsent(server.host(), this::create);
    }

    /**
     * The HTTP client for files that a server keeps on other hosts. It has the server's proxy, trusted certificates and pool settings,
     * but neither its credentials nor its client certificate. A client configurer and a connection manager of the user are not used,
     * as they may hold both.
     */
    public HttpClient files(BaseUrl server) {
        return files.computeIfAbsent(server.host(), this::createForFiles).getHttpClient();
    }

    public void shutdown() {
        for (Map<String, HttpEndpoint> started : List.of(endpoints, files)) {
            ServiceHelper.stopAndShutdownServices(started.values());
            started.clear();
        }
    }

    private HttpEndpoint create(String host) {
        try {
            HttpComponent component = component(host);
            HttpEndpoint endpoint = (HttpEndpoint) component.createEndpoint(host);
            if (component.getClientConnectionManager() == null) {
                replaceConnections(endpoint, component,
                        HttpTls.of(component, context.get(), endpoint.isUseSystemProperties()));
            } else {
                warnOnceOfHeaderLog();
            }
            return start(endpoint, endpoint.getHttpClientConfigurer());
        } catch (Exception e) {
            throw new IllegalArgumentException("Cannot set up HTTP for " + host + ": " + e.getMessage(), e);
        }
    }

    private HttpEndpoint createForFiles(String host) {
        try {
            HttpComponent component = component(host);
            HttpEndpoint endpoint = (HttpEndpoint) component.createEndpoint(host);
            endpoint.setAuthenticationPreemptive(false);
            replaceConnections(endpoint, component, HttpTls.withoutClientCertificate(component, context.get()));
            return start(endpoint, builder -> configureProxy(builder, component, host));
        } catch (Exception e) {
            throw new IllegalArgumentException("Cannot set up HTTP for the files of " + host + ": " + e.getMessage(), e);
        }
    }

    /** HttpClient logs the headers of connections that a connection manager of the user creates. */
    private void warnOnceOfHeaderLog() {
        boolean shown = HEADER_LOGS.stream().anyMatch(name -> LoggerFactory.getLogger(name).isDebugEnabled());
        if (shown && warned.compareAndSet(false, true)) {
            LOG.warn("The HTTP component has a clientConnectionManager of its own, and a logger of {} is at DEBUG:"
                    + " HttpClient logs the header Authorization with the API key. Set these loggers to INFO", HEADER_LOGS);
        }
    }

    private HttpComponent component(String host) {
        HttpComponent component = chosen.get();
        return component != null
                ? component
                : context.get().getComponent(host.startsWith("https:") ? "https" : "http", HttpComponent.class);
    }

    private static HttpEndpoint start(HttpEndpoint endpoint, HttpClientConfigurer configured) {
        // a listener wants the exchange of each request, which is not known here, and would log the key with the headers
        endpoint.setHttpActivityListener(null);
        endpoint.setLogHttpActivity(false);
        endpoint.setHttpClientConfigurer(builder -> {
            if (endpoint.getUserAgent() == null) {
                builder.setUserAgent(USER_AGENT);
            }
            if (configured != null) {
                configured.configureHttpClient(builder);
            }
            // this component decides about retries: a POST of a payment must not be sent twice
            builder.disableAutomaticRetries().disableRedirectHandling().disableCookieManagement().disableAuthCaching();
            // without a registry, HttpClient reads the list of all public suffixes, for cookies
            builder.setDefaultCookieSpecRegistry(name -> null);
        });
        ServiceHelper.startService(endpoint);
        return endpoint;
    }

    /** Sets the proxy with its credentials, and no credentials for other hosts. */
    private static void configureProxy(HttpClientBuilder builder, HttpComponent component, String host) {
        BasicCredentialsProvider credentials = new BasicCredentialsProvider();
        builder.setDefaultCredentialsProvider(credentials);
        String proxy = component.getProxyAuthHost() == null ? component.getProxyHost() : component.getProxyAuthHost();
        Integer port = component.getProxyAuthPort() == null ? component.getProxyPort() : component.getProxyAuthPort();
        if (proxy == null || port == null) {
            return;
        }
        String scheme = component.getProxyAuthScheme() == null
                ? host.substring(0, host.indexOf(':'))
                : component.getProxyAuthScheme();
        new ProxyHttpClientConfigurer(proxy, port, scheme, component.getNonProxyHosts()).configureHttpClient(builder);
        if (component.getProxyAuthUsername() != null && component.getProxyAuthPassword() != null) {
            credentials.setCredentials(new AuthScope(proxy, port), new UsernamePasswordCredentials(
                    component.getProxyAuthUsername(), component.getProxyAuthPassword().toCharArray()));
        }
    }

    private static void replaceConnections(HttpEndpoint endpoint, HttpComponent component, SSLContext tls) {
        HttpClientConnectionManager unused = endpoint.getClientConnectionManager();
        endpoint.setClientConnectionManager(connections(component, tls));
        if (unused != component.getClientConnectionManager()) {
            unused.close(CloseMode.IMMEDIATE);
        }
    }

    /** The pool that camel-http would make from its settings, of connections that keep the key out of HttpClient's log. */
    private static HttpClientConnectionManager connections(HttpComponent component, SSLContext tls) {
        HostnameVerifier verifier = component.getX509HostnameVerifier();
        SocketConfig.Builder socket = SocketConfig.custom();
        if (component.getSoTimeout() > 0) {
            socket.setSoTimeout((int) component.getSoTimeout(), java.util.concurrent.TimeUnit.MILLISECONDS);
        }
        ConnectionConfig.Builder connection = ConnectionConfig.custom().setValidateAfterInactivity(LOOK_AGAIN);
        if (component.getConnectionTimeToLive() > 0) {
            connection.setTimeToLive(TimeValue.ofMilliseconds(component.getConnectionTimeToLive()));
        }
        PoolingHttpClientConnectionManagerBuilder pool = PoolingHttpClientConnectionManagerBuilder.create()
                .setConnectionFactory(NonLoggingConnection.factory())
                .setPoolConcurrencyPolicy(PoolConcurrencyPolicy.LAX)
                .setDefaultSocketConfig(socket.build())
                .setDefaultConnectionConfig(connection.build())
                .setTlsSocketStrategy(new DefaultClientTlsStrategy(tls,
                        HostnameVerificationPolicy.CLIENT,
                        verifier == null ? HttpsSupport.getDefaultHostnameVerifier() : verifier));
        if (component.getMaxTotalConnections() > 0) {
            pool.setMaxConnTotal(component.getMaxTotalConnections());
        }
        if (component.getConnectionsPerRoute() > 0) {
            pool.setMaxConnPerRoute(component.getConnectionsPerRoute());
        }
        return pool.build();
    }

    /** The version in the component's metadata, which the build writes. */
    private static String version() {
        try (InputStream metadata = HttpClients.class.getResourceAsStream("/META-INF/io/github/camellago/lago.json");
                JsonParser json = metadata == null ? null : Json.mapper().getFactory().createParser(metadata)) {
            // the rest of the file describes all options
            while (json != null && json.nextToken() != null) {
                if ("version".equals(json.currentName())) {
                    return json.nextTextValue();
                }
            }
            return "unknown";
        } catch (IOException e) {
            return "unknown";
        }
    }
}
