package io.github.camellago.poll;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import io.github.camellago.catalog.RecordType;
import io.github.camellago.client.LagoRecord;
import io.github.camellago.poll.Reading.Claim;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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

    private ChangedSelection selection(String key) {
        return new ChangedSelection(new ChangedSelection.Settings(new RecordType("lago_id", key, List.of(), false, null), false,
                true, false, 1, 100), repository);
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
        byte[] json = ("{\"lago_id\":\"" + id + "\",\"version\":\"" + version + "\"}").getBytes(StandardCharsets.UTF_8);
        return new LagoRecord(null, Map.of("lago_id", id), json, 0, json.length);
    }
}
