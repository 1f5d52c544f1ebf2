package io.github.camellago.events;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

import io.github.camellago.api.LagoException;
import io.github.camellago.api.LagoValidationException;
import io.github.camellago.api.RejectedEvent;
import io.github.camellago.client.LagoClient;
import io.github.camellago.client.LagoRequest;
import io.github.camellago.client.LagoResponse;
import io.github.camellago.client.RetryRule;

/**
 * Sends batches until each event is accepted, duplicate or rejected. Lago refuses a whole batch for one bad or repeated event, and names it by index:
 * repeated events are done, bad ones are rejected, and the rest is sent again at once. Batches that are too large are halved. If Lago fails on a
 * batch for ever, the batch is divided until the event that causes it stands alone. Thread-safe.
 */
final class BatchResolver {

    private static final int INVALID = 422;
    private static final int TOO_LARGE = 413;
    /** Retries of an event on which the server fails, with growing delays, before it is rejected: a server that fails now and then accepts it meanwhile. */
    private static final int SUSPECT_RETRIES = 3;
    private static final Map<String, List<String>> IS_TOO_LARGE = Map.of("event",
            List.of("it is too large for the server (413)"));
    private static final byte[] NO_EVENTS = "{\"events\":[]}".getBytes(StandardCharsets.US_ASCII);

    private final LagoClient client;
    private final boolean single;
    private final ReentrantLock isolating = new ReentrantLock();
    private volatile int most = Integer.MAX_VALUE;
    private volatile boolean atomic;
    private volatile EncodedEvent stored;
    private volatile int outages;

    /** @param single whether events are sent one by one, to {@code POST /events} */
    BatchResolver(LagoClient client, boolean single) {
        this.client = client;
        this.single = single;
    }

    /**
     * Resolves a batch.
     *
     * @param  lone          whether the batch is a message with one event, whose route can send the event again if a proxy finds everything too large
     * @throws LagoException if Lago could not be reached or failed: the batch then holds what is not resolved
     */
    void resolve(Batch batch, EventCounter counter, boolean lone) {
        int seen = outages;
        try {
            send(batch, counter, true, lone);
        } catch (LagoException failure) {
            if (!Isolation.isFor(failure) || batch.pending().size() == 1 && stored == null) {
                throw failure;
            }
            isolating.lock();
            try {
                if (seen != outages) {
                    throw failure;
                }
                isolate(batch, counter, failure);
            } finally {
                isolating.unlock();
            }
        }
    }

    /** A rejected event as it was given, or as it was sent if Lago may have stored it. */
    static Object shown(EventItem given, RejectedEvent rejected) {
        boolean mayBeStored = rejected.reasons().equals(IS_TOO_LARGE)
                || rejected.reasons().equals(alwaysFails(Isolation.SERVER_ERROR));
        return mayBeStored ? given.completed() : given.given();
    }

    private void send(Batch batch, EventCounter counter, boolean retry, boolean lone) {
        EncodedEvent tooLarge = null;
        while (!batch.isEmpty()) {
            List<EncodedEvent> sent = batch.pending();
            if (sent.size() > most) {
                divide(batch, counter, retry);
                continue;
            }
            try {
                counter.answered(client.call(request(sent, retry), response -> checked(response, sent.size())));
                counter.accepted(sent);
                stored = sent.get(sent.size() - 1);
                batch.keep(List.of());
                atomic |= batch.refusedOnce();
            } catch (LagoValidationException refusal) {
                refused(batch, refusal, counter, retry);
            } catch (LagoException failure) {
                if (failure.getStatusCode() != TOO_LARGE) {
                    throw failure;
                }
                if (sent.size() > 1) {
                    divide(batch, counter, retry);
                } else if (!lone && tooLarge != sent.get(0)) {
                    if (!acceptsSmallRequests()) {
                        throw failure;
                    }
                    // the proxy may have found everything too large until now
                    tooLarge = sent.get(0);
                } else {
                    counter.rejected(sent.get(0).item().asSent(), IS_TOO_LARGE);
                    batch.keep(List.of());
                }
            }
        }
    }

    private void refused(Batch batch, LagoValidationException refusal, EventCounter counter, boolean retry) {
        if (refusal.getStatusCode() != INVALID) {
            // Lago refuses events with 422 alone: another status need not speak of an event
            throw refusal;
        }
        counter.refused(refusal.getStatusCode());
        int size = batch.pending().size();
        Map<Integer, Map<String, List<String>>> byIndex = Refusal.byIndex(refusal, !single, size);
        if (!byIndex.isEmpty()) {
            batch.keep(resolveRefused(batch, byIndex, counter));
            batch.refused();
        } else {
            if (Refusal.isTooMany(refusal)) {
                most = Math.max(1, size / 2);
            }
            divide(batch, counter, retry);
        }
    }

