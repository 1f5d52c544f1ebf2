package io.github.camellago.events;

import java.util.List;

import io.github.camellago.api.LagoException;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import org.apache.camel.CamelContext;
import org.apache.camel.support.CamelContextHelper;

/** One span for each batch, in a trace of its own, with links to the spans of the messages. */
final class OpenTelemetryBatchSpans extends BatchSpans {

    private final CamelContext context;

    OpenTelemetryBatchSpans(CamelContext context) {
        this.context = context;
    }

    @Override
    Object current() {
        SpanContext current = Span.current().getSpanContext();
        return current.isSampled() ? current : null;
    }

    @Override
    void trace(List<Object> messages, Runnable delivery) {
        List<SpanContext> links = messages.stream().filter(SpanContext.class::isInstance).map(SpanContext.class::cast).toList();
        if (links.isEmpty()) {
            delivery.run();
            return;
        }
        SpanBuilder builder = tracer().spanBuilder("batch events").setParent(Context.root()).setSpanKind(SpanKind.CLIENT)
                .setAttribute("component", "camel-lago").setAttribute("lago.resource", "events")
                .setAttribute("lago.operation", "batch").setAttribute("messaging.batch.message_count", (long) messages.size());
        links.forEach(builder::addLink);
        Span span = builder.startSpan();
        try (Scope scope = span.makeCurrent()) {
            delivery.run();
        } catch (RuntimeException | Error e) {
            fail(span, e);
            throw e;
        } finally {
            span.end();
        }
    }

    /** Records what happened without the message, which may quote the server. */
    private static void fail(Span span, Throwable error) {
        span.setStatus(StatusCode.ERROR);
        span.setAttribute("error.type", error.getClass().getName());
        if (error instanceof LagoException lago && lago.getStatusCode() > 0) {
            span.setAttribute("http.response.status_code", lago.getStatusCode());
        }
    }

    /** The tracer that camel-opentelemetry2 uses, too. */
    private Tracer tracer() {
        Tracer tracer = CamelContextHelper.findSingleByType(context, Tracer.class);
        if (tracer != null) {
            return tracer;
        }
        OpenTelemetry telemetry = CamelContextHelper.findSingleByType(context, OpenTelemetry.class);
        return (telemetry == null ? GlobalOpenTelemetry.get() : telemetry).getTracer("camel-lago");
    }
}
