package io.github.camellago.poll;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.github.camellago.LogCapture;
import io.github.camellago.catalog.RecordType;
import io.github.camellago.client.Iso8601;
import io.github.camellago.client.LagoRecord;
import io.github.camellago.client.Page;
import io.github.camellago.poll.Reading.Claim;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;
import org.apache.camel.support.processor.state.MemoryStateRepository;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Which records {@code readMode=new} claims, and what it asks Lago for. */
class NewSelectionTest {

    private static final long NOON = Iso8601.millis("2026-03-01T12:00:00Z");
    private static final long MINUTE = 60_000;
    private static final String NEWEST_FIRST = "created_at desc";
    private static final String BY_DATE = "issuing_date desc";
    private static final int LIMIT = 20_000;
    private static final long LONG_AGO = NOON - 600 * MINUTE;

    private final List<String> stored = new ArrayList<>();
    private final Map<String, Claim> claims = new HashMap<>();
    private final MemoryStateRepository offsets = new MemoryStateRepository() {
        @Override
        public void setState(String key, String value) {
            stored.add(value);
            super.setState(key, value);
        }
    };

    @BeforeEach
    void start() {
        offsets.start();
    }

    @Test
    void aRecordInFlightIsNotClaimedAgainUntilItFails() {
        NewSelection selection = selection(NEWEST_FIRST, null);
        read(selection, NOON, record("a", NOON), record("b", NOON));
        claims.get("b").processed();

        Reading next = selection.begin("list");
        assertThat(next.claim(record("a", NOON), NOON)).isSameAs(Reading.IN_FLIGHT);
        assertThat(next.claim(record("b", NOON), NOON)).isNull();
        claims.get("a").failed();
        assertThat(next.claim(record("a", NOON), NOON)).isNotNull().isNotSameAs(Reading.IN_FLIGHT);
    }

    @Test
    void aRecordInFlightStaysSoWhenAnEarlierReadingMovesTheOffset() {
        NewSelection selection = selection(NEWEST_FIRST, null);
        read(selection, NOON, record("a", NOON));
        read(selection, NOON + MINUTE, record("b", NOON + MINUTE), record("a", NOON));
        claims.get("a").processed();
        assertThat(stored).hasSize(1);

        assertThat(selection.begin("list").claim(record("b", NOON + MINUTE), NOON)).isSameAs(Reading.IN_FLIGHT);
    }

    @Test
    void aRecordWithoutATimeIsProcessedOnceAlthoughNoOffsetCoversIt() {
        NewSelection selection = selection(NEWEST_FIRST, null);
        for (int poll = 0; poll < 3; poll++) {
            read(selection, NOON + poll, record("a", NOON), record("timeless", null));
            claims.values().forEach(Claim::processed);
            assertThat(claims).hasSize(2);
        }
    }

    @Test
    void aRecordCreatedAtTheFloorIsRemembered() {
        NewSelection selection = selection(NEWEST_FIRST, null);
        for (int poll = 0; poll < 3; poll++) {
            read(selection, NOON, record("a", NOON), record("b", NOON - MINUTE));
            claims.values().forEach(Claim::processed);
            assertThat(claims).hasSize(2);
            assertThat(offset().floor()).isEqualTo(NOON - MINUTE);
            assertThat(offset().processed()).hasSize(2);
            claims.clear();
            claims.put("a", Reading.IN_FLIGHT);
            claims.put("b", Reading.IN_FLIGHT);
        }
    }

    @Test
    void aReadingInWhichARecordFailedDoesNotMoveTheOffsetLater() {
        NewSelection selection = selection(NEWEST_FIRST, null);
        read(selection, NOON, record("a", NOON - 60 * MINUTE), record("b", NOON));
        claims.remove("b").processed();
        claims.remove("a").failed();
        selection.begin("list").end(false, false);

        assertThat(stored).isEmpty();
        read(selection, NOON, record("a", NOON - 60 * MINUTE), record("b", NOON));
        assertThat(claims).containsOnlyKeys("a");
    }

    @Test
    void aReadingWithoutANewRecordMovesTheOffset() {
        offsets.setState("list", new Offset(NOON - MINUTE, NOON, Map.of()).toText());
        read(selection(NEWEST_FIRST, null), NOON + 20 * MINUTE, record("a", NOON - MINUTE - 1));
        assertThat(offset().floor()).isEqualTo(NOON - MINUTE);
        read(selection(NEWEST_FIRST, null), NOON + 20 * MINUTE, record("b", NOON + 20 * MINUTE));
        claims.get("b").processed();
        assertThat(offset().floor()).isEqualTo(NOON + 19 * MINUTE);
    }

