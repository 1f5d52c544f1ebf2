package io.github.camellago.api;

import java.time.Duration;
import java.time.Instant;

/**
 * Listener for requests, retries, rate-limit waits, events, polls and webhooks, for metrics of your own. Set it as the component's
 * option {@code observer}, or bind one bean of this type. It replaces the Micrometer metrics.
 *
 * <p>Many threads call it while they work, so it must be thread-safe and quick. Exceptions that it throws are logged and ignored.
 */
public interface LagoObserver {

    /** Does nothing. */
    LagoObserver NONE = new LagoObserver() {
    };

    /** The result of one request. */
    enum Outcome {
        SUCCESS, INVALID, UNAUTHORIZED, FORBIDDEN, NOT_FOUND, NOT_ALLOWED, RATE_LIMITED, REDIRECT, CLIENT_ERROR, SERVER_ERROR,
        /** The response is not one of Lago's. */
        UNREADABLE,
        /** The request did not reach a server. */
        NOT_SENT,
        /** The request may have reached the server, but there was no response. */
        NO_ANSWER
    }

    /**
     * A consumer.
     *
     * @param route    the id of its route
     * @param resource the resource that it reads, as {@link LagoCall#resource()}
     */
    record Reader(String route, String resource) {}

    /** The result of a poll. */
    enum PollOutcome {
        /** All records were read, and all exchanges succeeded. */
        COMPLETE,
        /** Some exchanges failed, or the poll was interrupted or limited. The next poll reads the rest. */
        INCOMPLETE,
        /** Reading failed. */
        FAILED
    }

    /**
     * A request ended. Each attempt of a call is a request.
     *
     * @param took from sending the request to the end of the response, without waits
     */
    default void requested(LagoCall call, Outcome outcome, Duration took) {}

    /** A request with that outcome will be retried after a wait. */
    default void retrying(LagoCall call, Outcome outcome) {}

    /** A call has waited for the next window of its rate limit. */
    default void waited(LagoCall call, Duration wait) {}

    /** A response contained the state of the call's rate limit. */
    default void rateLimit(LagoCall call, RateLimit rate) {}

    /** Usage events were accepted by Lago, were duplicates, or were rejected. */
    default void events(long accepted, long duplicate, long rejected) {}

    /** A consumer has read a page. */
    default void page(Reader reader, int records) {}

    /**
     * A poll of a consumer ended.
     *
     * @param messages the number of exchanges that it created
     */
    default void polled(Reader reader, PollOutcome outcome, int messages, Duration took) {}

    /**
     * The progress of a consumer, after a poll.
     *
     * @param newest the time at which the newest record that Lago returned was created or last changed
     * @param done   the same time of the newest record that was processed, or null if none was processed yet
     */
    default void position(Reader reader, Instant newest, Instant done) {}

    /**
     * A webhook was received.
     *
     * @param type    its type, or null if the type cannot be trusted
     * @param verdict {@code accepted} if the route has processed it (or it was verified), {@code failed} if the route failed,
     *                {@code duplicate} if it was processed before, {@code in_flight} if it is being processed, {@code unchecked} if
     *                Lago's key or the organization could not be fetched. Otherwise the code of the {@code LagoWebhookException}
     *                that refused it.
     */
    default void webhook(String type, String verdict) {}
}
