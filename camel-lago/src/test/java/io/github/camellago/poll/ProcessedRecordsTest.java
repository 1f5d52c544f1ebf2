package io.github.camellago.poll;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.github.camellago.LogCapture;
import io.github.camellago.api.JdbcRecordRepository;
import io.github.camellago.api.RecordRepository.Row;
import io.github.camellago.catalog.RecordType;
import io.github.camellago.client.Iso8601;
import io.github.camellago.client.LagoRecord;
import io.github.camellago.client.Page;
import io.github.camellago.poll.Reading.Claim;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;
import org.apache.logging.log4j.Level;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What {@code readMode=changed} knows about records: which are gone, which are settled, and what it does without memory. */
class ProcessedRecordsTest {

    private static final String UPDATED = "2026-03-01T12:00:00Z";
    private static final long AT = Iso8601.millis(UPDATED);
    private static int databases;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRecordThatACompleteReadingDoesNotFindIsMissing(boolean database) {
        ChangedSelection selection = deletions(database ? database() : null);
        poll(selection, "a", "b");
        Reading reading = selection.begin("list");
        claim(reading, "a", "c").processed();
        selection.flush();

        assertThat(missing(reading)).containsExactly("b");
        assertThat(selection.begin("other").missing().rows(null)).isEmpty();
        assertThat(reading.mayReadOutOfOrder()).isFalse();
    }

    @Test
    void aDeletionIsClaimedOnceAndTheRecordIsNewIfItComesBack() {
        ChangedSelection selection = deletions(null);
        poll(selection, "a", "b");
        Reading reading = selection.begin("list");
        claim(reading, "a");
        Row row = reading.missing().rows("a").get(0);
        Claim failing = reading.missing().claim(row);
        assertThat(reading.missing().claim(row)).isNull();
        assertThat(reading.missing().contains(row)).isFalse();

        failing.failed();
        assertThat(missing(reading)).containsExactly("b");
        reading.missing().claim(row).processed();
        assertThat(reading.missing().rows(null)).extracting(Row::key).containsExactly("a");
        selection.polled(true);
        assertThat(poll(selection, "a", "b")).containsExactly("b");
    }

    @Test
    void aRecordThatTwoReadingsMissHasLeftTheListUntilItIsBack() {
        ChangedSelection selection = deletions(null);
        poll(selection, "a", "b");
        for (int poll = 0; poll < 2; poll++) {
            Reading reading = selection.begin("list");
            claim(reading, "a");
            assertThat(missing(reading)).containsExactly("b");
            reading.missing().exists(reading.missing().rows("a").get(0));
            selection.flush();
            selection.polled(true);
        }
        Reading without = selection.begin("list");
        assertThat(without.missing().rows(null)).extracting(Row::key).containsExactly("a");
        selection.polled(true);

        assertThat(poll(selection, "a", "b")).isEmpty();
        Reading again = selection.begin("list");
        claim(again, "a");
        assertThat(missing(again)).containsExactly("b");
    }

    @Test
    void aRecordProcessedAfterItsPollIsMissingIfTheNextReadingDoesNotFindIt() {
        ChangedSelection selection = deletions(null);
        Claim late = claim(selection.begin("list"), "a");
        selection.polled(true);
        Reading reading = selection.begin("list");
        late.processed();
        selection.flush();

        assertThat(missing(reading)).containsExactly("a");
    }

    @Test
    void aRecordInFlightWhenItIsReadIsNotMissing() {
        ChangedSelection selection = deletions(null);
        poll(selection, "a");
        Claim late = selection.begin("list").claim(record("a", null, "changed"), 0);
        selection.polled(true);
        Reading reading = selection.begin("list");
        assertThat(reading.claim(record("a", null, "changed"), 0)).isSameAs(Reading.IN_FLIGHT);
        late.processed();

        assertThat(missing(reading)).isEmpty();
    }