    @Test
    void storesTheOffsetOnlyIfItHasChanged() {
        NewSelection selection = selection(NEWEST_FIRST, null);
        read(selection, NOON, record("a", NOON));
        claims.get("a").processed();
        read(selection, NOON + MINUTE, record("a", NOON));
        read(selection, NOON + 2 * MINUTE, record("a", NOON));
        assertThat(stored).hasSize(1);

        // the same floor, and another record
        read(selection, NOON + 3 * MINUTE, record("a", NOON), record("b", NOON - 1));
        claims.get("b").processed();
        assertThat(stored).hasSize(2);
        // another floor, and the same records
        read(selection, NOON + 20 * MINUTE, record("a", NOON));
        assertThat(stored).hasSize(3);
    }

    @Test
    void aRecordThatTheRepositoryCannotLookUpIsClaimedByTheNextPoll() {
        MemoryIdempotentRepository repository = new MemoryIdempotentRepository() {
            @Override
            public boolean contains(String key) {
                if (claims.isEmpty()) {
                    claims.put("failed", Reading.IN_FLIGHT);
                    throw new IllegalStateException("the database is down");
                }
                return super.contains(key);
            }
        };
        repository.start();
        NewSelection selection = selection(NEWEST_FIRST, repository);
        Reading first = selection.begin("list");
        assertThatThrownBy(() -> first.claim(record("a", NOON), NOON)).hasMessage("the database is down");
        first.end(false, false);

        assertThat(selection.begin("list").claim(record("a", NOON), NOON)).isNotNull().isNotSameAs(Reading.IN_FLIGHT);
    }

    @ParameterizedTest
    @CsvSource({"600, 60", "601, 5"})
    void theFloorIsFiveSecondsBeforeTheNewestRecordAfterMoreThanTenMinutes(int idle, int overlap) {
        NewSelection selection = selection(NEWEST_FIRST, null);
        read(selection, NOON, record("a", NOON - idle * 1000L));
        claims.get("a").processed();

        assertThat(offset().floor()).isEqualTo(NOON - (idle + overlap) * 1000L);
    }

    @Test
    void theFloorOfAListByDateMovesWithEachReadingIfItIsNeverReadCompletelyAgain() {
        NewSelection selection = new NewSelection(type(BY_DATE, null), Map.of(), 0, null, offsets);
        offsets.setState("list", new Offset(0, NOON - 60 * MINUTE, Map.of()).toText());
        read(selection, NOON, record("a", NOON));
        claims.get("a").processed();

        assertThat(offset().floor()).isEqualTo(NOON - MINUTE);
        Reading next = selection.begin("list");
        next.claim(record("a", NOON), NOON + 60 * MINUTE);
        assertThat(next.hasMore(new Page(List.of(), 2, null, null, null), NOON + 60 * MINUTE)).isFalse();
    }

    /** The time of the last complete reading is wrong if it is in the future. */
    @ParameterizedTest
    @CsvSource({"-60, true", "-59, false", "59, false", "60, true"})
    void aListByDateIsReadCompletelyIfTheLastTimeIsAnIntervalAway(int minutes, boolean complete) {
        offsets.setState("list", new Offset(NOON, NOON + minutes * MINUTE, Map.of()).toText());
        Reading reading = selection(BY_DATE, null).begin("list");
        reading.claim(record("a", NOON - 1), NOON);

        assertThat(reading.hasMore(new Page(List.of(), 2, null, null, null), NOON)).isEqualTo(complete);
        assertThat(reading.mayReadOutOfOrder()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"created_at asc, , 2026-03-01T11:00:00Z", "created_at asc, 2026-03-01T10:00:00Z, 2026-03-01T11:00:00Z",
            "created_at asc, 2026-03-01T12:00:00Z, ", "created_at asc, 2026-03-01, ", "created_at desc, , 2026-02-28",
            "created_at desc, 2026-01-01, ", "timestamp desc, ,"})
    void asksLagoForRecordsSinceTheFloorUnlessAFilterAsksForFewer(String order, String filter, String asked) {
        Map<String, Object> filters = filter == null ? Map.of() : Map.of("since", filter);
        NewSelection selection = new NewSelection(type(order, "since"), filters, 0, null, offsets);
        assertThat(selection.fields()).containsExactly("lago_id", "created_at");
        assertThat(selection.begin("list").queryWindow()).isEmpty();
        offsets.setState("list", new Offset(NOON - 60 * MINUTE, NOON, Map.of()).toText());

        assertThat(selection.begin("list").queryWindow()).isEqualTo(asked == null ? Map.of() : Map.of("since", asked));
    }

