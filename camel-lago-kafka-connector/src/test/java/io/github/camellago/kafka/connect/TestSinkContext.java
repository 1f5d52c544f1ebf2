package io.github.camellago.kafka.connect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;

/** Remembers what a sink task reports. */
final class TestSinkContext implements SinkTaskContext {

    private final List<Map.Entry<SinkRecord, Throwable>> reported = new ArrayList<>();
    private final List<Long> backoffs = new ArrayList<>();
    private boolean reporting = true;

    List<Map.Entry<SinkRecord, Throwable>> reported() {
        return reported;
    }

    Map<SinkRecord, Throwable> errors() {
        Map<SinkRecord, Throwable> errors = new LinkedHashMap<>();
        reported.forEach(error -> errors.put(error.getKey(), error.getValue()));
        return errors;
    }

    List<Long> backoffs() {
        return backoffs;
    }

    /** As with a connector without an error topic and a log. */
    void reportsNothing() {
        reporting = false;
    }

    @Override
    public Map<String, String> configs() {
        return Map.of();
    }

    @Override
    public void offset(Map<TopicPartition, Long> offsets) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void offset(TopicPartition partition, long to) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void timeout(long millis) {
        backoffs.add(millis);
    }

    @Override
    public Set<TopicPartition> assignment() {
        return Set.of();
    }

    @Override
    public void pause(TopicPartition... partitions) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void resume(TopicPartition... partitions) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void requestCommit() {
        throw new UnsupportedOperationException();
    }

    @Override
    public ErrantRecordReporter errantRecordReporter() {
        return reporting ? (record, error) -> {
            reported.add(Map.entry(record, error));
            return CompletableFuture.completedFuture(null);
        } : null;
    }
}
