package io.github.camellago.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;

import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.Configurable;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.utils.DateUtils;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.util.Timeout;

/** One HTTP exchange with Lago, without any policy. Thread-safe. */
final class Transport {

    private static final byte[] NOTHING = {};
    private static final int LONGEST_AT_ONCE = 64 << 20;

    private final HttpClient http;
    private final RequestConfig config;

    Transport(Server server, long connectTimeout, long responseTimeout) {
        this.http = server.http();
        this.config = config(server, connectTimeout, responseTimeout);
    }

    /** Sends one request and reads the whole answer. */
    LagoResponse send(LagoRequest request, BaseUrl base, Credentials.Key key) throws IOException {
        HttpUriRequestBase message = new HttpUriRequestBase(request.method(), URI.create(base.api() + request.target()));
        message.setConfig(config);
        message.setHeader(HttpHeaders.AUTHORIZATION, key.authorization());
        message.setHeader(HttpHeaders.ACCEPT, "application/json, text/plain;q=0.5");
        if (request.body() != null) {
            message.setEntity(new ByteArrayEntity(request.body(), ContentType.APPLICATION_JSON));
        }
        long sent = System.nanoTime();
        return http.execute(message, response -> read(response, sent));
    }

    private static LagoResponse read(ClassicHttpResponse response, long sent) throws IOException {
        byte[] body = response.getEntity() == null ? NOTHING : body(response.getEntity());
        String type = response.getEntity() == null ? null : response.getEntity().getContentType();
        return new LagoResponse(response.getCode(), type, body == null ? NOTHING : body, RateLimit.of(response),
                RetryPolicy.retryAfter(response), value(response, HttpHeaders.LOCATION), date(response),
                Duration.ofNanos(System.nanoTime() - sent));
    }

    private static String value(ClassicHttpResponse response, String header) {
        return response.getFirstHeader(header) == null ? null : response.getFirstHeader(header).getValue();
    }

    private static Instant date(ClassicHttpResponse response) {
        return DateUtils.parseStandardDate(response, HttpHeaders.DATE);
    }

    private static byte[] body(HttpEntity entity) throws IOException {
        long length = entity.getContentLength();
        if (length <= 0 || length > LONGEST_AT_ONCE) {
            return EntityUtils.toByteArray(entity);
        }
        // straight into its array: pages are long, and toByteArray copies them once more
        byte[] body = new byte[(int) length];
        try (InputStream content = entity.getContent()) {
            if (content.readNBytes(body, 0, body.length) < body.length) {
                throw new ConnectionClosedException("The answer ends before its Content-Length");
            }
        }
        return body;
    }

    /** Whether the failure proves that the request never reached the server. */
    static boolean neverSent(IOException e) {
        return e instanceof ConnectException || e instanceof ConnectTimeoutException || e instanceof UnknownHostException
                || e instanceof NoRouteToHostException || e instanceof SSLHandshakeException
                || e instanceof SSLPeerUnverifiedException
                || e instanceof org.apache.hc.core5.http.ConnectionRequestTimeoutException;
    }

    // HttpClient 5.4 would have connection managers hold the connect time-out, which is shared here with other endpoints
    @SuppressWarnings("deprecation")
    static RequestConfig config(Server server, long connectTimeout, long responseTimeout) {
        RequestConfig configured = server.http() instanceof Configurable http ? http.getConfig() : RequestConfig.DEFAULT;
        return RequestConfig.copy(configured)
                .setConnectTimeout(Timeout.of(connectTimeout, TimeUnit.MILLISECONDS))
                .setConnectionRequestTimeout(Timeout.of(server.connectionRequestTimeout(), TimeUnit.MILLISECONDS))
                .setResponseTimeout(Timeout.of(responseTimeout, TimeUnit.MILLISECONDS))
                .setRedirectsEnabled(false)
                .build();
    }
}
