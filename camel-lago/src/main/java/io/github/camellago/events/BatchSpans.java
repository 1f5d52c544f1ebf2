package io.github.camellago.events;

import java.util.List;

import org.apache.camel.CamelContext;

/** Traces batches that carry the events of several messages. This class does nothing, for a classpath without OpenTelemetry. */
class BatchSpans {

    static BatchSpans find(CamelContext context) {
        return context.getClassResolver().resolveClass("io.opentelemetry.api.trace.Span") == null
                ? new BatchSpans()
                : new OpenTelemetryBatchSpans(context);
    }

    /** The span of the message that the current thread processes, or null. */
    Object current() {
        return null;
    }

    /**
     * Delivers a batch.
     *
     * @param messages the spans of its messages, nulls included
     */
    void trace(List<Object> messages, Runnable delivery) {
        delivery.run();
    }
}
