package io.github.camellago.poll;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.camellago.catalog.RecordType;
import io.github.camellago.client.Iso8601;
import io.github.camellago.client.LagoRecord;
import io.github.camellago.client.Page;
import io.github.camellago.poll.Reading.Claim;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;
import org.apache.camel.support.processor.state.MemoryStateRepository;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** When and where to the offset of {@code readMode=new} moves. Lago's clock is set by the tests. */
class OffsetMovesTest {

    private static final long NOON = Iso8601.millis("2026-03-01T12:00:00Z");
    private static final long HOUR = 3_600_000;
    private static final List<String> NEWEST_FIRST = List.of("created_at desc", "id asc");
    private static final List<String> BY_DATE = List.of("issuing_date desc", "created_at desc");
    private static final List<String> ANYWHERE = List.of("subscription_at desc", "created_at desc");

    private final MemoryStateRepository offsets = new MemoryStateRepository();
    private final Map<String, Claim> claims = new HashMap<>();

    @BeforeEach
    void start() {
        offsets.start();
    }

    @Test
    void movesToAMinuteBeforeTheFirstPage() {
        NewSelection selection = selection(NEWEST_FIRST);
        read(selection, NOON, "a", "12:00:00");
        process("a");

        assertThat(offset()).isEqualTo(new Offset(NOON - 60_000, NOON, Map.of(hash("a"), NOON)));
    }

    @Test
    void movesToAMinuteBeforeTheNewestRecordIfItsTimeIsEarlier() {
        read(selection(NEWEST_FIRST), NOON, "a", "11:58:00");
        process("a");

        assertThat(offset().floor()).isEqualTo(NOON - 180_000);
    }

    @Test
    void movesToFiveSecondsBeforeTheNewestRecordIfNothingWasCreatedForLong() {
        read(selection(NEWEST_FIRST), NOON, "a", "10:00:00");
        process("a");

        assertThat(offset().floor()).isEqualTo(NOON - 2 * HOUR - 5_000);
    }

    @Test
    void doesNotMoveWhileARecordIsInFlight() {
        read(selection(NEWEST_FIRST), NOON, "a", "11:59:00", "b", "11:59:10");
        process("a");
        assertThat(offset()).isNull();

        process("b");
        assertThat(offset()).isNotNull();
    }

    @Test
    void doesNotMoveWhileARecordOfAnEarlierReadingIsInFlight() {
        NewSelection selection = selection(NEWEST_FIRST);
        read(selection, NOON, "a", "11:00:00");
        read(selection, NOON + HOUR, "b", "12:59:00", "a", "11:00:00");
        process("b");
        assertThat(offset()).isNull();

        process("a");
        assertThat(offset().floor()).isEqualTo(NOON + HOUR - 120_000);
    }

    @Test
    void doesNotMoveByAReadingThatMetARecordBeforeItFailed() {
        NewSelection selection = selection(NEWEST_FIRST);
        read(selection, NOON, "a", "11:00:00");
        read(selection, NOON + HOUR, "b", "12:59:00", "a", "11:00:00");
        process("b");
        claims.remove("a").failed();
        assertThat(offset()).isNull();

        read(selection, NOON + 2 * HOUR, "b", "12:59:00", "a", "11:00:00");
        assertThat(claims).containsOnlyKeys("a");
        process("a");
        assertThat(offset().floor()).isEqualTo(NOON + HOUR - 65_000);
    }

    @Test
    void doesNotMoveAfterAnInterruptedReadingNorIfTheListMoved() {
        NewSelection selection = selection(NEWEST_FIRST);
        for (boolean interrupted : List.of(true, false)) {
            Reading reading = selection.begin("list");
            claim(reading, NOON, "a", "11:00:00");
            reading.end(!interrupted, !interrupted);
            if (interrupted) {
                process("a");
            }
        }
        assertThat(claims).isEmpty();
        assertThat(offset()).isNull();
    }

    @Test
    void readsAListByDateToItsEndAfterTheIntervalOnly() {
        NewSelection selection = selection(BY_DATE);
        read(selection, NOON, "a", "11:00:00");
        process("a");

        Reading soon = selection.begin("list");
        claim(soon, NOON + HOUR - 1, "a", "11:00:00");
        assertThat(soon.hasMore(page(), NOON + HOUR - 1)).isFalse();
        soon.end(true, false);
        Reading later = selection.begin("list");
        claim(later, NOON + HOUR, "a", "11:00:00");
        assertThat(later.hasMore(page(), NOON + HOUR)).isTrue();
    }

