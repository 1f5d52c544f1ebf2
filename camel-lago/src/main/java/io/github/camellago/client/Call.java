package io.github.camellago.client;

import java.io.IOException;
import java.time.Duration;

import io.github.camellago.api.LagoCall;
import io.github.camellago.api.LagoException;
import io.github.camellago.api.LagoObserver.Outcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One call with its retries. Not thread-safe: each call has an instance of its own. */
final class Call<T> {

    private static final Logger LOG = LoggerFactory.getLogger(LagoClient.class);

    /** Bounds the attempts with a supplier that returns another invalid key each time. */
    private static final int MAX_RENEWALS = 5;

    private final LagoClient client;
    private final LagoClient.Settings settings;
    private final ErrorMapper errors;
    private final LagoRequest request;
    private final LagoClient.Decoder<T> decoder;
    private final BaseUrl server;
    /** Null if nobody observes. */
    private final LagoCall call;

    private Credentials.Key key;
    private int renewals;
    private int retries;
    /** Whether Lago may have processed a try. */
    private boolean acted;

    Call(LagoClient client, LagoRequest request, LagoClient.Decoder<T> decoder) {
        this.client = client;
        this.settings = client.settings();
        this.errors = client.errors();
        this.request = request;
        this.decoder = decoder;
        this.server = settings.server(request).url();
        this.call = settings.observer().isNone() ? null : CallName.describe(request);
    }

    /** The result of one try: a value or a failure. */
    private record Try<T>(T value, LagoException failure, boolean worthRetrying, Outcome outcome, String why,
            LagoResponse answer) {

        static <T> Try<T> success(T value) {
            return new Try<>(value, null, false, Outcome.SUCCESS, null, null);
        }
    }

    T run() {
        key = key(null);
        while (true) {
            Try<T> tried = tryOnce();
            if (tried.failure() == null) {
                return tried.value();
            }
            if (!tried.worthRetrying() || retries >= settings.retry().maxRetries() || client.isClosed()) {
                throw tried.failure();
            }
            long wait = waitBeforeRetry(tried.answer());
            settings.observer().report(o -> o.retrying(call, tried.outcome()));
            client.pause(request, tried.why(), wait, acted);
            retries++;
        }
    }

    private Try<T> tryOnce() {
        if (client.isClosed()) {
            throw errors.stopped(request, acted);
        }
        LagoResponse answer;
        try {
            answer = client.send(request, call, key, acted);
        } catch (IOException e) {
            return noAnswer(e);
        }
        if (answer.isSuccess()) {
            return decode(answer);
        }
        settings.observer().report(o -> o.requested(call, GuardedObserver.outcome(answer), answer.took()));
        if (answer.status() == 401 && renewKey()) {
            settings.observer().report(o -> o.retrying(call, GuardedObserver.outcome(answer)));
            return tryOnce();
        }
        if (answer.status() == 404 && answer.isLagoError() && acted && request.method().equals("DELETE")) {
            // an earlier try, whose answer was lost, has deleted the object
            return deleted(answer);
        }
        return refused(answer);
    }

    private Try<T> noAnswer(IOException e) {
        boolean neverSent = Transport.neverSent(e);
        acted |= !neverSent && !request.isRead();
        return new Try<>(null, errors.noAnswer(request, server, e, acted),
                neverSent || request.retry().isIdempotent() && !(e instanceof Transport.TooLargeException),
                GuardedObserver.outcome(e), "failed: " + client.text().describe(e), null);
    }

    private Try<T> decode(LagoResponse answer) {
        try {
            T decoded = decoder.decode(answer);
            settings.observer().report(o -> o.requested(call, Outcome.SUCCESS, answer.took()));
            return Try.success(decoded);
        } catch (OutputClassMismatch e) {
            settings.observer().report(o -> o.requested(call, Outcome.SUCCESS, answer.took()));
            throw errors.outputClass(request, answer, e);
        } catch (IOException e) {
            return unreadable(answer, e);
        } catch (NumberFormatException e) {
            // Jackson's: a number with an exponent that is too large for a BigDecimal
            return unreadable(answer, new IOException(e.getMessage(), e));
        }
    }

    private Try<T> unreadable(LagoResponse answer, IOException e) {
        settings.observer().report(o -> o.requested(call, Outcome.UNREADABLE, answer.took()));
        acted |= !request.isRead();
        return new Try<>(null, errors.unreadable(request, server, answer, e, acted), request.retry().isIdempotent(),
                Outcome.UNREADABLE, "was not answered by Lago", null);
    }

    private Try<T> deleted(LagoResponse answer) {
        try {
            return Try.success(decoder.decode(answer.asDeleted()));
        } catch (IOException e) {
            throw errors.unreadable(request, server, answer, e, acted);
        }
    }

    private Try<T> refused(LagoResponse answer) {
        acted |= !answer.isUnprocessed() && !request.isRead();
        return new Try<>(null, errors.failure(request, server, answer, acted), request.retry().allows(answer),
                GuardedObserver.outcome(answer), "was answered " + answer.status(), answer);
    }

    /** Milliseconds to wait: as the answer asks, otherwise the growing delay. */
    private long waitBeforeRetry(LagoResponse answer) {
        long wait = settings.retry().delay(retries);
        if (answer != null) {
            long asked = answer.retryAfter();
            if (answer.isLagoRateLimit()) {
                Integer reset = answer.rate().reset();
                asked = Math.max(asked, reset == null ? -1 : reset * 1000L);
                wait = asked > 0 ? asked : wait;
                client.budget(request, key).exhausted(wait);
            } else if (asked >= 0) {
                wait = asked;
            }
        }
        if (wait > RetryPolicy.LONGEST_WAIT) {
            throw errors.tooLong(request, server, answer, Duration.ofMillis(wait), acted);
        }
        return wait;
    }

    private boolean renewKey() {
        if (renewals >= MAX_RENEWALS) {
            return false;
        }
        Credentials.Key other = key(key);
        if (other == key) {
            return false;
        }
        LOG.info("Lago no longer accepts the API key. The new key of the credentials supplier is used");
        key = other;
        renewals++;
        return true;
    }

    private Credentials.Key key(Credentials.Key refused) {
        try {
            return refused == null ? settings.credentials().current() : settings.credentials().refresh(refused);
        } catch (Throwable e) {
            // a supplier in Kotlin or Groovy throws checked exceptions, too
            throw errors.noKey(request, e, acted);
        }
    }
}
