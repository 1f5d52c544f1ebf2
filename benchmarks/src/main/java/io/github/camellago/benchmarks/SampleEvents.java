package io.github.camellago.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/** The same 10,000 events for all contestants, repeated, as Maps and as JSON. */
final class SampleEvents {

    static final int BATCH = 100;
    static final int SUBSCRIPTIONS = 1_000;
    private static final int COUNT = 10_000;
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final byte[] OPEN = "{\"events\":[".getBytes(StandardCharsets.UTF_8);
    private static final byte[] CLOSE = "]}".getBytes(StandardCharsets.UTF_8);

    private final List<Map<String, Object>> maps = new ArrayList<>(COUNT);
    private final List<byte[]> json = new ArrayList<>(COUNT);
    private final List<byte[]> batches = new ArrayList<>(COUNT / BATCH);

    SampleEvents() throws JsonProcessingException {
        ObjectMapper mapper = new ObjectMapper();
        for (int i = 0; i < COUNT; i++) {
            maps.add(event(i));
            json.add(mapper.writeValueAsBytes(maps.get(i)));
        }
        for (int i = 0; i < COUNT; i += BATCH) {
            batches.add(
                    mapper.writeValueAsString(Map.of("events", maps.subList(i, i + BATCH))).getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Returns events as Maps until the time is up. */
    Iterator<Map<String, Object>> maps(Duration time) {
        return new Round<>(maps, time);
    }

    /** Returns events as JSON until the time is up. */
    Iterator<byte[]> json(Duration time) {
        return new Round<>(json, time);
    }

    /** The events of one batch. */
    List<Map<String, Object>> batch() {
        return maps.subList(0, BATCH);
    }

    List<Map<String, Object>> maps() {
        return maps;
    }

    /** The events as text. */
    List<String> texts() {
        return json.stream().map(bytes -> new String(bytes, StandardCharsets.UTF_8)).toList();
    }

    /** Complete request bodies with one event each. */
    List<byte[]> singles() throws JsonProcessingException {
        List<byte[]> singles = new ArrayList<>(BATCH);
        for (int i = 0; i < BATCH; i++) {
            singles.add(new ObjectMapper().writeValueAsBytes(Map.of("events", List.of(maps.get(i)))));
        }
        return singles;
    }

    /** Number of different batches. */
    int batchCount() {
        return batches.size();
    }

    /** A request body that Jackson writes from Maps. */
    byte[] written(int batch) throws IOException {
        return MAPPER.writeValueAsBytes(Map.of("events", maps.subList(batch * BATCH, (batch + 1) * BATCH)));
    }

    /** A request body that is joined from ready JSON, after Jackson has read all of it. */
    byte[] joined(int batch) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream(32 * 1024);
        body.writeBytes(OPEN);
        for (int i = 0; i < BATCH; i++) {
            if (i > 0) {
                body.write(',');
            }
            body.writeBytes(json.get(batch * BATCH + i));
        }
        body.writeBytes(CLOSE);
        byte[] joined = body.toByteArray();
        try (JsonParser parser = MAPPER.getFactory().createParser(joined)) {
            while (parser.nextToken() != null) {
                // malformed JSON would throw
            }
        }
        return joined;
    }

    /** Complete request bodies. */
    List<byte[]> batches() {
        return batches;
    }

    private static Map<String, Object> event(int i) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("region", "eu-west-1");
        properties.put("model", "large");
        properties.put("tokens", i % 5000);
        properties.put("endpoint", "/v1/completions");
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("transaction_id", "018f2c1e-7d3a-7c44-9b1a-%012d".formatted(i));
        event.put("external_subscription_id", "sub_" + i % SUBSCRIPTIONS);
        event.put("code", "api_calls");
        event.put("timestamp", 1_760_000_000L + i % 86_400);
        event.put("properties", properties);
        return event;
    }

    /** Repeats the items in whole batches until the time is up. */
    private static final class Round<T> implements Iterator<T> {

        private final List<T> elements;
        private final long end;
        private int next;
        private boolean over;

        Round(List<T> elements, Duration time) {
            this.elements = elements;
            this.end = System.nanoTime() + time.toNanos();
        }

        @Override
        public boolean hasNext() {
            if (next % BATCH == 0 && !over) {
                over = System.nanoTime() - end >= 0;
            }
            return !over;
        }

        @Override
        public T next() {
            if (over) {
                throw new NoSuchElementException();
            }
            T element = elements.get(next);
            next = (next + 1) % elements.size();
            return element;
        }
    }
}
