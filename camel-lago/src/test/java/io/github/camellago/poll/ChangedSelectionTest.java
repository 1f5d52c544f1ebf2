package io.github.camellago.poll;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.camellago.BodyType;
import io.github.camellago.catalog.RecordType;
import io.github.camellago.client.Binding;
import io.github.camellago.client.Envelope;
import io.github.camellago.client.Iso8601;
import io.github.camellago.client.LagoRecord;
import io.github.camellago.client.LagoResponse;
import io.github.camellago.poll.Reading.Claim;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The repository of {@code readMode=changed}. */
class ChangedSelectionTest {

    private final MemoryIdempotentRepository repository = new MemoryIdempotentRepository();

    @BeforeEach
    void start() {
        repository.start();
    }

    @Test
    void replacesTheKeyOfTheEarlierVersion() {
        ChangedSelection selection = selection("lago_id");
        process(selection, record("a", "1"), record("b", "1"));
        List<String> first = List.copyOf(repository.getCache().keySet().stream().map(String::valueOf).toList());
        process(selection, record("a", "2"), record("b", "1"));

        assertThat(repository.getCacheSize()).isEqualTo(2);
        assertThat(first).filteredOn(key -> key.startsWith("list/a@")).singleElement()
                .satisfies(key -> assertThat(repository.contains(key)).isFalse());
        assertThat(first).filteredOn(key -> key.startsWith("list/b@")).singleElement()
                .satisfies(key -> assertThat(repository.contains(key)).isTrue());
    }

    @Test
    void keepsTheKeyOfTheEarlierVersionIfTheNewOneFails() {
        ChangedSelection selection = selection("lago_id");
        process(selection, record("a", "1"));
        List<?> before = List.copyOf(repository.getCache().keySet());
        selection.begin("list").claim(record("a", "2"), 0).failed();

        assertThat(repository.getCache()).containsOnlyKeys(before.toArray(String[]::new));
        assertThat(selection.begin("list").claim(record("a", "2"), 0)).isNotNull();
    }