    @Test
    void aRecordThatAnotherInstanceProcessedIsNotMissing() {
        JdbcRecordRepository database = database();
        ChangedSelection selection = deletions(database);
        poll(selection, "a");
        poll(deletions(database), "a", "b");
        Reading reading = selection.begin("list");
        claim(reading, "a", "b");

        assertThat(missing(reading)).isEmpty();
    }

    @Test
    void theContentCountsNoMoreOnceItWasReadLater() {
        ChangedSelection selection = selection(false, null);
        assertThat(versions(selection, AT, "A", AT + 1, "B", AT + 9_999, "B", AT + 10_000, "C")).containsExactly("A", "B", "C");
        assertThat(versions(selection(false, null), AT, "A", AT + 10_000, "A", AT + 10_001, "B")).containsExactly("A");
    }

    @Test
    void rowsWithoutAKeyThatAreGoneFromAnEmptyListAreNewWhenTheyAreBack() {
        ChangedSelection selection = new ChangedSelection(
                new ChangedSelection.Settings(new RecordType(null, null, List.of(), false, null), false, true, false, 1, 10),
                null);
        assertThat(poll(selection, "a", "b")).containsExactly("a", "b");
        assertThat(poll(selection, "a", "b")).isEmpty();
        assertThat(poll(selection)).isEmpty();
        assertThat(poll(selection, "a", "b")).containsExactly("a", "b");
    }

    @Test
    void aRecordThatMovesToOneOfTheNextPagesIsNotClaimedAgain() {
        ChangedSelection selection = selection(false, null);
        Reading reading = selection.begin("list");
        List<Claim> claims = new ArrayList<>();
        for (int page = 0; page < 4; page++) {
            claims.add(reading.claim(record("a", null, "v" + page), 0));
            if (claims.get(page) != null && claims.get(page) != Reading.IN_FLIGHT) {
                claims.get(page).processed();
            }
            assertThat(reading.hasMore(new Page(List.of(), null, null, null, null), 0)).isTrue();
        }
        assertThat(claims.subList(1, 3)).containsOnly(Reading.IN_FLIGHT);
        assertThat(claims.get(3)).isNotNull().isNotSameAs(Reading.IN_FLIGHT);
    }

    /** Memory takes one record of each of 64 parts. */
    @Test
    void looksUpWhatMemoryHasNoRoomFor() {
        JdbcRecordRepository database = database();
        try (LogCapture log = LogCapture.from(Level.WARN)) {
            ProcessedRecords records = new ProcessedRecords(database, false, 10, 0);
            assertThat(records.isFull()).isFalse();
            assertThat(process(records, 100)).isEqualTo(100);
            assertThat(records.isFull()).isTrue();
            assertThat(process(records, 100)).isZero();
            ProcessedRecords restarted = new ProcessedRecords(database, false, 10, 0);
            restarted.beginPoll("list");
            assertThat(restarted.isFull()).isTrue();
            assertThat(process(restarted, 100)).isZero();

            assertThat(log.lines()).hasSize(2)
                    .allMatch(line -> line.contains("Other records are looked up in the idempotentRepository in every poll"));
        }
    }

    @Test
    void warnsThatDeletionsAreNotFoundIfMemoryIsFull() {
        try (LogCapture log = LogCapture.from(Level.WARN)) {
            ProcessedRecords records = new ProcessedRecords(null, true, 10, 0);
            process(records, 100);
            assertThat(records.missing("list").rows(null)).isEmpty();
            process(new ProcessedRecords(null, false, 10, 0), 100);

            assertThat(log.lines()).hasSize(2)
                    .allMatch(line -> line.contains("Other records are delivered again by every poll"));
            assertThat(log.lines()).filteredOn(line -> line.contains("Deletions are not found")).singleElement()
                    .satisfies(line -> assertThat(line).isEqualTo(log.lines().peek()));
        }
    }

