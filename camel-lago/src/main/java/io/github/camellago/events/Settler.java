package io.github.camellago.events;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.camellago.catalog.Repeat;
import io.github.camellago.client.LagoClient;
import io.github.camellago.client.LagoException;
import io.github.camellago.client.LagoRequest;
import io.github.camellago.client.LagoResponse;
import io.github.camellago.client.LagoValidationException;

/**
 * Sends batches until each of their events is settled. Lago refuses a batch whole for one bad or repeated event, and says which
 * by index: repeated ones are done, bad ones are put aside, and the rest goes out again at once. Thread-safe.
 */
final class Settler {

    private static final int TOO_LARGE = 413;
    private static final String EXISTS = "value_already_exist";

    private final LagoClient client;
    private final boolean single;

    /** @param single whether events go out one by one, to {@code POST /events} */
    Settler(LagoClient client, boolean single) {
        this.client = client;
        this.single = single;
    }

    /**
     * Settles a batch.
     *
     * @throws LagoException when Lago could not be reached or failed: the batch then still holds what is not settled
     */
    void settle(Batch batch, Tally tally) {
        while (!batch.pending().isEmpty()) {
            List<EncodedEvent> sent = batch.pending();
            try {
                LagoResponse response = client.call(request(sent), r -> r);
                tally.answered(response);
                tally.accepted(sent.size());
                batch.keep(List.of());
            } catch (LagoValidationException refusal) {
                Map<Integer, Map<String, List<String>>> byIndex = byIndex(refusal, sent.size());
                if (byIndex.isEmpty()) {
                    divide(batch, refusal, tally);
                } else {
                    batch.keep(takeApart(batch, byIndex, tally));
                    batch.refused();
                }
            } catch (LagoException failure) {
                if (failure.getStatusCode() != TOO_LARGE) {
                    throw failure;
                }
                divide(batch, failure, tally);
            }
        }
    }

    private LagoRequest request(List<EncodedEvent> events) {
        return new LagoRequest("POST", single ? "events" : "events/batch", null, Batch.json(events, single), Repeat.SAFE,
                LagoRequest.Budget.EVENTS, "event");
    }

    private static List<EncodedEvent> takeApart(Batch batch, Map<Integer, Map<String, List<String>>> byIndex, Tally tally) {
        List<EncodedEvent> sent = batch.pending();
        List<EncodedEvent> rest = new ArrayList<>(sent.size());
        for (int i = 0; i < sent.size(); i++) {
            Map<String, List<String>> reasons = byIndex.get(i);
            if (reasons == null) {
                rest.add(sent.get(i));
            } else if (!isDuplicate(reasons)) {
                tally.rejected(sent.get(i).item(), reasons);
            } else if (batch.refusedOnce()) {
                // the answer before did not call it a duplicate: that server has kept the good part of the batch it refused
                tally.accepted(1);
            } else {
                tally.duplicate();
            }
        }
        return rest;
    }

    /** A refusal that names no event: halves find out which it is about. */
    private void divide(Batch batch, LagoException refusal, Tally tally) {
        List<EncodedEvent> sent = batch.pending();
        if (sent.size() == 1) {
            tally.rejected(sent.get(0).item(), reasons(refusal));
            batch.keep(List.of());
            return;
        }
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

    private Map<Integer, Map<String, List<String>>> byIndex(LagoException refusal, int size) {
        Map<Integer, Map<String, List<String>>> byIndex = new LinkedHashMap<>();
        if (single) {
            if (!refusal.getErrorDetails().isEmpty()) {
                byIndex.put(0, reasons(refusal));
            }
            return byIndex;
        }
        refusal.getErrorDetails().forEach((key, value) -> {
            if (key.length() < 10 && !key.isEmpty() && key.chars().allMatch(Character::isDigit)) {
                int index = Integer.parseInt(key);
                if (index < size) {
                    byIndex.put(index, reasons(value));
                }
            }
        });
        return byIndex;
    }

    private static Map<String, List<String>> reasons(LagoException refusal) {
        if (refusal.getErrorDetails().isEmpty()) {
            return Map.of("event", List.of(refusal.getStatusCode() == TOO_LARGE ? "it is too large" : refusal.getMessage()));
        }
        return reasons(refusal.getErrorDetails());
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
