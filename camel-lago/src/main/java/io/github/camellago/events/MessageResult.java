package io.github.camellago.events;

import io.github.camellago.LagoConstants;
import io.github.camellago.OnRejected;
import io.github.camellago.api.LagoEventsRejectedException;
import io.github.camellago.api.LagoEventsReport;
import io.github.camellago.api.RateLimit;
import io.github.camellago.client.LagoResponse;
import io.github.camellago.operation.EndpointSettings;
import io.github.camellago.operation.ResponseHeaders;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/**
 * Leaves messages whose events went out in one batch as if each event had been sent alone.
 *
 * @param seed notes the deliveries that have completed
 */
record MessageResult(EndpointSettings settings, TransactionIdSeed seed) {

    /** Objects, which are not created for each message. */
    private static final Integer OK = 200;
    private static final Integer REFUSED = 422;

    /**
     * Completes the message of an event.
     *
     * @param report  the result, or null after a failure
     * @param answer  the last answer of success, or null
     * @param failure why there is no result
     */
    void complete(WaitingEvent event, LagoEventsReport report, LagoResponse answer, Exception failure) {
        Exchange exchange = event.exchange();
        try {
            if (report == null) {
                // another route that sends what is left sends the same event, with the same transaction_id
                exchange.getMessage().setBody(event.given().completed());
                exchange.setException(failure);
            } else {
                report(exchange, report, answer);
            }
        } catch (Throwable e) {
            exchange.setException(e);
        }
        event.callback().done(false);
    }

    private void report(Exchange exchange, LagoEventsReport report, LagoResponse answer) {
        Message message = exchange.getMessage();
        boolean good = report.rejected().isEmpty();
        message.setBody(report);
        message.setHeader(LagoConstants.EVENTS_ACCEPTED, report.accepted());
        message.setHeader(LagoConstants.EVENTS_DUPLICATE, report.duplicate());
        message.setHeader(LagoConstants.EVENTS_REJECTED, (long) report.rejected().size());
        ResponseHeaders.set(exchange, settings.resource(), null, good ? OK : REFUSED,
                answer == null ? RateLimit.UNKNOWN : answer.rate());
        if (!good && settings.configuration().getOnRejected() == OnRejected.FAIL) {
            exchange.setException(new LagoEventsRejectedException(report, "events/batch"));
        } else {
            seed.completed(exchange);
        }
    }
}