    @Test
    void readsOnWhileAPageOfAListByDateHasANewRecord() {
        NewSelection selection = selection(BY_DATE);
        read(selection, NOON, "a", "11:00:00");
        process("a");

        Reading reading = selection.begin("list");
        claim(reading, NOON + 1, "b", "12:00:00");
        assertThat(reading.hasMore(page(), NOON + 1)).isTrue();
        claim(reading, NOON + 1, "a", "11:00:00");
        assertThat(reading.hasMore(page(), NOON + 1)).isFalse();
    }

    @Test
    void keepsARecordThatMayBeAnywhereInReachOfTwoCompleteReadings() {
        for (List<String> order : List.of(BY_DATE, ANYWHERE)) {
            offsets.setState("list", new Offset(NOON - 10 * HOUR, NOON - 2 * HOUR, Map.of()).toText());
            read(selection(order), NOON, "a", "11:00:00");
            process("a");

            assertThat(offset().floor()).isEqualTo(NOON - 2 * HOUR - 5_000);
            assertThat(offset().processed()).containsOnlyKeys(hash("a"));
        }
    }

    @Test
    void readsANewestFirstListToTheFloor() {
        offsets.setState("list", new Offset(NOON - HOUR, NOON, Map.of()).toText());
        Reading reading = selection(NEWEST_FIRST).begin("list");
        claim(reading, NOON, "a", "11:00:00");
        assertThat(reading.hasMore(page(), NOON)).isTrue();
        claim(reading, NOON, "b", "10:59:59");
        assertThat(reading.hasMore(page(), NOON)).isFalse();
        assertThat(claims).containsOnlyKeys("a");
    }

    @Test
    void anOffsetIsTheSameAfterItWasStored() {
        Offset offset = new Offset(NOON, NOON + 1, Map.of(-5L, NOON, 7L, NOON + 99));

        assertThat(Offset.parse(offset.toText())).isEqualTo(offset);
        assertThat(offset.toText()).doesNotContain("=", "\n");
        for (int end = 0; end < offset.toText().length(); end++) {
            assertThat(Offset.parse(offset.toText().substring(0, end))).isNull();
        }
        assertThat(Offset.parse(null)).isNull();
    }

    private NewSelection selection(List<String> order) {
        return new NewSelection(new RecordType("lago_id", "lago_id", order, false, null), Map.of(), HOUR, null, offsets);
    }

    /** Reads a list of one page: ids, each with the time of its creation on that day. */
    private void read(NewSelection selection, long now, String... records) {
        Reading reading = selection.begin("list");
        claim(reading, now, records);
        reading.hasMore(page(), now);
        reading.end(true, false);
    }

    private void claim(Reading reading, long now, String... records) {
        for (int i = 0; i < records.length; i += 2) {
            LagoRecord record = new LagoRecord(null,
                    Map.of("lago_id", records[i], "created_at", "2026-03-01T" + records[i + 1] + "Z"), new byte[0], 0, 0);
            Claim claim = reading.claim(record, now);
            if (claim != null && claim != Reading.IN_FLIGHT) {
                claims.put(records[i], claim);
            }
        }
    }

    private void process(String id) {
        claims.remove(id).processed();
    }

    private static Page page() {
        return new Page(List.of(), 2, null, null, null);
    }

    private static long hash(String id) {
        return Hash.of("list/" + id);
    }

    private Offset offset() {
        return Offset.parse(offsets.getState("list"));
    }

    @Test
    void aRecordInTheRepositoryIsOld() {
        MemoryIdempotentRepository repository = new MemoryIdempotentRepository();
        repository.start();
        repository.add("list/a");
        NewSelection selection = new NewSelection(new RecordType("lago_id", "lago_id", NEWEST_FIRST, false, null),
                Map.of(),
                HOUR,
                repository, offsets);
        read(selection, NOON, "a", "11:59:00", "b", "11:59:10");

        assertThat(claims).containsOnlyKeys("b");
        process("b");
        assertThat(repository.contains("list/b")).isTrue();
        assertThat(offset().processed()).containsOnlyKeys(hash("a"), hash("b"));
    }
}
