package io.github.camellago.test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.common.Slf4jNotifier;
import com.github.tomakehurst.wiremock.core.Options;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import io.github.camellago.test.domain.Files;
import io.github.camellago.test.domain.Lago;
import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Ids;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.Keys;
import io.github.camellago.test.server.LagoError;
import io.github.camellago.test.server.Pager;
import io.github.camellago.test.server.Reply;
import io.github.camellago.test.server.SandboxClock;
import io.github.camellago.test.server.Server;

/**
 * A stateful stand-in for a Lago server, over HTTP. It listens from {@link #start} to {@link #close}, by default on the loopback interface.
 * Thread-safe: each request sees the effects of all requests that were answered before.
 *
 * <pre>{@code
 * try (LagoSandbox sandbox = LagoSandbox.start()) {
 *     sandbox.add("customers", Map.of("external_id", "acme"));
 *     sandbox.faults().on("POST", "/events").nth(2).dropAfter();
 *     // … send requests to sandbox.baseUrl() with sandbox.apiKey() …
 *     assertEquals(3, sandbox.events().size());
 * }
 * }</pre>
 */
public final class LagoSandbox implements AutoCloseable {

    private static final List<String> VERSIONS = List.of("v1", "v2");
    private static final String CONTROL = "/sandbox/";

    private final WireMockServer http;
    private final String baseUrl;
    private final SandboxClock clock;
    private final Faults faults = new Faults();
    private final Journal journal;
    private final RateLimiter limiter;
    private final Pager pager;
    private final Keys keys = new Keys();
    private final Lago lago;
    private final Map<String, Server> servers = new LinkedHashMap<>();
    private final LagoSandboxBuilder options;
    private final String firstKey;
    private volatile String apiKey;

    LagoSandbox(LagoSandboxBuilder options) {
        this.options = options.copy();
        this.clock = new SandboxClock(options.clock);
        this.journal = new Journal(options.journal);
        this.limiter = new RateLimiter(options.rateLimits, clock);
        this.pager = new Pager(options.staleTotals, options.cachedTotals ? clock : null);
        this.firstKey = options.apiKey == null ? Ids.next() : options.apiKey;
        this.apiKey = firstKey;
        keys.addFull(firstKey);
        this.http = httpServer(options, new Gateway(this::serve, faults, journal, clock));
        boolean anyPort = options.port == 0;
        if (anyPort) {
            http.start();
        }
        this.baseUrl = "http://" + (options.host == null ? "localhost" : options.host) + ":"
                + (anyPort ? http.port() : options.port);
        this.lago = new Lago(clock, options.variant(), pager, baseUrl);
        VERSIONS.forEach(version -> servers.put(version, new Server(lago.router(version), keys, lago.store())));
        seed();
        if (!anyPort) {
            // binds a fixed port last, so that every client that can connect gets an answer
            http.start();
        }
    }

    /** Starts a sandbox on a free port. */
    public static LagoSandbox start() {
        return builder().start();
    }

    /** Starts a sandbox on the given port. */
    public static LagoSandbox start(int port) {
        return builder().port(port).start();
    }

    /** A builder for a sandbox with other settings. */
    public static LagoSandboxBuilder builder() {
        return new LagoSandboxBuilder();
    }

    /** The URL of the sandbox, without {@code /api/v1}. */
    public String baseUrl() {
        return baseUrl;
    }

    public int port() {
        return http.port();
    }

    /** The API key with all permissions. */
    public String apiKey() {
        return apiKey;
    }

    /** Creates a key with the given permissions only, such as {@code "customer:read"} and {@code "event:write"}. */
    public String createKey(String... permissions) {
        String key = Ids.next();
        keys.add(key, Set.of(permissions));
        return key;
    }

    /** Replaces the key with all permissions. Calls with the old key get 401. */
    public synchronized String rotateKey() {
        String fresh = Ids.next();
        keys.addFull(fresh);
        keys.revoke(apiKey);
        apiKey = fresh;
        return fresh;
    }

    /** Revokes a key. Calls with it get 401. */
    public void revokeKey(String key) {
        keys.revoke(key);
    }

    boolean hasControlUrls() {
        return options.controlUrls;
    }

    /** Injects faults. */
    public Faults faults() {
        return faults;
    }

    /** Sets other rate limits and starts new windows. */
    public void rateLimits(RateLimits limits) {
        limiter.limits(limits);
    }

    /** Makes lists count again if {@code staleTotals} is set. */
    public void forgetTotals() {
        pager.forgetTotals();
    }

    /** The sandbox's current time. */
    public Instant now() {
        return clock.now();
    }

    /** Advances the sandbox's time. */
    public void advance(Duration by) {
        clock.advance(by);
    }

    /**
     * Adds a record to a collection such as {@code customers}, without validation and webhooks. Missing fields get defaults, including
     * {@code lago_id} and {@code created_at}.
     *
     * @return the record as stored
     */
    public Map<String, Object> add(String collection, Map<String, ?> record) {
        return lago.add(collection, record);
    }

    /** Like {@link #add} for several records. Other requests see all of them or none. */
    public List<Map<String, Object>> addAll(String collection, Iterable<? extends Map<String, ?>> records) {
        return lago.addAll(collection, records);
    }

    /** The records of a collection, in the order of Lago's list. */
    public List<Map<String, Object>> records(String collection) {
        return lago.records(collection);
    }

    /** Changes fields of a record without validation. Sets {@code updated_at} if the resource has it. */
    public Map<String, Object> update(String collection, String lagoId, Map<String, ?> changes) {
        return lago.update(collection, lagoId, changes);
    }