    @Test
    void forgetsARowWithoutAnIdThatIsGone() {
        ChangedSelection selection = selection(null);
        process(selection, record("a", "1"), record("b", "1"));
        process(selection, record("b", "1"));

        assertThat(repository.getCacheSize()).isEqualTo(1);
        assertThat(selection.begin("list").claim(record("b", "1"), 0)).isNull();
        assertThat(selection.begin("list").claim(record("a", "1"), 0)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void forgetsNoRowAfterAReadingThatMayHaveMissedSome(boolean interrupted) {
        ChangedSelection selection = selection(null);
        process(selection, record("a", "1"), record("b", "1"));
        Reading reading = selection.begin("list");
        reading.claim(record("b", "1"), 0);
        reading.end(!interrupted, !interrupted);

        assertThat(selection.begin("list").claim(record("a", "1"), 0)).isNull();
    }

    @Test
    void claimsARecordInFlightNoSecondTime() {
        ChangedSelection selection = selection("lago_id");
        Claim claim = selection.begin("list").claim(record("a", "1"), 0);

        assertThat(selection.begin("list").claim(record("a", "2"), 0)).isSameAs(Reading.IN_FLIGHT);
        claim.processed();
        assertThat(selection.begin("list").claim(record("a", "2"), 0)).isNotSameAs(Reading.IN_FLIGHT).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({", true", "2026-03-01T12:00:00Z, true", "2026-03-01T12:00:00Z, false", ", false"})
    void theNextInstanceClaimsWhatTheRepositoryDoesNotHave(String updatedAt, boolean versions) {
        long at = updatedAt == null ? 0 : Iso8601.millis(updatedAt);
        // the content counts only in the first one
        for (long readAt : List.of(at, at + 60_000)) {
            repository.clear();
            Claim first = selection("lago_id", versions).begin("list").claim(record("a", updatedAt, "1"), readAt);
            first.processed();
            Reading restarted = selection("lago_id", versions).begin("list");
            assertThat(restarted.claim(record("a", updatedAt, "1"), readAt)).isNull();

            boolean changed = versions && (updatedAt == null || readAt == at);
            Claim second = selection("lago_id", versions).begin("list").claim(record("a", updatedAt, "2"), readAt);
            assertThat(second != null).isEqualTo(changed);
            assertThat(selection("lago_id", versions).begin("list").claim(record("b", updatedAt, "1"), readAt)).isNotNull();
        }
    }

    @Test
    void aVersionThatAnotherInstanceProcessedIsNotClaimed() {
        ChangedSelection one = selection("lago_id");
        ChangedSelection two = selection("lago_id");
        process(one, record("a", "1"));
        process(two, record("a", "1"));
        process(two, record("a", "2"));

        assertThat(one.begin("list").claim(record("a", "2"), 0)).isNull();
    }

    @Test
    void aVersionIsClaimedAgainIfNobodyKnowsWhichOfTwoCameLast() {
        ChangedSelection one = selection("lago_id");
        process(one, record("a", "1"));
        // a consumer that did not know the first version does not remove its key
        process(selection("lago_id"), record("a", "2"));

        assertThat(one.begin("list").claim(record("a", "2"), 0)).isNotNull();
    }

    @Test
    void knowsRecordsFromThePollBefore() {
        ChangedSelection selection = selection("lago_id");
        assertThat(selection.begin("list").known()).isNull();
        process(selection, record("a", "2026-03-01T12:00:00Z", "1"), record("b", "1"));
        selection.polled(true);

        assertThat(selection.begin("list").known()).accepts(record("a", "2026-03-01T12:00:00Z", "1"), record("b", "1"))
                .rejects(record("a", "2026-03-01T12:00:01Z", "1"), record("b", "2"), record("c", "1"));
    }

    @Test
    void leavesARecordWithoutABodyToTheNextPoll() throws Exception {
        ChangedSelection selection = selection("lago_id");
        LagoRecord unread = Envelope
                .page(LagoResponse.of("{\"invoices\":[{\"lago_id\":\"a\"}]}".getBytes(StandardCharsets.UTF_8)),
                        "invoices", new Binding(BodyType.MAP, null), Set.of("lago_id"), record -> true)
                .records().get(0);

        assertThat(selection.begin("list").claim(unread, 0)).isSameAs(Reading.IN_FLIGHT);
        assertThat(selection.begin("list").claim(record("a", "1"), 0)).isNotSameAs(Reading.IN_FLIGHT).isNotNull();
    }

    @Test
    void looksAtKeysAndTimes() {
        assertThat(new ChangedSelection(
                new ChangedSelection.Settings(new RecordType("code", "lago_id", List.of(), true, null), false,
                        true, false, 1, 100),
                repository).fields()).containsExactly("lago_id", "updated_at");
    }

    private ChangedSelection selection(String key) {
        return selection(key, true);
    }

    private ChangedSelection selection(String key, boolean versions) {
        return new ChangedSelection(new ChangedSelection.Settings(new RecordType("lago_id", key, List.of(), false, null), false,
                versions, false, 1, 100), repository);
    }

    private static void process(ChangedSelection selection, LagoRecord... records) {
        Reading reading = selection.begin("list");
        for (LagoRecord record : records) {
            Claim claim = reading.claim(record, 0);
            if (claim != null) {
                claim.processed();
            }
        }
        reading.end(true, false);
    }

    private static LagoRecord record(String id, String version) {
        return record(id, null, version);
    }

    private static LagoRecord record(String id, String updatedAt, String version) {
        byte[] json = ("{\"lago_id\":\"" + id + "\",\"version\":\"" + version + "\"}").getBytes(StandardCharsets.UTF_8);
        Map<String, String> fields = updatedAt == null ? Map.of("lago_id", id) : Map.of("lago_id", id, "updated_at", updatedAt);
        return new LagoRecord(null, fields, json, 0, json.length);
    }
}
