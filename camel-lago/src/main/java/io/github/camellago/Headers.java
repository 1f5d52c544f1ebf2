package io.github.camellago;

import io.github.camellago.catalog.BoundOperation;
import io.github.camellago.client.RateLimit;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/**
 * The headers that say what was done. They must not steer the next call of a route by accident: an operation that this
 * component wrote itself is no wish of the user's, and an id that it wrote gives way to an endpoint's option.
 */
final class Headers {

    private static final String WRITTEN = "CamelLagoHeadersWritten";

    private Headers() {}

    /** Sets the headers of an answer. */
    static void set(Exchange exchange, BoundOperation bound, String resource, Object id, Integer status, RateLimit rate) {
        Message message = exchange.getMessage();
        // new instances, to be told from equal ones that a user sets
        Written written = new Written(new String(bound.name()), id == null ? null : new String(id.toString()));
        exchange.setProperty(WRITTEN, written);
        message.setHeader(LagoConstants.RESOURCE, resource);
        message.setHeader(LagoConstants.OPERATION, written.operation);
        setOrRemove(message, LagoConstants.ID, written.id);
        setOrRemove(message, LagoConstants.HTTP_RESPONSE_CODE, status);
        setOrRemove(message, LagoConstants.RATE_LIMIT_LIMIT, rate.limit());
        setOrRemove(message, LagoConstants.RATE_LIMIT_REMAINING, rate.remaining());
        setOrRemove(message, LagoConstants.RATE_LIMIT_RESET, rate.reset());
    }

    static void setOrRemove(Message message, String name, Object value) {
        if (value == null) {
            message.removeHeader(name);
        } else {
            message.setHeader(name, value);
        }
    }

    /** The operation that a user asks for in the header, or null. */
    static String operation(Exchange exchange) {
        Object header = exchange.getMessage().getHeader(LagoConstants.OPERATION);
        if (header == null || header.toString().isBlank() || isOurs(exchange, header)) {
            return null;
        }
        return header.toString();
    }

    /** The id to use: a header of the user's, else the option, else the header that an earlier answer left. */
    static Object id(Exchange exchange, String option) {
        Object header = exchange.getMessage().getHeader(LagoConstants.ID);
        boolean given = header != null && !header.toString().isBlank();
        if (given && !isOurs(exchange, header)) {
            return header;
        }
        return option != null && !option.isBlank() ? option : given ? header : null;
    }

    private static boolean isOurs(Exchange exchange, Object header) {
        Written written = exchange.getProperty(WRITTEN, Written.class);
        return written != null && (header == written.operation || header == written.id);
    }

    private record Written(String operation, String id) {}
}