    /** Removes a record. Returns false if it does not exist. */
    public boolean remove(String collection, String lagoId) {
        return lago.remove(collection, lagoId);
    }

    /** The stored events, by timestamp, newest first. */
    public List<Map<String, Object>> events() {
        return lago.records("events");
    }

    /** The number of stored events. With {@code storeEvents(false)}, the number of accepted events. */
    public long eventCount() {
        return lago.eventCount();
    }

    /** The id of the sandbox's only organization. All webhooks contain it as {@code organization_id}. */
    public String organizationId() {
        return lago.organizationId();
    }

    /** The organization's HMAC key. It signs webhooks to endpoints with {@code signature_algo} {@code hmac}. */
    public String hmacKey() {
        return lago.signatures().hmacKey();
    }

    /** The signature of a webhook's body: {@code jwt} with the key of {@code webhooks/public_key}, or {@code hmac}. */
    public String signWebhook(String algorithm, String body) {
        return lago.signatures().sign(algorithm, body);
    }

    /** Replaces the key for {@code jwt} signatures. The old public key is no longer published. */
    public void rotateWebhookKey() {
        lago.signatures().rotate();
    }

    /** Sends a webhook to each endpoint that is registered for its type: {@code ("invoice.paid", "invoice", …)}. */
    public void sendWebhook(String type, String objectType, Map<String, ?> object) {
        lago.sendWebhook(type, objectType, object);
    }

    /** The last requests, oldest first, including those with faults. */
    public List<SandboxRequest> requests() {
        return journal.requests();
    }

    /** The exact number of requests that were answered or dropped. Requests in flight are not counted yet. */
    public long requestCount() {
        return journal.count();
    }

    /** The number of requests that were answered with the status. Status 0 counts dropped connections. */
    public long statusCount(int status) {
        return journal.count(status);
    }

    /** Resets data, keys, faults, limits, time and journal to the state after the start. */
    public synchronized void reset() {
        clear();
        seed();
        journal.clear();
    }

    private synchronized void clear() {
        faults.clear();
        clock.reset();
        lago.reset();
        keys.clear();
        keys.addFull(firstKey);
        apiKey = firstKey;
        limiter.limits(options.rateLimits);
        journal.clear();
    }

    @Override
    public void close() {
        lago.close();
        http.stop();
    }

    private void seed() {
        if (options.demo) {
            DemoSeed.addTo(this, options.variant().maxBatchSize());
        }
    }

    /** An internal call, without HTTP, limits and journal. */
    void call(String method, String path, Map<String, ?> body) {
        Reply reply = servers.get("v1").serve(Call.of(method, path, "", Json.bytes(body)), "Bearer " + apiKey, () -> {},
                (served, answer) -> {});
        if (reply.status() != 200) {
            throw new IllegalStateException(method + " " + path + ": " + new String(reply.body(), StandardCharsets.UTF_8));
        }
    }

    private Reply serve(Call call, SandboxRequest request) {
        String path = call.path();
        for (String version : VERSIONS) {
            if (path.startsWith("/api/" + version + "/")) {
                return serveApi(version, call.below("/api/" + version), request);
            }
        }
        if (path.startsWith(Files.PATH)) {
            return lago.files().serve(path.substring(Files.PATH.length()), request.header("Authorization"));
        }
        if (options.controlUrls && path.startsWith(CONTROL)) {
            return control(call);
        }
        return switch (path) {
            case "/health" -> Reply.json(200, Json.object("version", "sandbox", "github_url", "", "message", "Success"));
            case "/ready" -> Reply.json(200, Json.object("status", "ok"));
            default -> throw LagoError.notFound("resource");
        };
    }

    /** Serves the URLs of {@link LagoSandboxBuilder#controlUrls}. */
    private Reply control(Call call) {
        switch (call.method() + " " + call.path().substring(CONTROL.length())) {
            case "POST reset" -> {
                clear();
                return Reply.empty(204);
            }
            case "POST keys" -> {
                return Reply.text(200, createKey(call.strings().toArray(String[]::new)), "text/plain; charset=utf-8");
            }
            default -> throw LagoError.notFound("resource");
        }
    }

    private Reply serveApi(String version, Call call, SandboxRequest request) {
        Map<String, String> headers = new LinkedHashMap<>();
        Reply reply = servers.get(version).serve(call, request.header("Authorization"), () -> {
            RateLimiter.Verdict verdict = limiter.admit(RateLimiter.Group.of(call.method(), call.path()));
            headers.putAll(verdict.headers());
            if (!verdict.passes()) {
                throw LagoError.tooManyRequests();
            }
        }, (served, answer) -> lago.served(version, served, answer));
        return headers.isEmpty() ? reply : reply.withHeaders(headers);
    }

    /** Does not listen yet, so that no request reaches a server that is not completely set up. */
    private static WireMockServer httpServer(LagoSandboxBuilder options, Gateway gateway) {
        WireMockServer http = new WireMockServer(WireMockConfiguration.options()
                .port(options.port)
                .bindAddress(options.host == null ? "127.0.0.1" : options.host)
                .extensions(gateway)
                .disableRequestJournal()
                .gzipDisabled(true)
                .http2PlainDisabled(true)
                .useChunkedTransferEncoding(Options.ChunkedEncodingPolicy.NEVER)
                .stubCorsEnabled(false)
                .containerThreads(50)
                .asynchronousResponseEnabled(false)
                .adminAuthenticator(request -> false)
                .notifier(new Slf4jNotifier(false)));
        http.stubFor(WireMock.any(WireMock.anyUrl()).willReturn(WireMock.aResponse()));
        return http;
    }
}