    @Test
    void onlyARecordRepositoryLooksUpManyAndOnlyWithDeletionsTheyAreFound() {
        IdempotentRepository keys = new MemoryIdempotentRepository();
        for (boolean deletions : List.of(true, false)) {
            ProcessedRecords records = new ProcessedRecords(database(), deletions, 10, 0);
            assertThat(records.looksUpMany()).isTrue();
            assertThat(records.findsDeletions()).isEqualTo(deletions);
            ProcessedRecords memory = new ProcessedRecords(null, deletions, 10, 0);
            assertThat(memory.looksUpMany()).isEqualTo(deletions);
            assertThat(memory.findsDeletions()).isEqualTo(deletions);
        }
        assertThat(new ProcessedRecords(keys, false, 10, 0).looksUpMany()).isFalse();
        assertThat(selection(false, null).begin("list").mayReadOutOfOrder()).isTrue();
    }

    private static int process(ProcessedRecords records, int count) {
        records.beginPoll("list");
        List<Claim> claims = new ArrayList<>();
        IntStream.range(0, count).forEach(i -> {
            Claim claim = records.claim(RecordId.of("list", "list/" + i, null), record(String.valueOf(i), null, ""), true, 0);
            if (claim != null) {
                claims.add(claim);
            }
        });
        claims.forEach(Claim::processed);
        records.endPoll();
        return claims.size();
    }

    /** Reads one record several times, and returns the versions that were claimed. */
    private static List<String> versions(ChangedSelection selection, Object... readings) {
        List<String> claimed = new ArrayList<>();
        for (int i = 0; i < readings.length; i += 2) {
            Reading reading = selection.begin("list");
            Claim claim = reading.claim(record("a", UPDATED, (String) readings[i + 1]), (long) readings[i]);
            if (claim != null) {
                claimed.add((String) readings[i + 1]);
                claim.processed();
            }
            selection.polled(true);
        }
        return claimed;
    }

    /** Polls a list, and returns the records that were claimed. */
    private static List<String> poll(ChangedSelection selection, String... ids) {
        List<String> claimed = new ArrayList<>();
        Reading reading = selection.begin("list");
        for (String id : ids) {
            Claim claim = claim(reading, id);
            if (claim != null) {
                claimed.add(id);
                claim.processed();
            }
        }
        reading.end(true, false);
        selection.flush();
        selection.polled(true);
        return claimed;
    }

    /** Claims records, and returns the last claim. */
    private static Claim claim(Reading reading, String... ids) {
        Claim claim = null;
        for (String id : ids) {
            claim = reading.claim(record(id, null, ""), 0);
        }
        return claim;
    }

    private static List<String> missing(Reading reading) {
        return reading.missing().rows(null).stream().filter(reading.missing()::contains).map(Row::key).toList();
    }

    private static ChangedSelection deletions(IdempotentRepository repository) {
        return selection(true, repository);
    }

    private static ChangedSelection selection(boolean deletions, IdempotentRepository repository) {
        return new ChangedSelection(new ChangedSelection.Settings(new RecordType("lago_id", "lago_id", List.of(), true, null),
                false, true, deletions, 1, 10), repository);
    }

    private static JdbcRecordRepository database() {
        JdbcDataSource database = new JdbcDataSource();
        database.setUrl("jdbc:h2:mem:processed" + ++databases + ";DB_CLOSE_DELAY=-1");
        JdbcRecordRepository repository = new JdbcRecordRepository(database);
        repository.init();
        return repository;
    }

    private static LagoRecord record(String id, String updatedAt, String version) {
        byte[] json = ("{\"id\":\"" + id + "\",\"version\":\"" + version + "\"}").getBytes(StandardCharsets.UTF_8);
        return new LagoRecord(null, updatedAt == null ? Map.of("lago_id", id) : Map.of("lago_id", id, "updated_at", updatedAt),
                json, 0, json.length);
    }
}
