package io.github.camellago.poll;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import io.github.camellago.client.Iso8601;
import io.github.camellago.client.LagoRecord;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Which records differ from which versions. */
class VersionTest {

    private static final String UPDATED = "2026-03-01T12:00:00Z";
    private static final long AT = Iso8601.millis(UPDATED);

    @Test
    void aRecordDiffersByItsTime() {
        long version = Version.of(record(UPDATED, "A"), AT + 60_000);

        assertThat(Version.differs(record(UPDATED, "A"), version)).isFalse();
        assertThat(Version.differs(record("2026-03-01T12:00:01Z", "A"), version)).isTrue();
    }

    @Test
    void theContentCountsWhileTheTimeIsYoung() {
        assertThat(Version.differs(record(UPDATED, "B"), Version.of(record(UPDATED, "A"), AT + 9_999))).isTrue();
        assertThat(Version.differs(record(UPDATED, "B"), Version.of(record(UPDATED, "A"), AT + 10_000))).isFalse();
    }

    @Test
    void theContentCountsNoMoreOnceItWasComparedLater() {
        long young = Version.of(record(UPDATED, "A"), AT);

        assertThat(Version.differs(record(UPDATED, "B"), Version.settle(record(UPDATED, "A"), AT + 9_999, young))).isTrue();
        assertThat(Version.differs(record(UPDATED, "B"), Version.settle(record(UPDATED, "A"), AT + 10_000, young))).isFalse();
    }

    @Test
    void aRecordWithoutTimeDiffersByItsContent() {
        long version = Version.of(record(null, "A"), AT);

        assertThat(Version.differs(record(null, "A"), version)).isFalse();
        assertThat(Version.differs(record(null, "B"), version)).isTrue();
    }

    @Test
    void noVersionIsZero() {
        assertThat(Version.of(record(UPDATED, "A"), AT)).isNotZero();
        assertThat(Version.of(record(UPDATED, "A"), AT + 60_000)).isNotZero();
        assertThat(Version.of(record(null, "A"), AT)).isNotZero();
    }

    private static LagoRecord record(String updatedAt, String name) {
        byte[] json = ("{\"name\":\"" + name + "\"}").getBytes(StandardCharsets.UTF_8);
        return new LagoRecord(null, updatedAt == null ? Map.of() : Map.of("updated_at", updatedAt), json, 0, json.length);
    }
}
