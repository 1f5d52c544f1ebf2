package io.github.camellago.poll;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import io.github.camellago.catalog.RecordType;
import io.github.camellago.client.LagoRecord;
import io.github.camellago.poll.Reading.Claim;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Which records {@code readMode=all} delivers. */
class AllSelectionTest {

    @Test
    void deliversARecordOncePerPollOverAllLists() {
        AllSelection selection = selection("lago_id");
        Reading reading = selection.begin("list");
        assertThat(reading.claim(record("a"), 0)).isNotNull();
        assertThat(reading.claim(record("a"), 0)).isNull();
        assertThat(selection.begin("other").claim(record("a"), 0)).isNotNull();
        selection.polled(true);

        assertThat(selection.begin("list").claim(record("a"), 0)).isNotNull();
    }

    @Test
    void continuesAfterAnInterruptedPoll() {
        AllSelection selection = selection("lago_id");
        Reading reading = selection.begin("list");
        reading.claim(record("a"), 0).processed();
        Claim failed = reading.claim(record("b"), 0);
        selection.polled(false);
        failed.failed();

        Reading next = selection.begin("list");
        assertThat(next.claim(record("a"), 0)).isNull();
        assertThat(next.claim(record("b"), 0)).isNotNull();
        assertThat(next.claim(record("c"), 0)).isNotNull();
    }

    @Test
    void equalRowsWithoutAKeyAreAsManyAsThereAre() {
        AllSelection selection = selection(null);
        Reading reading = selection.begin("list");
        assertThat(reading.claim(record("a"), 0)).isNotNull();
        assertThat(reading.claim(record("a"), 0)).isNotNull();
        selection.polled(false);

        Reading next = selection.begin("list");
        assertThat(next.claim(record("a"), 0)).isNull();
        assertThat(next.claim(record("a"), 0)).isNull();
        assertThat(next.claim(record("a"), 0)).isNotNull();
    }

    @Test
    void readsPagesOutOfOrderIfARecordMayBeMissed() {
        RecordType type = RecordType.UNKNOWN;
        assertThat(new AllSelection(type, false, true).begin("list").mayReadOutOfOrder()).isTrue();
        assertThat(new AllSelection(type, false, false).begin("list").mayReadOutOfOrder()).isFalse();
        assertThat(new AllSelection(type, false, true).fields()).containsExactly("lago_id");
    }

    private static AllSelection selection(String key) {
        return new AllSelection(new RecordType("lago_id", key, List.of(), false, null), false, true);
    }

    private static LagoRecord record(String id) {
        byte[] json = ("{\"lago_id\":\"" + id + "\"}").getBytes(StandardCharsets.UTF_8);
        return new LagoRecord(null, Map.of("lago_id", id), json, 0, json.length);
    }
}
