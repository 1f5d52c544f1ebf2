package io.github.camellago.events;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.camellago.UnknownFields;

/**
 * Reads events, writes them as JSON, and groups them into batches. A transaction_id occurs once in a batch, because Lago compares nothing else within
 * one: the later event of two subscriptions would be answered as known. Such events go into later batches. A limited number of events waits for that.
 */
final class BatchReader {

    private static final int OPEN_BATCHES = 10;

    private final ItemSource source;
    private final int batchSize;
    private final UnknownFields unknownFields;
    private final EventCounter counter;
    /** Batches that are not full. Each event is in the first one that does not have its transaction_id, so that none is larger than the one before. */
    private final List<OpenBatch> open = new ArrayList<>();
    /** The number of the last open batch with a transaction_id. */
    private final Map<String, Integer> last = new HashMap<>();
    private int firstNumber;
    private int waiting;
    private final EventCodec codec = new EventCodec();
    private final LookupQueue lookups = new LookupQueue();
    private ReferenceCheck check;

    private record OpenBatch(Integer number, List<EncodedEvent> events) {}

    /** @param check checks what events refer to, or null */
    BatchReader(ItemSource source, int batchSize, UnknownFields unknownFields, ReferenceCheck check, EventCounter counter) {
        this.source = source;
        this.batchSize = batchSize;
        this.unknownFields = unknownFields;
        this.check = check;
        this.counter = counter;
    }

    /**
     * The next batch, or null if there are no more events. It is empty if all of the many events just read are rejected. It waits for lookups only if
     * there is no other event to send.
     */
    Batch next() {
        if (check != null) {
            check.proceed();
        }
        for (int read = 0; read < OPEN_BATCHES * batchSize; read++) {
            EventItem item = poll();
            if (item == null) {
                if (!open.isEmpty()) {
                    return first();
                }
                if (lookups.isEmpty()) {
                    return null;
                }
                await();
                continue;
            }
            try {
                add(EventEncoder.encode(item, unknownFields, check, codec));
            } catch (EventEncoder.Refused refused) {
                counter.rejected(item, refused.reasons());
            } catch (ReferenceCheck.Unresolved unresolved) {
                lookups.add(item, unresolved.lookup());
            }
            if (!open.isEmpty() && (open.get(0).events().size() >= batchSize || waiting >= OPEN_BATCHES * batchSize)) {
                return first();
            }
        }
        return open.isEmpty() ? new Batch(List.of()) : first();
    }

    /** The next event to encode, or null if there are no more events or too many wait for lookups. */
    private EventItem poll() {
        EventItem item = lookups.poll();
        return item != null || lookups.size() >= OPEN_BATCHES * batchSize ? item : source.poll();
    }

    private void await() {
        try {
            lookups.await();
            check.proceed();
        } catch (InterruptedException e) {
            // what is sent from now on fails, and is not lost
            Thread.currentThread().interrupt();
            check = null;
            source.again(lookups.drain());
        }
    }

    /** Whether all events are in batches that {@link #next()} has returned. */
    boolean isEmpty() {
        return open.isEmpty() && lookups.isEmpty() && source.isEmpty();
    }

    /** No more events are read. */
    void close() {
        codec.close();
    }

    /** Takes the batches out that are not full. Events that wait for lookups go back to the source. */
    List<Batch> rest() {
        List<Batch> rest = open.stream().map(batch -> new Batch(batch.events())).toList();
        open.clear();
        last.clear();
        waiting = 0;
        source.again(lookups.drain());
        return rest;
    }

    private void add(EncodedEvent event) {
        Integer before = last.get(event.transactionId());
        int number = before == null ? firstNumber : before + 1;
        if (number - firstNumber == open.size()) {
            open.add(new OpenBatch(number, new ArrayList<>(Math.min(batchSize, 128))));
        }
        OpenBatch batch = open.get(number - firstNumber);
        batch.events().add(event);
        last.put(event.transactionId(), batch.number());
        waiting++;
    }

    private Batch first() {
        OpenBatch first = open.remove(0);
        first.events().forEach(event -> last.remove(event.transactionId(), first.number()));
        firstNumber++;
        waiting -= first.events().size();
        return new Batch(first.events());
    }
}