    /** Resolves the events that a refusal names. Returns the others. */
    private List<EncodedEvent> resolveRefused(Batch batch, Map<Integer, Map<String, List<String>>> byIndex,
            EventCounter counter) {
        List<EncodedEvent> sent = batch.pending();
        List<EncodedEvent> rest = new ArrayList<>(sent.size());
        List<EncodedEvent> known = new ArrayList<>();
        for (int i = 0; i < sent.size(); i++) {
            Map<String, List<String>> reasons = byIndex.get(i);
            if (reasons == null) {
                rest.add(sent.get(i));
            } else if (Refusal.isDuplicate(reasons)) {
                known.add(sent.get(i));
            } else {
                counter.rejected(sent.get(i).item(), reasons);
            }
        }
        if (!atomic && batch.refusedOnce() && known.size() == sent.size()) {
            // none of them was a duplicate in the answer before: this server has stored the good part of the batch it refused
            counter.accepted(known);
        } else {
            counter.duplicate(known);
        }
        if (!known.isEmpty()) {
            stored = known.get(0);
        }
        return rest;
    }

    /** Resolves both halves one after the other: each is refused, or not, for its own reasons. */
    private void divide(Batch batch, EventCounter counter, boolean retry) {
        List<EncodedEvent> sent = batch.pending();
        int half = sent.size() / 2;
        Batch first = new Batch(sent.subList(0, half));
        try {
            send(first, counter, retry, false);
        } finally {
            List<EncodedEvent> rest = new ArrayList<>(first.pending());
            rest.addAll(sent.subList(half, sent.size()));
            batch.keep(rest);
        }
    }

    /** Finds the events that the server always fails on. If it fails on everything, none is rejected. */
    private void isolate(Batch batch, EventCounter counter, LagoException failure) {
        boolean up = stored != null;
        if (up && !acceptsStoredEvent()) {
            outages++;
            throw failure;
        }
        Isolation isolation = new Isolation(batch.pending(), up, part -> send(part, counter, false, false));
        try {
            isolation.run();
            for (int retry = 0; retry < SUSPECT_RETRIES && !isolation.suspects().isEmpty(); retry++) {
                client.pauseBeforeRetry(request(List.of(stored), false), retry);
                isolation.retrySuspects();
                if (!acceptsStoredEvent()) {
                    throw failure;
                }
            }
            isolation.suspects()
                    .forEach(event -> counter.rejected(event.item().asSent(), alwaysFails(failure.getStatusCode())));
            isolation.done();
        } catch (LagoException e) {
            outages++;
            throw Isolation.isFor(e) ? failure : e;
        } finally {
            batch.keep(isolation.pending());
        }
    }

    private static Map<String, List<String>> alwaysFails(int status) {
        return Map.of("event", List.of("the server fails on it with status " + status + ", and accepts other events"));
    }

    /** Whether the server accepts an event that it has stored before: if so, there is no outage. */
    private boolean acceptsStoredEvent() {
        return answers(request(List.of(stored), false));
    }

    /** Whether Lago answers to a batch without events, which it refuses: a proxy that finds that too large finds everything too large. */
    private boolean acceptsSmallRequests() {
        return answers(request("events/batch", NO_EVENTS, RetryRule.UNPROCESSED));
    }

    private boolean answers(LagoRequest request) {
        try {
            client.call(request, response -> response);
            return true;
        } catch (LagoValidationException refusal) {
            return true;
        } catch (LagoException e) {
            return false;
        }
    }

    private LagoRequest request(List<EncodedEvent> events, boolean retry) {
        RetryRule rule = events.size() == 1 ? RetryRule.SINGLE_EVENT : RetryRule.EVENT_BATCH;
        return request(single ? "events" : "events/batch", Batch.json(events, single), retry ? rule : RetryRule.UNPROCESSED);
    }

    private static LagoRequest request(String path, byte[] json, RetryRule rule) {
        return new LagoRequest("POST", path, null, json, rule, "event");
    }

    /** Lago answers with the events that it has stored. Any other answer with status 200 is not Lago's. */
    private LagoResponse checked(LagoResponse response, int sent) throws IOException {
        if (EventsAnswer.count(response.body(), single) != sent) {
            throw new IOException("It is not the events that were sent");
        }
        return response;
    }
}
