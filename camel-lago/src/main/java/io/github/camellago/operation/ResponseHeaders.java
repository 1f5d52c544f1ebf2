package io.github.camellago.operation;

import io.github.camellago.LagoConstants;
import io.github.camellago.api.RateLimit;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** Sets the headers of an answer, and removes those that were for this call only. */
public final class ResponseHeaders {

    private ResponseHeaders() {}

    /**
     * Sets the headers of an answer.
     *
     * @param id     the id of the object that the body is, or null; the header of an earlier object is then removed
     * @param status the HTTP status, or null if no response was received
     */
    public static void set(Exchange exchange, String resource, Object id, Integer status, RateLimit rate) {
        Message message = exchange.getMessage();
        // a new message has no headers, so removing comes first
        message.removeHeader(LagoConstants.OPERATION);
        message.removeHeader(LagoConstants.PAGE);
        setOrRemove(message, LagoConstants.RATE_LIMIT_LIMIT, rate.limit());
        setOrRemove(message, LagoConstants.RATE_LIMIT_REMAINING, rate.remaining());
        setOrRemove(message, LagoConstants.RATE_LIMIT_RESET, rate.reset());
        setOrRemove(message, LagoConstants.HTTP_RESPONSE_CODE, status);
        setOrRemove(message, LagoConstants.ID, id == null ? null : id.toString());
        message.setHeader(LagoConstants.RESOURCE, resource);
    }

    public static void setOrRemove(Message message, String name, Object value) {
        if (value == null) {
            message.removeHeader(name);
        } else {
            message.setHeader(name, value);
        }
    }
}
