package io.github.camellago.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
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
import org.apache.hc.core5.util.Timeout;

/** One HTTP exchange with Lago, without any policy. Thread-safe. */
final class Transport {

    private static final byte[] NOTHING = {};
    private static final int MAX_ARRAY = Integer.MAX_VALUE - 16;
    /** An array of the announced length is allocated up to this length: a server may announce more than it sends. */
    private static final int ANNOUNCED_ARRAY = 1024 * 1024;

    private final HttpClient http;
    private final RequestConfig config;
    private final Limits limits;

    Transport(Server server, Limits limits) {
        this.http = server.http();
        this.config = config(server, limits);
        this.limits = limits;
    }

    /** An answer that is larger than the option {@code maxResponseSize} allows. Another try would be as large. */
    static final class TooLargeException extends IOException {

        private static final long serialVersionUID = 1L;

        TooLargeException(long limit) {
            super("the answer is larger than " + limit + " bytes, see maxResponseSize");
        }
    }

    /** Sends one request and reads the whole answer. */
    LagoResponse send(LagoRequest request, BaseUrl base, Credentials.Key key) throws IOException {
        HttpUriRequestBase message = new HttpUriRequestBase(request.method(), base.resolve(request.target()));
        message.setConfig(config);
        message.setHeader(HttpHeaders.AUTHORIZATION, key.authorization());
        message.setHeader(HttpHeaders.ACCEPT, "application/json, text/plain;q=0.5");
        if (request.body() != null) {
            message.setEntity(new ByteArrayEntity(request.body(), ContentType.APPLICATION_JSON));
        }
        long sent = System.nanoTime();
        CallGuard guard = new CallGuard(limits.callTimeout());
        guard.guard(message);
        try (guard) {
            return http.execute(message, response -> read(message, response, sent));
        } catch (IOException | IllegalStateException e) {
            if (guard.isLate()) {
                throw new InterruptedIOException("no complete answer within " + limits.callTimeout() + " ms, see callTimeout");
            }
            if (guard.isInterrupted()) {
                throw new InterruptedIOException("the thread was interrupted, as by a forced stop of its route");
            }
            if (e instanceof IOException io) {
                throw io;
            }
            // the connections are closed when the component is shut down
            throw new IOException("the HTTP client is closed", e);
        }
    }

    private LagoResponse read(HttpUriRequestBase message, ClassicHttpResponse response, long sent) throws IOException {
        byte[] body = response.getEntity() == null ? NOTHING : body(message, response.getEntity());
        String type = response.getEntity() == null ? null : response.getEntity().getContentType();
        return new LagoResponse(response.getCode(), type, body == null ? NOTHING : body, RateLimitHeaders.read(response),
                RetryPolicy.retryAfter(response), value(response, HttpHeaders.LOCATION), date(response),
                Duration.ofNanos(System.nanoTime() - sent));
    }

    private static String value(ClassicHttpResponse response, String header) {
        return response.getFirstHeader(header) == null ? null : response.getFirstHeader(header).getValue();
    }

    private static Instant date(ClassicHttpResponse response) {
        return DateUtils.parseStandardDate(response, HttpHeaders.DATE);
    }

    /** Reads the body, which counts unpacked: a small gzip may become a large answer. */
    private byte[] body(HttpUriRequestBase message, HttpEntity entity) throws IOException {
        long length = entity.getContentLength();
        InputStream content = entity.getContent();
        int most = (int) Math.min(limits.maxResponseSize(), MAX_ARRAY);
        if (length > most) {
            throw tooLarge(message);
        }
        byte[] body = length < 0 || length > ANNOUNCED_ARRAY
                ? content.readNBytes(length < 0 ? most : (int) length)
                : exactly(content, (int) length);
        if (length >= 0 && body.length < length) {
            throw new ConnectionClosedException("The answer ends before its Content-Length");
        }
        if (length < 0 && content.read() >= 0) {
            throw tooLarge(message);
        }
        content.close();
        return body;
    }

    /** Reads into one array. {@link InputStream#readNBytes(int)} collects parts, which takes twice the memory. */
    private static byte[] exactly(InputStream content, int length) throws IOException {
        byte[] body = new byte[length];
        int read = content.readNBytes(body, 0, length);
        return read == length ? body : Arrays.copyOf(body, read);
    }

    /** Without the end of the request, closing the answer would read the rest of it. */
    private TooLargeException tooLarge(HttpUriRequestBase message) {
        message.cancel();
        return new TooLargeException(limits.maxResponseSize());
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
    static RequestConfig config(Server server, Limits limits) {
        RequestConfig configured = server.http() instanceof Configurable http ? http.getConfig() : RequestConfig.DEFAULT;
        return RequestConfig.copy(configured)
                .setConnectTimeout(Timeout.of(limits.connectTimeout(), TimeUnit.MILLISECONDS))
                .setConnectionRequestTimeout(Timeout.of(server.connectionRequestTimeout(), TimeUnit.MILLISECONDS))
                .setResponseTimeout(Timeout.of(limits.responseTimeout(), TimeUnit.MILLISECONDS))
                .setRedirectsEnabled(false)
                .build();
    }
}
