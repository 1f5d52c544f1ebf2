package io.github.camellago.events;

import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

import io.github.camellago.catalog.PathTemplate;

/** Billable metrics, by code. */
final class MetricSource implements ReferenceSource<Metric> {

    private final ReferenceCalls calls;
    private final LongSupplier nanoTime;
    private Long listed;

    MetricSource(ReferenceCalls calls, LongSupplier nanoTime) {
        this.calls = calls;
        this.nanoTime = nanoTime;
    }

    /** Most events name one of a few metrics, so the list is read unless it has just been read. */
    @Override
    public boolean isListCheaper(int names) {
        return listed == null || nanoTime.getAsLong() - listed >= ReferenceCache.MINUTE;
    }

    @Override
    public boolean list(int names, BiConsumer<String, Metric> found) {
        long now = nanoTime.getAsLong();
        calls.list("billable_metrics", null, record -> found.accept(String.valueOf(record.get("code")), Metric.of(record)),
                pages -> true);
        listed = now;
        return true;
    }

    @Override
    public Metric get(String code) {
        Map<?, ?> record = calls.get("billable_metrics/" + PathTemplate.encodeSegment(code), null, "billable_metric");
        return record == null ? null : Metric.of(record);
    }

    @Override
    public int farthest(String unknown) {
        return Integer.MAX_VALUE;
    }
}
