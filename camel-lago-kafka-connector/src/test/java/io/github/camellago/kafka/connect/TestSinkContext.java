package io.github.camellago.kafka.connect;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;

/** Remembers what a sink task reports. */
final class TestSinkContext {

    private final List<Map.Entry<SinkRecord, Throwable>> reported = new ArrayList<>();
    private final List<Long> backoffs = new ArrayList<>();
    private boolean reporting = true;
    private boolean tolerant = true;

    /** The context: a proxy, because the interface has other methods in other versions of Kafka Connect. */
    SinkTaskContext get() {
        return (SinkTaskContext) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[]{SinkTaskContext.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("errantRecordReporter")) {
                        return reporter();
                    }
                    if (!method.getName().equals("timeout")) {
                        throw new UnsupportedOperationException(method.getName());
                    }
                    backoffs.add((Long) arguments[0]);
                    return null;
                });
    }

    private ErrantRecordReporter reporter() {
        return reporting ? (record, error) -> {
            reported.add(Map.entry(record, error));
            if (!tolerant) {
                throw new ConnectException("Tolerance exceeded in error handler", error);
            }
            return CompletableFuture.completedFuture(null);
        } : null;
    }

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

    /** As with {@code errors.tolerance=none} and an error topic. */
    void toleratesNothing() {
        tolerant = false;
    }

    /** As with a connector without an error topic and a log. */
    void reportsNothing() {
        reporting = false;
    }
}
