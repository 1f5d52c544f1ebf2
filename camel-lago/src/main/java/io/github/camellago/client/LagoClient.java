package io.github.camellago.client;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.github.camellago.api.LagoCall;
import io.github.camellago.api.LagoException;
import io.github.camellago.api.RateLimit;
import org.apache.hc.client5.http.classic.HttpClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls Lago: adds the key, respects the rate limit, retries if a retry is safe, and turns every failure into a
 * {@link LagoException}. Thread-safe; calls block.
 *
 * <p>A call is retried, up to {@code maxRetries} times, if Lago cannot have processed it (no connection, Lago's own 429, a 503 with
 * {@code Retry-After}). If a repeat is harmless (see {@link RetryRule}), it is also retried after a timeout, a dropped connection
 * and any answer that is not Lago's own. Waits that the server asks for are respected, up to two minutes. If the server asks for more, the
 * call fails at once and names the wait.
 */
public final class LagoClient implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LagoClient.class);

    private static final long PROBE_TIMEOUT = Duration.ofSeconds(5).toMillis();

    private final Settings settings;
    private final Transport transport;
    private final Transport ingest;
    private final FileTransport files;
    private final ServerText text;
    private final ErrorMapper errors;
    /** Counted down when the client is closed. */
    private final CountDownLatch closing;
    private final String ownKey;

    /**
     * The parts of a client.
     *
     * @param server          Lago
     * @param ingest          where events go; the same, or another one
     * @param files           the HTTP client for files on other servers. It has no credentials.
     * @param credentials     the API key
     * @param budgets         the context's rate budgets
     * @param retry           when to try again
     * @param limits          how long and how large calls may be
     * @param observer        is notified of each request
     */
    public record Settings(Server server, Server ingest, Supplier<HttpClient> files, Credentials credentials,
            RateBudgets budgets, RetryPolicy retry,
            Limits limits, GuardedObserver observer) {

        private Settings with(Credentials other) {
            return new Settings(server, ingest, files, other, budgets, retry, limits, observer);
        }

        /** The same settings with short timeouts. */
        Settings forProbe() {
            Server soon = new Server(server.url(), server.http(), Math.min(PROBE_TIMEOUT, server.connectionRequestTimeout()));
            return new Settings(soon, soon, files, credentials, new RateBudgets(), new RetryPolicy(0, 0, 0),
                    limits.within(PROBE_TIMEOUT), observer);
        }

        /** Where a call goes. */
        Server server(LagoRequest request) {
            return request.toIngestHost() ? ingest : server;
        }
    }

    /** Reads an answer's body. */
    @FunctionalInterface
    public interface Decoder<T> {
        T decode(LagoResponse response) throws IOException;
    }

    public GuardedObserver observer() {
        return settings.observer();
    }

    /** A digest of the key that {@link #with} set, or null if the client has the key of its endpoint. */
    public String ownKey() {
        return ownKey;
    }

    /** A digest of the API key in use, or null if none was used yet. */
    public String keyInUse() {
        Credentials.Key key = settings.credentials().inUse();
        return key == null ? null : key.fingerprint();
    }

    public LagoClient(Settings settings) {
        this.settings = settings;
        this.text = new ServerText(settings.credentials());
        this.errors = new ErrorMapper(text);
        this.transport = new Transport(settings.server(), settings.limits());
        this.ingest = new Transport(settings.ingest(), settings.limits());
        this.files = new FileTransport(settings.server(), settings.files(), settings.limits());
        this.closing = new CountDownLatch(1);
        this.ownKey = null;
    }

    private LagoClient(LagoClient client, Credentials credentials) {
        this.settings = client.settings.with(credentials);
        this.text = new ServerText(credentials);
        this.errors = new ErrorMapper(text);
        this.transport = client.transport;
        this.ingest = client.ingest;
        this.files = client.files;
        this.closing = client.closing;
        this.ownKey = keyInUse();
    }

    /** This client with another API key, for calls of one message. It closes with this client. */
    public LagoClient with(Credentials credentials) {
        return new LagoClient(this, credentials);
    }

    /**
     * Makes a call.
     *
     * @param  decoder       reads the answer; an {@link IOException} means that the answer is not Lago's
     * @throws LagoException if the call failed for good, or the client is closed
     */
    public <T> T call(LagoRequest request, Decoder<T> decoder) {
        return new Call<>(this, request, decoder).run();
    }

    /**
     * Reads an answer that a call has returned.
     *
     * @throws LagoException as {@link #call} if it cannot be read
     */
    public <T> T read(LagoRequest request, LagoResponse answer, Decoder<T> decoder) {
        try {
            return decoder.decode(answer);
        } catch (OutputClassMismatch e) {
            throw errors.outputClass(request, answer, e);
        } catch (IOException e) {
            throw errors.unreadable(request, settings.server(request).url(), answer, e, !request.isRead());
        }
    }

    /**
     * Makes a read once, for health checks: without retries, without waiting for a rate limit, and with a timeout of some seconds.
     *
     * @throws LagoException if Lago does not answer, or with anything but a JSON object and a 2xx status
     */
    public void probe(LagoRequest request) {
        new LagoClient(settings.forProbe()).call(request, answer -> {
            Envelope.requireObject(answer);
            return null;
        });
    }

    /**
     * Reads a file from the URL that Lago returned. The API key is not sent to the host of the file.
     *
     * @param  download      the call that returned the URL
     * @throws LagoException if it cannot be read. An interrupted file is read again, up to {@code maxRetries} times
     */
    public <T> T fetch(LagoRequest download, String url, LagoFile.Reader<T> reader) {
        for (int retry = 0;; retry++) {
            try {
                return files.get(url, reader);
            } catch (IOException e) {
                boolean passes = !(e instanceof FileTransport.NoFileException none) || none.mayPass();
                if (!passes || retry >= settings.retry().maxRetries() || isClosed()) {
                    throw errors.noFile(download, url, e);
                }
                pause(download, "gave a file that could not be read: " + text.describe(e), settings.retry().delay(retry),
                        false);
            }
        }
    }

    /** Waits before the same call is made again. The wait ends and fails when the client closes. */
    public void pause(LagoRequest request, long millis) {
        pause(request, "has no answer yet", millis, false);
        if (isClosed()) {
            throw errors.stopped(request, false);
        }
    }

    /** Waits as before retry number {@code retry} (from 0) of a call. The wait ends and fails when the client closes. */
    public void pauseBeforeRetry(LagoRequest request, int retry) {
        pause(request, settings.retry().delay(retry));
    }

    /** Sends a call once, as soon as the rate limit allows it. */
    LagoResponse send(LagoRequest request, LagoCall call, Credentials.Key key, boolean acted) throws IOException {
        BaseUrl server = settings.server(request).url();
        RateBudget budget = budget(request, key);
        RateBudget.Ticket ticket = acquire(budget, request, call, acted);
        RateLimit rate = RateLimit.UNKNOWN;
        long sent = System.nanoTime();
        try {
            LagoResponse answer = (request.toIngestHost() ? ingest : transport).send(request, server, key);
            rate = answer.rate();
            if (rate != RateLimit.UNKNOWN) {
                settings.observer().report(o -> o.rateLimit(call, answer.rate()));
            }
            LOG.debug("{} {}: {}", request, server.host(), answer.status());
            return answer;
        } catch (IOException e) {
            settings.observer().report(
                    o -> o.requested(call, GuardedObserver.outcome(e), Duration.ofNanos(System.nanoTime() - sent)));
            throw e;
        } finally {
            budget.release(ticket, rate);
        }
    }

    private RateBudget.Ticket acquire(RateBudget budget, LagoRequest request, LagoCall call, boolean acted) {
        try {
            RateBudget.Ticket ticket = budget.acquire(this::isClosed);
            if (!ticket.waited().isZero()) {
                settings.observer().report(o -> o.waited(call, ticket.waited()));
            }
            return ticket;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw errors.interrupted(request, e, acted);
        } catch (RateBudget.TooLongException e) {
            throw errors.tooLong(request, settings.server(request).url(), null, e.left(), acted);
        }
    }

    RateBudget budget(LagoRequest request, Credentials.Key key) {
        return settings.budgets().of(settings.server(request).url().host(), key.fingerprint(), request.rateLimit());
    }

    /** Waits before a retry. The wait ends when the client closes. */
    void pause(LagoRequest request, String why, long millis, boolean acted) {
        LOG.debug("{} {}; trying again in {} ms", request, why, millis);
        try {
            if (closing.await(millis, TimeUnit.MILLISECONDS)) {
                LOG.debug("{} does not wait any longer: the client is closed", request);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw errors.interrupted(request, e, acted);
        }
    }

    boolean isClosed() {
        return closing.getCount() == 0;
    }

    Settings settings() {
        return settings;
    }

    ErrorMapper errors() {
        return errors;
    }

    ServerText text() {
        return text;
    }

    /** Ends all waits. Calls in flight fail instead of being retried. The HTTP client stays open, since it is shared. */
    @Override
    public void close() {
        closing.countDown();
    }
}
