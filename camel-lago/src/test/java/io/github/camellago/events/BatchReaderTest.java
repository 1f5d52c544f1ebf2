package io.github.camellago.events;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.github.camellago.UnknownFields;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class BatchReaderTest {

    private final EventCounter counter = new EventCounter((item, stored) -> {});

    @Test
    void keepsTheOrderOfEventsWithDifferentIds() {
        assertThat(read(IntStream.range(0, 7).mapToObj(i -> "t" + i).toList(), 3))
                .containsExactly(List.of("t0", "t1", "t2"), List.of("t3", "t4", "t5"), List.of("t6"));
    }

    @Test
    void putsEventsWithOneIdIntoDifferentFullBatches() {
        List<String> ids = IntStream.range(0, 9).mapToObj(i -> "t" + i / 3).toList();

        assertThat(read(ids, 3)).containsExactly(List.of("t0", "t1", "t2"), List.of("t0", "t1", "t2"),
                List.of("t0", "t1", "t2"));
    }

    @Test
    void lettingEventsWaitIsLimited() {
        ItemSource source = source(IntStream.range(0, 1_000).mapToObj(i -> "same").toList());
        BatchReader reader = new BatchReader(source, 3, UnknownFields.REJECT, null, counter);

        assertThat(reader.next().pending()).hasSize(1);
        int left = 0;
        while (source.poll() != null) {
            left++;
        }

        assertThat(left).isEqualTo(970);
        assertThat(reader.rest()).hasSize(29);
        assertThat(reader.isEmpty()).isTrue();
    }

    @Test
    void readsNoFurtherThanItSendsWhileEventsWait() {
        ItemSource source = source(IntStream.range(0, 100).mapToObj(i -> "same").toList());
        BatchReader reader = new BatchReader(source, 3, UnknownFields.REJECT, null, counter);
        for (int i = 0; i < 11; i++) {
            assertThat(reader.next().pending()).hasSize(1);
        }

        assertThat(reader.rest()).hasSize(29);
    }

    @Test
    void addsToBatchesThatAreOpenAfterTheFirstOneIsFull() {
        assertThat(read(List.of("a", "a", "b", "c", "a", "d", "e", "b"), 3)).containsExactly(List.of("a", "b", "c"),
                List.of("a", "d", "e"), List.of("a", "b"));
    }

    @Test
    void isNotEmptyWhileAnEventWaits() {
        BatchReader reader = new BatchReader(source(List.of("a", "a", "b")), 2, UnknownFields.REJECT, null, counter);

        assertThat(reader.next().pending()).hasSize(2);
        assertThat(reader.isEmpty()).isFalse();
        assertThat(reader.next().pending()).hasSize(1);
        assertThat(reader.isEmpty()).isTrue();
    }

    @Test
    void fillsAllBatchesOfALongList() {
        assertThat(read(IntStream.range(0, 300).mapToObj(i -> "t" + i).toList(), 3)).hasSize(100);
    }

    @Test
    void rejectsWhatCannotBeSent() {
        ItemSource source = new ItemSource(List.of(new EventItem(0, "no JSON", "o", 0)).iterator());

        assertThat(new BatchReader(source, 3, UnknownFields.REJECT, null, counter).next()).isNull();
        assertThat(counter.report().rejected()).hasSize(1);
    }

    private List<List<String>> read(List<String> ids, int batchSize) {
        BatchReader reader = new BatchReader(source(ids), batchSize, UnknownFields.REJECT, null, counter);
        List<List<String>> batches = new ArrayList<>();
        for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
            if (!batch.isEmpty()) {
                batches.add(batch.pending().stream().map(EncodedEvent::transactionId).toList());
            }
        }
        return batches;
    }

    private static ItemSource source(List<String> ids) {
        return new ItemSource(IntStream.range(0, ids.size()).mapToObj(i -> new EventItem(i,
                Map.of("transaction_id", ids.get(i), "external_subscription_id", "s", "code", "c"), "o", 0)).iterator());
    }
}