    @Test
    void remembersTwentyThousandRecords() throws Exception {
        try (LogCapture log = LogCapture.from(Level.WARN)) {
            process(selection(BY_DATE, null), LIMIT, LONG_AGO, 1000);
            assertThat(log.lines()).isEmpty();
        }
        assertThat(offset().floor()).isEqualTo(LONG_AGO);
        assertThat(offset().processed()).hasSize(LIMIT);
    }

    /** The newest 20,000, and those of the last minute, as others may become visible between them. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void dropsTheOldestOfMoreRecordsUnlessTheyAreNeeded(boolean needed) throws Exception {
        NewSelection selection = selection(BY_DATE, null);
        try (LogCapture log = LogCapture.from(Level.WARN)) {
            long step = needed ? 1 : 1000;
            process(selection, LIMIT + 7, LONG_AGO, step);
            assertThat(offset().processed()).hasSize(needed ? LIMIT + 7 : LIMIT);
            assertThat(offset().floor()).isEqualTo(needed ? NOON - MINUTE : NOON - (LIMIT - 1) * step);
            process(selection, LIMIT + 9, LONG_AGO, step);
            assertThat(log.lines()).singleElement().asString()
                    .contains("list gets more than 20000 records within fullReadInterval");
        }
    }

    @Test
    void theRepositoryHasTheRecordsThatTheOffsetDrops() throws Exception {
        IdempotentRepository repository = MemoryIdempotentRepository.memoryIdempotentRepository(2 * LIMIT);
        repository.start();
        try (LogCapture log = LogCapture.from(Level.WARN)) {
            process(selection(BY_DATE, repository), LIMIT + 7, LONG_AGO, 1000);
            assertThat(log.lines()).isEmpty();
        }
        assertThat(offset().floor()).isEqualTo(LONG_AGO);
        assertThat(offset().processed()).hasSize(LIMIT);
    }

    @Test
    void doesNotWarnIfTheOffsetDropsNothing() {
        try (LogCapture log = LogCapture.from(Level.WARN)) {
            process(selection(BY_DATE, null), LIMIT + 7, NOON - MINUTE, 1);
            assertThat(log.lines()).isEmpty();
        }
        assertThat(offset().processed()).hasSize(LIMIT + 7);
    }

    /** Reads and processes records, the newest of which was created at noon, and each other one a step before. */
    private void process(NewSelection selection, int count, long floor, long step) {
        claims.clear();
        offsets.setState("list", new Offset(floor, 0, Map.of()).toText());
        read(selection, NOON,
                IntStream.range(0, count).mapToObj(i -> record(step + "#" + i, NOON - i * step)).toArray(LagoRecord[]::new));
        claims.values().forEach(Claim::processed);
    }

    private NewSelection selection(String order, IdempotentRepository repository) {
        return new NewSelection(type(order, null), Map.of(), 60 * MINUTE, repository, offsets);
    }

    private static RecordType type(String order, String since) {
        return new RecordType("lago_id", "lago_id", List.of(order), false, since);
    }

    /** Reads a list of one page. */
    private void read(NewSelection selection, long now, LagoRecord... records) {
        Reading reading = selection.begin("list");
        for (LagoRecord record : records) {
            Claim claim = reading.claim(record, now);
            if (claim != null && claim != Reading.IN_FLIGHT) {
                assertThat(claims.put(record.field("lago_id"), claim)).isNull();
            }
        }
        reading.hasMore(new Page(List.of(), 2, null, null, null), now);
        reading.end(true, false);
    }

    private static LagoRecord record(String id, Long created) {
        Map<String, String> fields = new HashMap<>(Map.of("lago_id", id));
        if (created != null) {
            fields.put("created_at", Instant.ofEpochMilli(created).toString());
        }
        return new LagoRecord(null, fields, new byte[0], 0, 0);
    }

    private Offset offset() {
        return Offset.parse(offsets.getState("list"));
    }
}
