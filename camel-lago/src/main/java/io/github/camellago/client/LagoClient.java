package io.github.camellago.client;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import io.github.camellago.api.Failure;
import io.github.camellago.api.LagoException;
import io.github.camellago.api.LagoTransportException;
import io.github.camellago.catalog.Repeat;
import io.github.camellago.client.LagoObserver.Outcome;
import io.github.camellago.client.Transport.Reply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls Lago: adds the key, keeps to the rate limit, repeats what may be repeated, and turns every failure into a
 * {@link LagoException}. Thread-safe; calls block.
 *
 * <p>A call is sent again, up to {@code maxRetries} times, when Lago cannot have acted (no connection, 429, 503), and when a
 * repeat is harmless (see {@link Repeat}) also after a time-out, a dropped connection, 502, 504 or an answer that breaks off.
 * Waits that Lago asks for are kept to, up to two minutes; where it asks for more, the call fails at once and says when to come
 * again.
 */
public final class LagoClient implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LagoClient.class);

    /** A supplier that gives another key each time, none of which Lago accepts, must not keep a call busy for ever. */
    private static final int MAX_RENEWALS = 5;

    private static final int NO_CONTENT = 204;

    private final Settings settings;
    private final Transport transport;
    private final Transport ingest;
    private final FileTransport files;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition closing = lock.newCondition();
    private volatile boolean closed;

    /**
     * What a client needs.
     *
     * @param server          Lago
     * @param ingest          where events go; the same, or another one
     * @param credentials     the API key
     * @param budgets         the context's rate budgets
     * @param retry           when to try again
     * @param connectTimeout  milliseconds
     * @param responseTimeout milliseconds
     * @param observer        is told of each request
     */
    public record Settings(Server server, Server ingest, Credentials credentials, RateBudgets budgets, RetryPolicy retry,
            long connectTimeout, long responseTimeout, LagoObserver observer) {

        public Settings {
            observer = LagoObserver.guarded(observer);
        }
    }

    /** Reads an answer's body. */
    @FunctionalInterface
    public interface Decoder<T> {
        T decode(LagoResponse response) throws IOException;
    }

    /** Is told what goes on; never throws. */
    public LagoObserver observer() {
        return settings.observer();
    }

    public LagoClient(Settings settings) {
        this.settings = settings;
        this.transport = new Transport(settings.server(), settings.connectTimeout(), settings.responseTimeout());
        this.ingest = new Transport(settings.ingest(), settings.connectTimeout(), settings.responseTimeout());
        this.files = new FileTransport(settings.server().http(),
                Transport.config(settings.server(), settings.connectTimeout(), settings.responseTimeout()));
    }

    /**
     * Makes a call.
     *
     * @param  decoder       reads the answer; an {@link IOException} of its means that the answer is not what is due
     * @throws LagoException when it failed for good, or the client is closed
     */
    public <T> T call(LagoRequest request, Decoder<T> decoder) {
        BaseUrl base = base(request);
        Credentials.Key key = settings.credentials().current();
        int renewals = 0;
        boolean mayHaveActed = false;
        for (int retry = 0;; retry++) {
            if (closed) {
                throw stopped(request, mayHaveActed);
            }
            boolean last = retry >= settings.retry().maxRetries();
            Reply reply;
            try {
                reply = exchange(request, base, key, mayHaveActed);
            } catch (IOException e) {
                boolean neverSent = Transport.neverSent(e);
                mayHaveActed |= !neverSent && !request.method().equals("GET");
                if (last || closed || !neverSent && !request.mayBeRepeated()) {
                    throw transportFailure(request, base, e, mayHaveActed);
                }
                settings.observer().retrying(request, Outcome.of(e));
                pause(request, "failed: " + words(e), settings.retry().delay(retry), mayHaveActed);
                continue;
            }
            LagoResponse response = new LagoResponse(reply.status(), reply.contentType(), reply.body(), reply.rate(),
                    retry + 1);
            if (reply.status() / 100 == 2) {
                try {
                    T decoded = decoder.decode(response);
                    settings.observer().requested(request, Outcome.SUCCESS, reply.took());
                    return decoded;
                } catch (IOException e) {
                    settings.observer().requested(request, Outcome.UNREADABLE, reply.took());
                    LagoException failure = ErrorMapper.unreadable(request, base.host(), response, e);
                    // a page of HTML is no accident: it is from somewhere else
                    boolean broken = reply.claimsJson() || response.isEmpty();
                    if (last || !request.mayBeRepeated() || !broken) {
                        throw failure;
                    }
                    mayHaveActed |= !request.method().equals("GET");
                    settings.observer().retrying(request, Outcome.UNREADABLE);
                    pause(request, "was answered with broken JSON", settings.retry().delay(retry), mayHaveActed);
                    continue;
                }
            }
            Outcome outcome = Outcome.of(reply.status());
            settings.observer().requested(request, outcome, reply.took());
            if (reply.status() / 100 == 3) {
                throw ErrorMapper.redirect(request, base.host(), reply.status(), reply.location(), mayHaveActed);
            }
            if (reply.status() == 401 && renewals < MAX_RENEWALS) {
                Credentials.Key other = settings.credentials().refresh(key);
                if (other != key) {
                    LOG.info("Lago no longer accepts the API key; going on with the one that credentials now gives");
                    key = other;
                    renewals++;
                    settings.observer().retrying(request, outcome);
                    retry--;
                    continue;
                }
            }
            if (reply.status() == 404 && mayHaveActed && request.method().equals("DELETE")) {
                // the first try deleted it, its answer was lost: done, as asked
                return decodeNothing(decoder, response);
            }
            if (reply.isBrokenRefusal()) {
                // what is refused, and whether it is for having been done before, cannot be told from it
                if (last || !request.mayBeRepeated()) {
                    throw ErrorMapper.unreadableRefusal(request, base.host(), response, mayHaveActed);
                }
                settings.observer().retrying(request, Outcome.UNREADABLE);
                pause(request, "was refused with broken JSON", settings.retry().delay(retry), mayHaveActed);
                continue;
            }
            boolean failed = reply.status() >= 500 && reply.status() != 503;
            mayHaveActed |= failed && !request.method().equals("GET");
            if (last || closed || !worthRetrying(request, reply.status())) {
                throw ErrorMapper.failure(request, base.host(), reply.status(), reply.body(), mayHaveActed);
            }
            long wait = wait(request, base, key, reply, retry);
            if (wait > RetryPolicy.LONGEST_WAIT) {
                throw ErrorMapper.tooLong(request, base.host(), reply, Duration.ofMillis(wait), mayHaveActed);
            }
            settings.observer().retrying(request, outcome);
            pause(request, "was answered " + reply.status(), wait, mayHaveActed);
        }
    }

    /**
     * Reads a file from the URL that Lago gave for it, on whatever host that is. The API key does not go there.
     *
     * @param  download      the call that gave the URL
     * @throws LagoException when it cannot be had; a file that broke off is read again, up to {@code maxRetries} times
     */
    public <T> T fetch(LagoRequest download, String url, LagoFile.Reader<T> reader) {
        for (int retry = 0;; retry++) {
            try {
                return files.get(url, reader);
            } catch (IOException e) {
                boolean passes = !(e instanceof FileTransport.NoFileException none) || none.mayPass();
                if (!passes || retry >= settings.retry().maxRetries() || closed) {
                    throw ErrorMapper.noFile(download, url, e);
                }
                pause(download, "gave a file that could not be read: " + words(e), settings.retry().delay(retry), false);
            }
        }
    }

    /** Waits, to ask the same again; it ends at once when the client closes, and then fails. */
    public void pause(LagoRequest request, long millis) {
        pause(request, "has no answer yet", millis, false);
        if (closed) {
            throw interrupted(request, null, false);
        }
    }

    private Reply exchange(LagoRequest request, BaseUrl base, Credentials.Key key, boolean mayHaveActed) throws IOException {
        RateBudget budget = settings.budgets().of(base.host(), key.fingerprint(), request.budget());
        RateBudget.Ticket ticket;
        try {
            ticket = budget.acquire(() -> closed);
            if (!ticket.waited().isZero()) {
                settings.observer().waited(request, ticket.waited());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted(request, e, mayHaveActed);
        } catch (RateBudget.TooLongException e) {
            throw ErrorMapper.tooLong(request, base.host(), null, e.left(), mayHaveActed);
        }
        RateLimit rate = RateLimit.UNKNOWN;
        long sent = System.nanoTime();
        try {
            Reply reply = (toIngest(request) ? ingest : transport).send(request, base, key);
            rate = reply.rate();
            if (rate != RateLimit.UNKNOWN) {
                settings.observer().rateLimit(request, rate);
            }
            LOG.debug("{} {}: {}", request, base.host(), reply.status());
            return reply;
        } catch (IOException e) {
            settings.observer().requested(request, Outcome.of(e), Duration.ofNanos(System.nanoTime() - sent));
            throw e;
        } finally {
            budget.release(ticket, rate);
        }
    }

    private static boolean worthRetrying(LagoRequest request, int status) {
        return switch (status) {
            case 429, 503 -> true;
            case 502, 504 -> request.mayBeRepeated();
            // usage events are told apart by their transaction_id, so that trying again can only help
            case 500 -> request.mayBeRepeated() && request.budget() == LagoRequest.Budget.EVENTS;
            default -> false;
        };
    }

    private long wait(LagoRequest request, BaseUrl base, Credentials.Key key, Reply reply, int retry) {
        long asked = reply.retryAfter();
        if (reply.status() == 429) {
            if (reply.rate().reset() != null) {
                asked = Math.max(asked, reply.rate().reset() * 1000L);
            }
            long wait = asked > 0 ? asked : settings.retry().delay(retry);
            settings.budgets().of(base.host(), key.fingerprint(), request.budget()).exhausted(wait);
            return wait;
        }
        return asked >= 0 ? asked : settings.retry().delay(retry);
    }

    private void pause(LagoRequest request, String why, long millis, boolean mayHaveActed) {
        LOG.debug("{} {}; trying again in {} ms", request, why, millis);
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(millis);
            while (left > 0 && !closed) {
                left = closing.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted(request, e, mayHaveActed);
        } finally {
            lock.unlock();
        }
    }

    private BaseUrl base(LagoRequest request) {
        return (toIngest(request) ? settings.ingest() : settings.server()).url();
    }

    private static boolean toIngest(LagoRequest request) {
        return request.budget() == LagoRequest.Budget.EVENTS;
    }

    private static <T> T decodeNothing(Decoder<T> decoder, LagoResponse response) {
        try {
            return decoder.decode(new LagoResponse(NO_CONTENT, null, new byte[0], response.rate(), response.attempts()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static LagoTransportException transportFailure(LagoRequest request, BaseUrl base, IOException e,
            boolean mayHaveActed) {
        String acted = mayHaveActed
                ? " Lago may have processed it: look before you send it again"
                : " Lago has not processed it";
        return new LagoTransportException(
                Failure.local("No answer to " + request + " from " + base.host() + ": " + words(e) + "."
                        + (request.method().equals("GET") ? "" : acted), request, mayHaveActed, e));
    }

    private static LagoTransportException interrupted(LagoRequest request, InterruptedException e, boolean mayHaveActed) {
        return new LagoTransportException(
                Failure.local("Interrupted while waiting to send " + request, request, mayHaveActed, e));
    }

    private static LagoTransportException stopped(LagoRequest request, boolean mayHaveActed) {
        return new LagoTransportException(Failure.local(
                "The endpoint is stopped, " + request + " is not sent" + (mayHaveActed ? " again" : ""), request, mayHaveActed,
                null));
    }

    private static String words(IOException e) {
        return e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ": " + e.getMessage());
    }

    /** Ends all waits; calls under way fail instead of being tried again. The HTTP client stays open: it is not ours. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            closing.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
