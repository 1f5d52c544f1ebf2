package io.github.camellago.poll;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.camellago.api.LagoObserver;
import io.github.camellago.catalog.Catalog;
import io.github.camellago.catalog.RecordType;
import io.github.camellago.client.GuardedObserver;
import io.github.camellago.client.LagoRecord;
import io.github.camellago.client.LagoResponse;
import io.github.camellago.client.Page;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What a consumer knows of its polls. */
class PollMetricsTest {

    private static final long MOMENT = 1_772_366_400_000L;

    private final List<String> reported = new ArrayList<>();
    private final LagoObserver observer = new LagoObserver() {
        @Override
        public void page(Reader reader, int records) {
            reported.add("page " + records);
        }

        @Override
        public void polled(Reader reader, PollOutcome outcome, int messages, Duration took) {
            assertThat(took).isBetween(Duration.ZERO, Duration.ofMinutes(5));
            reported.add(outcome + " " + messages);
        }

        @Override
        public void position(Reader reader, Instant newest, Instant processed) {
            reported.add(newest + " " + processed);
        }
    };
    private final PollMetrics metrics = new PollMetrics(new GuardedObserver(observer),
            new LagoObserver.Reader("route", "customers"),
            type("customers"));

    private static RecordType type(String resource) {
        return Catalog.get().entries().stream()
                .filter(entry -> entry.operations().stream().anyMatch(o -> o.path().toString().equals(resource)))
                .findFirst().orElseThrow().records();
    }

    private static LagoRecord record(String updatedAt) {
        Map<String, String> fields = updatedAt == null ? Map.of() : Map.of("updated_at", updatedAt);
        return new LagoRecord("{}", fields, new byte[]{'{', '}'}, 0, 2);
    }

    @Test
    void distinguishesPollsInWhichMessagesOnlyFailed() {
        assertThat(metrics.onlyFailed()).isFalse();
        metrics.failed();
        assertThat(metrics.onlyFailed()).isTrue();
        assertThat(metrics.onlyFailed()).isFalse();
        metrics.failed();
        metrics.completed(MOMENT);
        assertThat(metrics.onlyFailed()).isFalse();
        metrics.failed();
        metrics.known(MOMENT);
        assertThat(metrics.onlyFailed()).isTrue();
        metrics.completed(MOMENT);
        assertThat(metrics.onlyFailed()).isFalse();
    }

    @Test
    void aPollIsCompleteWithoutFailuresAndInterruptions() {
        metrics.begin();
        assertThat(metrics.isComplete()).isTrue();
        metrics.list(true);
        assertThat(metrics.isComplete()).isTrue();
        metrics.failed();
        assertThat(metrics.isComplete()).isFalse();
        metrics.ended(true, 3);
        metrics.begin();
        metrics.list(false);
        metrics.list(true);
        assertThat(metrics.isComplete()).isFalse();
        metrics.ended(true, 2);
        metrics.begin();
        metrics.ended(true, 1);
        metrics.ended(false, 0);

        assertThat(reported).containsExactly("INCOMPLETE 3", "INCOMPLETE 2", "COMPLETE 1", "FAILED 0");
    }

    @Test
    void theNewestRecordsAreReported() {
        LagoRecord old = record("2026-01-01T00:00:00Z");
        LagoRecord recent = record("2026-03-01T12:00:00Z");
        LagoResponse answer = LagoResponse.of(new byte[0]);
        assertThat(metrics.field()).isEqualTo("updated_at");
        assertThat(metrics.moment(List.of(record(null)))).isEqualTo(PollMetrics.NEVER);
        assertThat(metrics.moment(List.of(recent, old, record(null)))).isEqualTo(MOMENT);

        metrics.begin();
        metrics.page(new Page(List.of(old, recent), null, null, null, answer));
        metrics.ended(true, 0);
        metrics.known(metrics.moment(List.of(old)));
        metrics.ended(true, 0);
        metrics.completed(MOMENT);
        metrics.completed(metrics.moment(List.of(old)));
        metrics.ended(true, 0);

        assertThat(reported).containsExactly("page 2", "COMPLETE 0", "2026-03-01T12:00:00Z null", "COMPLETE 0",
                "2026-03-01T12:00:00Z 2026-01-01T00:00:00Z", "COMPLETE 0", "2026-03-01T12:00:00Z 2026-03-01T12:00:00Z");
    }

    @Test
    void nothingIsDeterminedIfNobodyObserves() {
        PollMetrics unobserved = new PollMetrics(GuardedObserver.NONE, new LagoObserver.Reader("route", "plans"),
                type("plans"));

        assertThat(unobserved.field()).isNull();
        assertThat(unobserved.moment(List.of(record("2026-03-01T12:00:00Z")))).isEqualTo(PollMetrics.NEVER);
        assertThat(new PollMetrics(new GuardedObserver(observer), new LagoObserver.Reader("route", "plans"), type("plans"))
                .field())
                .isEqualTo("created_at");
    }
}
