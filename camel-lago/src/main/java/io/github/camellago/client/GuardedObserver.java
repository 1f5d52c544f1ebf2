package io.github.camellago.client;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

import io.github.camellago.api.LagoCall;
import io.github.camellago.api.LagoObserver;
import io.github.camellago.api.RateLimit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs and ignores the exceptions of another observer. */
record GuardedObserver(LagoObserver observer) implements LagoObserver {

    private static final Logger LOG = LoggerFactory.getLogger(GuardedObserver.class);

    static LagoObserver of(LagoObserver observer) {
        return observer == NONE || observer instanceof GuardedObserver ? observer : new GuardedObserver(observer);
    }

    static Outcome outcome(IOException e) {
        return Transport.neverSent(e) ? Outcome.NOT_SENT : Outcome.NO_ANSWER;
    }

    static Outcome outcome(LagoResponse answer) {
        return switch (answer.status()) {
            case 400, 422 -> Outcome.INVALID;
            case 401 -> Outcome.UNAUTHORIZED;
            case 403 -> Outcome.FORBIDDEN;
            case 404 -> Outcome.NOT_FOUND;
            case 405 -> Outcome.NOT_ALLOWED;
            case 429 -> Outcome.RATE_LIMITED;
            default -> switch (answer.status() / 100) {
                case 2 -> Outcome.SUCCESS;
                case 3 -> Outcome.REDIRECT;
                case 4 -> Outcome.CLIENT_ERROR;
                default -> Outcome.SERVER_ERROR;
            };
        };
    }

    private static void guard(Runnable notification) {
        try {
            notification.run();
        } catch (RuntimeException e) {
            LOG.warn("The observer of calls to Lago failed. The calls continue", e);
        }
    }

    @Override
    public void requested(LagoCall call, Outcome outcome, Duration took) {
        guard(() -> observer.requested(call, outcome, took));
    }

    @Override
    public void retrying(LagoCall call, Outcome outcome) {
        guard(() -> observer.retrying(call, outcome));
    }

    @Override
    public void waited(LagoCall call, Duration wait) {
        guard(() -> observer.waited(call, wait));
    }

    @Override
    public void rateLimit(LagoCall call, RateLimit rate) {
        guard(() -> observer.rateLimit(call, rate));
    }

    @Override
    public void events(long accepted, long duplicate, long rejected) {
        guard(() -> observer.events(accepted, duplicate, rejected));
    }

    @Override
    public void page(Reader reader, int records) {
        guard(() -> observer.page(reader, records));
    }

    @Override
    public void polled(Reader reader, PollOutcome outcome, int messages, Duration took) {
        guard(() -> observer.polled(reader, outcome, messages, took));
    }

    @Override
    public void position(Reader reader, Instant newest, Instant done) {
        guard(() -> observer.position(reader, newest, done));
    }

    @Override
    public void webhook(String type, String verdict) {
        guard(() -> observer.webhook(type, verdict));
    }
}
