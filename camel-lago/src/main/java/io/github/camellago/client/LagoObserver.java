package io.github.camellago.client;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/**
 * Is told what goes on between this component and Lago, to count and to time it. The component's option {@code observer} sets one; without it,
 * the only one in Camel's registry is told, else Micrometer where it is at hand. Called from many threads, in the middle of the work: it must be
 * quick, and what it throws is logged and forgotten.
 *
 * <p>Requests hold ids in their paths: {@link CallName} tells what may stand in a metric.
 */
public interface LagoObserver {

    /** Does nothing. */
    LagoObserver NONE = new LagoObserver() {
    };

    /** One that never throws: what the given one throws is logged and forgotten. */
    static LagoObserver guarded(LagoObserver observer) {
        return observer == NONE || observer instanceof GuardedObserver ? observer : new GuardedObserver(observer);
    }

    /** What came of one request. */
    enum Outcome {
        SUCCESS, INVALID, UNAUTHORIZED, FORBIDDEN, NOT_FOUND, NOT_ALLOWED, RATE_LIMITED, REDIRECT, CLIENT_ERROR, SERVER_ERROR, UNREADABLE,
        /** the request never reached a server */
        NOT_SENT,
        /** it may have reached the server; no answer came back */
        NO_ANSWER;

        static Outcome of(IOException e) {
            return Transport.neverSent(e) ? NOT_SENT : NO_ANSWER;
        }

        static Outcome of(LagoResponse answer) {
            return switch (answer.status()) {
                case 400, 422 -> INVALID;
                case 401 -> UNAUTHORIZED;
                case 403 -> FORBIDDEN;
                case 404 -> NOT_FOUND;
                case 405 -> NOT_ALLOWED;
                case 429 -> RATE_LIMITED;
                default -> switch (answer.status() / 100) {
                    case 2 -> SUCCESS;
                    case 3 -> REDIRECT;
                    case 4 -> CLIENT_ERROR;
                    default -> SERVER_ERROR;
                };
            };
        }
    }

    /**
     * A consumer.
     *
     * @param route    its route's id
     * @param resource what it reads, as {@link CallName} has it
     */
    record Reader(String route, String resource) {}

    /** What a poll did. */
    enum PollOutcome {
        /** all there was has been handed over and completed */
        COMPLETE,
        /** it went to its end, but some exchanges failed, or it was cut short: the rest comes with the next poll */
        INCOMPLETE,
        /** reading failed */
        FAILED
    }

    /**
     * A request was sent and came to an end; each try of a call is one.
     *
     * @param took from sending to the whole answer, waits not included
     */
    default void requested(LagoRequest request, Outcome outcome, Duration took) {}

    /** A request with that outcome is going to be sent again, after a wait. */
    default void retrying(LagoRequest request, Outcome outcome) {}

    /** A request had to wait for its rate limit's next window, so long. */
    default void waited(LagoRequest request, Duration wait) {}

    /** An answer told what is left of the request's rate limit. */
    default void rateLimit(LagoRequest request, RateLimit rate) {}

    /** Usage events were settled. */
    default void events(long accepted, long duplicate, long rejected) {}

    /** A consumer has read a page. */
    default void page(Reader reader, int records) {}

    /**
     * A consumer's poll has ended.
     *
     * @param handed how many messages it made
     */
    default void polled(Reader reader, PollOutcome outcome, int handed, Duration took) {}

    /**
     * How far a consumer is.
     *
     * @param newest when the newest record that Lago showed was created or last changed
     * @param done   the same of the newest record that was handed over and completed, or null while there is none
     */
    default void position(Reader reader, Instant newest, Instant done) {}

    /**
     * A webhook came in.
     *
     * @param type    its type, or null where it is not to be trusted
     * @param verdict {@code accepted} when the route has completed it (or it was verified), {@code failed} when the route failed,
     *                {@code duplicate} when it was completed before, {@code in_flight} while it is, {@code unchecked} when Lago's key
     *                or the organization could not be fetched; else the code of the {@code LagoWebhookException} that refused it
     */
    default void webhook(String type, String verdict) {}
}
