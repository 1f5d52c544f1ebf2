package io.github.camellago.events;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.camellago.api.LagoException;
import io.github.camellago.api.LagoValidationException;
import io.github.camellago.client.LagoClient;
import io.github.camellago.client.LagoRequest;
import io.github.camellago.client.LagoResponse;
import io.github.camellago.client.RetryRule;

/**
 * Sends batches until each of their events is settled. Lago refuses a batch whole for one bad or repeated event, and says which
 * by index: repeated ones are done, bad ones are put aside, and the rest goes out again at once. Thread-safe.
 */
final class BatchSettler {

    private static final int TOO_LARGE = 413;
    private static final String EXISTS = "value_already_exist";

    private static final String TOO_MANY = "too_many_events";
    private static final byte[] ANSWER = "{\"event".getBytes(StandardCharsets.US_ASCII);

    private final LagoClient client;
    private final boolean single;
    private final boolean remembers;
    private volatile int most = Integer.MAX_VALUE;
    private volatile boolean atomic;

    /**
     * @param single    whether events go out one by one, to {@code POST /events}
     * @param remembers whether it is to be kept in mind which events were duplicates
     */
    BatchSettler(LagoClient client, boolean single, boolean remembers) {
        this.remembers = remembers;
        this.client = client;
        this.single = single;
    }

    /**
     * Settles a batch.
     *
     * @throws LagoException when Lago could not be reached or failed: the batch then still holds what is not settled
     */
    void settle(Batch batch, EventCounter tally) {
        while (!batch.pending().isEmpty()) {
            List<EncodedEvent> sent = batch.pending();
            if (sent.size() > most) {
                divide(batch, tally);
                continue;
            }
            try {
                tally.answered(client.call(request(sent), BatchSettler::answer));
                tally.accepted(sent.size());
                batch.keep(List.of());
                atomic |= batch.refusedOnce();
            } catch (LagoValidationException refusal) {
                tally.refused(refusal.getStatusCode());
                Map<Integer, Map<String, List<String>>> byIndex = byIndex(refusal, sent.size());
                if (!byIndex.isEmpty()) {
                    batch.keep(takeApart(batch, byIndex, tally));
                    batch.refused();
                } else {
                    if (refusal.getErrorDetails().toString().contains(TOO_MANY)) {
                        most = Math.max(1, sent.size() / 2);
                    }
                    divide(batch, tally);
                }
            } catch (LagoException failure) {
                if (failure.getStatusCode() != TOO_LARGE) {
                    throw failure;
                }
                if (sent.size() == 1) {
                    tally.rejected(sent.get(0).item(), Map.of("event", List.of("it is too large for the server (413)")));
                    batch.keep(List.of());
                } else {
                    divide(batch, tally);
                }
            }
        }
    }

    /** Lago repeats what it has stored. Anything else that answers 200 is no Lago, and nothing is delivered. */
    private static LagoResponse answer(LagoResponse response) throws IOException {
        byte[] body = response.body();
        int start = 0;
        while (start < body.length && body[start] <= ' ' && body[start] > 0) {
            start++;
        }
        int end = body.length;
        while (end > start && body[end - 1] <= ' ' && body[end - 1] > 0) {
            end--;
        }
        if (end - start <= ANSWER.length || body[end - 1] != '}'
                || !Arrays.equals(body, start, start + ANSWER.length, ANSWER, 0, ANSWER.length)) {
            throw new IOException("It is not the events that were sent");
        }
        return response;
    }

    private LagoRequest request(List<EncodedEvent> events) {
        return new LagoRequest("POST", single ? "events" : "events/batch", null, Batch.json(events, single),
                single ? RetryRule.SINGLE_EVENT : RetryRule.EVENT_BATCH, "event");
    }

    private List<EncodedEvent> takeApart(Batch batch, Map<Integer, Map<String, List<String>>> byIndex, EventCounter tally) {
        List<EncodedEvent> sent = batch.pending();
        List<EncodedEvent> rest = new ArrayList<>(sent.size());
        List<EventItem> known = new ArrayList<>();
        for (int i = 0; i < sent.size(); i++) {
            Map<String, List<String>> reasons = byIndex.get(i);
            if (reasons == null) {
                rest.add(sent.get(i));
            } else if (isDuplicate(reasons)) {
                known.add(sent.get(i).item());
            } else {
                tally.rejected(sent.get(i).item(), reasons);
            }
        }
        if (!atomic && batch.refusedOnce() && known.size() == sent.size()) {
            // the answer before called none of them a duplicate: that server keeps the good part of a batch it refuses
            tally.accepted(known.size());
        } else {
            tally.duplicate(known.size());
            if (remembers) {
                known.forEach(tally::remember);
            }
        }
        return rest;
    }

    /** Settles both halves one after the other: each is refused, or not, for reasons of its own. */
    private void divide(Batch batch, EventCounter tally) {
        List<EncodedEvent> sent = batch.pending();
        int half = sent.size() / 2;
        Batch first = new Batch(sent.subList(0, half));
        try {
            settle(first, tally);
        } finally {
            List<EncodedEvent> rest = new ArrayList<>(first.pending());
            rest.addAll(sent.subList(half, sent.size()));
            batch.keep(rest);
        }
    }

    private static boolean isDuplicate(Map<String, List<String>> reasons) {
        return reasons.values().stream().allMatch(r -> !r.isEmpty() && r.stream().allMatch(EXISTS::equals));
    }

    /** What is wrong with which event; empty where the refusal does not say which. */
    private Map<Integer, Map<String, List<String>>> byIndex(LagoException refusal, int size) {
        Map<Integer, Map<String, List<String>>> byIndex = new LinkedHashMap<>();
        if (!single) {
            refusal.getErrorDetails().forEach((key, value) -> {
                if (!key.isEmpty() && key.length() < 10 && key.chars().allMatch(c -> c >= '0' && c <= '9')) {
                    int index = Integer.parseInt(key);
                    if (index < size) {
                        byIndex.put(index, reasons(value));
                    }
                }
            });
        }
        if (byIndex.isEmpty() && size == 1) {
            byIndex.put(0, refusal.getErrorDetails().isEmpty()
                    ? Map.of("event", List.of(refusal.getMessage()))
                    : reasons(refusal.getErrorDetails()));
        }
        return byIndex;
    }

    private static Map<String, List<String>> reasons(Object details) {
        Map<String, List<String>> reasons = new LinkedHashMap<>();
        if (details instanceof Map<?, ?> map) {
            map.forEach((field, why) -> reasons.put(String.valueOf(field),
                    why instanceof List<?> list ? list.stream().map(String::valueOf).toList() : List.of(String.valueOf(why))));
        } else if (details instanceof List<?> list) {
            reasons.put("event", list.stream().map(String::valueOf).toList());
        } else {
            reasons.put("event", List.of(String.valueOf(details)));
        }
        return reasons;
    }
}
