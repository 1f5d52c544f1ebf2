package io.github.camellago.operation;

import java.io.Serializable;
import java.lang.ref.WeakReference;

import io.github.camellago.LagoConstants;
import io.github.camellago.catalog.BoundOperation;
import io.github.camellago.catalog.CatalogEntry;
import io.github.camellago.client.RateLimit;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/**
 * The headers that say what was done, and what of them steers the next call of a route. A header that a user sets wins over the
 * endpoint's options. What this component wrote itself only reports: its operation steers nothing, its id stands in where no
 * option gives one and the next call is about the same kind of object, and the body it handed over is not taken for a call's
 * parameters.
 *
 * <p>The report travels in a header beside the ones it is about, so that whatever copies the headers copies it too. A header is the
 * user's as soon as it holds anything but the very object that was written, be it an equal one.
 */
public final class ResponseHeaders {

    private ResponseHeaders() {}

    /** Sets the headers of an answer, whose body is in the message already. */
    public static void set(Exchange exchange, BoundOperation bound, String resource, Object id, Integer status,
            RateLimit rate) {
        set(exchange, bound, resource, bound.entry(), id, status, rate);
    }

    /** Sets the headers of an answer that is about an object of another resource; {@code about} is null where it is not known. */
    public static void set(Exchange exchange, BoundOperation bound, String resource, CatalogEntry about, Object id,
            Integer status,
            RateLimit rate) {
        Message message = exchange.getMessage();
        // new instances, to be told from equal ones that a user sets
        Report report = new Report(new String(bound.name()), id == null ? null : new String(id.toString()),
                kind(about), message.getBody());
        // what may be missing comes first: there is nothing to remove as long as a message is new
        setOrRemove(message, LagoConstants.RATE_LIMIT_LIMIT, rate.limit());
        setOrRemove(message, LagoConstants.RATE_LIMIT_REMAINING, rate.remaining());
        setOrRemove(message, LagoConstants.RATE_LIMIT_RESET, rate.reset());
        setOrRemove(message, LagoConstants.HTTP_RESPONSE_CODE, status);
        setOrRemove(message, LagoConstants.ID, report.id);
        message.setHeader(LagoConstants.REPORT, report);
        message.setHeader(LagoConstants.RESOURCE, resource);
        message.setHeader(LagoConstants.OPERATION, report.operation);
    }

    public static void setOrRemove(Message message, String name, Object value) {
        if (value == null) {
            message.removeHeader(name);
        } else {
            message.setHeader(name, value);
        }
    }

    /** The operation that a user asks for in the header, or null. */
    public static String operation(Message message) {
        Object header = message.getHeader(LagoConstants.OPERATION);
        return isBlank(header) || header == report(message).operation ? null : header.toString();
    }

    /** The id that a user gives in the header, or null. */
    public static Object id(Message message) {
        Object header = message.getHeader(LagoConstants.ID);
        return isBlank(header) || header == report(message).id ? null : header;
    }

    /** The id that an earlier call left, where that was about the same kind of object; else null. */
    public static Object earlierId(Message message, CatalogEntry entry) {
        Report report = report(message);
        return report.id != null && message.getHeader(LagoConstants.ID) == report.id && report.kind.equals(kind(entry))
                ? report.id
                : null;
    }

    /** Whether the body is what an earlier call, or the consumer, handed over. */
    public static boolean bodyIsEarlier(Message message) {
        Object body = message.getBody();
        return body != null && report(message).wrote(body);
    }

    public static boolean isBlank(Object value) {
        return value == null || value.toString().isBlank();
    }

    private static Report report(Message message) {
        return message.getHeader(LagoConstants.REPORT) instanceof Report report ? report : Report.NONE;
    }

    /** What an id of the resource's objects stands for: {@code invoices} by {@code lago_id}, wherever they are listed. */
    private static String kind(CatalogEntry entry) {
        return entry == null ? "" : entry.path().last() + ' ' + entry.records().id();
    }

    /** What was written. */
    private static final class Report implements Serializable {

        static final Report NONE = new Report(null, null, null, null);

        private static final long serialVersionUID = 1L;

        private final String operation;
        private final String id;
        private final String kind;
        // a body that the route has put aside is not to be kept for this
        private final transient WeakReference<Object> body;

        Report(String operation, String id, String kind, Object body) {
            this.operation = operation;
            this.id = id;
            this.kind = kind;
            this.body = new WeakReference<>(body);
        }

        boolean wrote(Object other) {
            return body != null && body.refersTo(other);
        }

        @Override
        public String toString() {
            return operation + " of " + kind;
        }
    }
}
