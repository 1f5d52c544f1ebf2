package io.github.camellago.http;

import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.SSLContext;

import io.github.camellago.client.BaseUrl;
import io.github.camellago.client.Json;
import org.apache.camel.CamelContext;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.component.http.HttpEndpoint;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.apache.camel.support.service.ServiceHelper;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.HttpsSupport;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.ssl.SSLContexts;
import org.apache.hc.core5.util.TimeValue;

/** The HTTP clients of a component, one for each server: connections are pooled across endpoints. Thread-safe. */
public final class HttpClients {

    /** A pooled connection that was idle for longer is looked at before it is used. */
    private static final TimeValue LOOK_AGAIN = TimeValue.ofMilliseconds(100);

    private static final String USER_AGENT = "camel-lago/" + version();

    private final Supplier<CamelContext> context;
    private final Supplier<HttpComponent> chosen;
    private final Map<String, HttpEndpoint> endpoints = new ConcurrentHashMap<>();

    /** @param chosen the HTTP component that the user has set, or null for that of the context */
    public HttpClients(Supplier<CamelContext> context, Supplier<HttpComponent> chosen) {
        this.context = context;
        this.chosen = chosen;
    }

    /** camel-http's endpoint for a server: it brings the HTTP client with TLS, proxy, pool and time-outs as configured there. */
    public HttpEndpoint endpoint(BaseUrl server) {
        return endpoints.computeIfAbsent(server.host(), this::create);
    }

    public void shutdown() {
        ServiceHelper.stopAndShutdownServices(endpoints.values());
        endpoints.clear();
    }

    private HttpEndpoint create(String host) {
        try {
            HttpComponent component = chosen.get();
            if (component == null) {
                component = context.get().getComponent(host.startsWith("https:") ? "https" : "http",
                        HttpComponent.class);
            }
            HttpEndpoint endpoint = (HttpEndpoint) component.createEndpoint(host);
            // a listener wants the exchange of each request, which is not known here, and would log the key with the headers
            endpoint.setHttpActivityListener(null);
            endpoint.setLogHttpActivity(false);
            if (component.getClientConnectionManager() == null) {
                HttpClientConnectionManager unused = endpoint.getClientConnectionManager();
                endpoint.setClientConnectionManager(connections(component, endpoint.isUseSystemProperties()));
                unused.close();
            }
            HttpClientConfigurer configured = endpoint.getHttpClientConfigurer();
            endpoint.setHttpClientConfigurer(builder -> {
                if (endpoint.getUserAgent() == null) {
                    builder.setUserAgent(USER_AGENT);
                }
                if (configured != null) {
                    configured.configureHttpClient(builder);
                }
                // what is repeated, and when, is for this component to say: a POST of a payment must not go out twice
                builder.disableAutomaticRetries().disableRedirectHandling().disableCookieManagement().disableAuthCaching();
            });
            ServiceHelper.startService(endpoint);
            return endpoint;
        } catch (Exception e) {
            throw new IllegalArgumentException("Cannot set up HTTP for " + host + ": " + e.getMessage(), e);
        }
    }

    /** The pool that camel-http would make from its settings, of connections that keep the key out of HttpClient's log. */
    private HttpClientConnectionManager connections(HttpComponent component, boolean systemProperties)
            throws GeneralSecurityException, IOException {
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
                .setTlsSocketStrategy(new DefaultClientTlsStrategy(tls(component, systemProperties),
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
        try (InputStream metadata = HttpClients.class.getResourceAsStream("/META-INF/io/github/camellago/lago.json")) {
            return metadata == null ? "unknown" : Json.mapper().readTree(metadata).at("/component/version").asText("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }

    private SSLContext tls(HttpComponent component, boolean systemProperties) throws GeneralSecurityException, IOException {
        SSLContextParameters parameters = component.getSslContextParameters();
        if (parameters == null && component.isUseGlobalSslContextParameters()) {
            parameters = context.get().getSSLContextParameters();
        }
        if (parameters != null) {
            return parameters.createSSLContext(context.get());
        }
        return systemProperties ? SSLContexts.createSystemDefault() : SSLContexts.createDefault();
    }
}
