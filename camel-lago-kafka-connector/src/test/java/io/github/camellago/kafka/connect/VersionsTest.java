package io.github.camellago.kafka.connect;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

import io.github.camellago.api.RecordRepository.Row;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The versions of many records, and those with unusual ids. */
class VersionsTest {

    private static final int RECORDS = 100_000;

    private final TestSourceContext context = new TestSourceContext();
    private final Outbox outbox = new Outbox(RECORDS);

    @Test
    void aRecordTakesLessThanAHundredBytes() {
        Bucket bucket = new Bucket(Map.of());
        for (int i = 0; i < 1000; i++) {
            String id = new UUID(i * 0x9E3779B97F4A7C15L, i * 31L).toString();
            bucket.put(new Row("/invoices", id, id, i * 0x9E3779B97F4A7C15L, 0));
        }
        int size = bucket.offset().values().stream().mapToInt(String::length).sum();
        System.out.printf("Kafka Connect source: %d bytes per record%n", size / 1000);

        assertThat(bucket.rows("/invoices")).hasSize(1000);
        assertThat(size).isLessThan(100 * 1000);
    }

    @Test
    void rowsAreTheSameAfterARestart() throws Exception {
        Versions versions = versions();
        List<Row> rows = List.of(new Row("/a b", "k", "k", 1, 0), new Row("/a b", "k1", null, -1, 0),
                new Row("/a b", "k2", "", Long.MIN_VALUE, 1), new Row("/a b", "k3", "tab\tline\n\u00e4+%", Long.MAX_VALUE, 0),
                new Row("/a b", "", "k", 3, 1), new Row("/other", "k", "k", 5, 0), new Row("/a b", "k4", "k4", 6, 2));
        rows.forEach(row -> versions.add(row.key(), new Draft("topic", row.key(), "{}")));
        versions.save(rows);
        versions.save(List.of(new Row("/a b", "gone", "gone", 7, 0)));
        versions.delete("/a b", "gone");
        List<SourceRecord> records = outbox.take(RECORDS, 1);
        context.commit(records, records.size());

        Versions again = versions();

        for (Row row : rows) {
            assertThat(again.find(row.list(), List.of(row.key(), "unknown"))).isEqualTo(Map.of(row.key(), row));
        }
        assertThat(again.next("/a b", null, 100)).containsExactlyInAnyOrderElementsOf(rows.subList(0, 5));
        assertThat(again.next("/other", "k", 100)).isEmpty();
    }

    @Test
    void allRowsAreReadInPartsWhileTheyChange() {
        Versions versions = new Versions("invoices", 3, context, outbox);
        List<String> keys = IntStream.range(0, 500).mapToObj(Integer::toString).toList();
        keys.forEach(key -> versions.save(List.of(new Row("/invoices", key, key, 1, 0))));
        List<String> read = new ArrayList<>();
        for (String after = null;;) {
            List<Row> rows = versions.next("/invoices", after, 7);
            if (rows.isEmpty()) {
                break;
            }
            for (Row row : rows) {
                read.add(row.key());
                if (read.size() % 3 == 0) {
                    versions.delete("/invoices", row.key());
                } else {
                    versions.save(List.of(new Row("/invoices", row.key(), row.id(), 1, 1)));
                }
            }
            after = rows.get(rows.size() - 1).key();
        }

        assertThat(read).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(keys);
    }

    private Versions versions() {
        return new Versions("invoices", 1024, context, outbox);
    }
}
