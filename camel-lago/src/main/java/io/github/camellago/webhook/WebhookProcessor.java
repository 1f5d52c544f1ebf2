package io.github.camellago.webhook;

import io.github.camellago.LagoConstants;
import io.github.camellago.api.LagoException;
import io.github.camellago.api.LagoWebhookException;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.apache.camel.support.service.ServiceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands between an HTTP server and a route: lets Lago's webhooks through, each completed one once, and answers Lago with a status
 * and nothing else. Only what was completed is answered 200, and Lago sends again whatever is not.
 */
public final class WebhookProcessor extends DelegateAsyncProcessor {

    private static final Logger LOG = LoggerFactory.getLogger(WebhookProcessor.class);
    private static final int OK = 200;
    private static final int FAILED = 500;
    private static final int LATER = 503;

    private final WebhookReceiver webhooks;
    private final IdempotentRepository repository;
    private final WebhookDeduplicator repeats;

    /** @param repository where the keys of completed webhooks are kept, or null */
    public WebhookProcessor(WebhookReceiver webhooks, IdempotentRepository repository, Processor route) {
        super(route);
        this.webhooks = webhooks;
        this.repository = repository;
        this.repeats = repository == null ? null : new WebhookDeduplicator(repository);
    }

    @Override
    protected void doStart() throws Exception {
        ServiceHelper.startService(repository);
        super.doStart();
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        int refusal = enter(exchange);
        if (refusal != 0) {
            answer(exchange, refusal);
            callback.done(true);
            return true;
        }
        String key = repeats == null
                ? null
                : exchange.getMessage().getHeader(LagoConstants.WEBHOOK_UNIQUE_KEY, String.class);
        String type = exchange.getMessage().getHeader(LagoConstants.WEBHOOK_TYPE, String.class);
        return super.process(exchange, doneSync -> {
            leave(exchange, key, type);
            callback.done(doneSync);
        });
    }

    /** Makes the exchange a webhook's. Returns 0 when the route is to have it, else the status to answer with instead. */
    private int enter(Exchange exchange) {
        LagoWebhook webhook;
        try {
            webhook = webhooks.read(exchange.getMessage());
            // what else came over HTTP is not signed
            exchange.getMessage().removeHeaders("*");
            webhooks.replace(exchange, webhook);
        } catch (LagoWebhookException e) {
            webhooks.told(null, e.getCode());
            LOG.warn("Refused with {} what came as a webhook: {}", e.getStatusCode(), e.getMessage());
            return e.getStatusCode();
        } catch (LagoException e) {
            webhooks.told(null, "unchecked");
            LOG.warn("Cannot check a webhook, Lago is asked to send it again: {}", e.getMessage());
            return LATER;
        } catch (RuntimeException e) {
            return failed(exchange, e);
        }
        if (repeats == null) {
            return 0;
        }
        try {
            return switch (repeats.claim(webhook.uniqueKey())) {
                case NEW -> 0;
                case DONE -> {
                    webhooks.told(webhook.type(), "duplicate");
                    LOG.debug("The webhook {} ({}) was completed before", webhook.uniqueKey(), webhook.type());
                    yield OK;
                }
                case UNDER_WAY -> {
                    webhooks.told(webhook.type(), "under_way");
                    LOG.debug("The webhook {} ({}) is under way", webhook.uniqueKey(), webhook.type());
                    yield LATER;
                }
            };
        } catch (RuntimeException e) {
            return failed(exchange, e);
        }
    }

    /** HTTP servers keep failures to themselves, and no route has seen this one. */
    private static int failed(Exchange exchange, RuntimeException e) {
        LOG.error("Cannot take a webhook, Lago is asked to send it again", e);
        exchange.setException(e);
        return FAILED;
    }

    private void leave(Exchange exchange, String key, String type) {
        boolean failed = exchange.isFailed() || exchange.isRollbackOnly() || exchange.isRollbackOnlyLast();
        if (key != null) {
            if (failed) {
                repeats.failed(key);
            } else {
                repeats.completed(key);
            }
        }
        webhooks.told(type, failed ? "failed" : "accepted");
        answer(exchange, failed ? FAILED : OK);
    }

    /** Nothing that the route left may reach Lago as an answer, least of all the status of some other call. */
    private static void answer(Exchange exchange, int status) {
        Message message = exchange.getMessage();
        message.setBody(null);
        message.removeHeaders("*");
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
    }
}
