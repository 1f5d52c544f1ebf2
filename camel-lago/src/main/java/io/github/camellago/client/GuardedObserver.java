package io.github.camellago.client;

import java.time.Duration;
import java.time.Instant;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what an observer throws away from the work that it observes. */
record GuardedObserver(LagoObserver observer) implements LagoObserver {

    private static final Logger LOG = LoggerFactory.getLogger(GuardedObserver.class);

    private static void guard(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            LOG.warn("An observer of calls to Lago failed; the calls go on", e);
        }
    }

    @Override
    public void requested(LagoRequest request, Outcome outcome, Duration took) {
        guard(() -> observer.requested(request, outcome, took));
    }

    @Override
    public void retrying(LagoRequest request, Outcome outcome) {
        guard(() -> observer.retrying(request, outcome));
    }

    @Override
    public void waited(LagoRequest request, Duration wait) {
        guard(() -> observer.waited(request, wait));
    }

    @Override
    public void rateLimit(LagoRequest request, RateLimit rate) {
        guard(() -> observer.rateLimit(request, rate));
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
    public void polled(Reader reader, PollOutcome outcome, int handed, Duration took) {
        guard(() -> observer.polled(reader, outcome, handed, took));
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
