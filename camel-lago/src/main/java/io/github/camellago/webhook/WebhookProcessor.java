package io.github.camellago.webhook;

import java.util.List;

import io.github.camellago.api.LagoException;
import io.github.camellago.api.LagoWebhookException;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.support.AsyncProcessorConverterHelper;
import org.apache.camel.support.AsyncProcessorSupport;
import org.apache.camel.support.ExchangeHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands between an HTTP server and a route. Passes verified webhooks to the route, each completed one once, and answers Lago with a
 * status and nothing else: 200 only for completed webhooks, so that Lago redelivers all others.
 *
 * <p>The HTTP consumer starts and stops this processor. The start registers the route's URL at Lago. The stop leaves the route
 * running, because webhooks may still be in flight.
 */
final class WebhookProcessor extends AsyncProcessorSupport {

    private static final Logger LOG = LoggerFactory.getLogger(WebhookProcessor.class);
    private static final int OK = 200;
    private static final int FAILED = 500;
    private static final int LATER = 503;

    private final CamelContext context;
    private final WebhookReceiver webhooks;
    private final IdempotentRepository repository;
    private final WebhookDeduplicator deduplicator;
    private final Processor route;
    private final AsyncProcessor next;
    private final WebhooksInFlight inFlight;
    private List<String> urls = List.of();

    /** @param repository stores the keys of completed webhooks, or null */
    WebhookProcessor(CamelContext context, WebhookReceiver webhooks, IdempotentRepository repository, Processor route) {
        this.context = context;
        this.webhooks = webhooks;
        this.repository = repository;
        this.deduplicator = repository == null ? null : new WebhookDeduplicator(repository);
        this.route = route;
        this.inFlight = new WebhooksInFlight(context);
        this.next = AsyncProcessorConverterHelper.convert(route);
    }

    @Override
    protected void doStart() throws Exception {
        if (repository != null && !context.hasService(repository)) {
            context.addService(repository, true, true);
        }
        urls = webhooks.urls(context, route);
        urls.forEach(webhooks::register);
        inFlight.start();
    }

    @Override
    protected void doStop() {
        inFlight.stop();
        urls.forEach(webhooks::unregister);
        urls = List.of();
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        if (!inFlight.add(exchange)) {
            LOG.debug("A webhook is not processed, because the context is stopping. Answering {}, so that Lago redelivers it",
                    LATER);
            WebhookReceiver.answer(exchange, LATER);
            callback.done(true);
            return true;
        }
        List<LagoWebhook> each = read(exchange);
        if (each.size() == 1) {
            return process(exchange, each.get(0), callback);
        }
        if (!each.isEmpty()) {
            processEach(exchange, each);
        }
        callback.done(true);
        return true;
    }

    /** Returns nothing if the exchange is not a webhook; it then has its answer. */
    private List<LagoWebhook> read(Exchange exchange) {
        try {
            return webhooks.readEach(exchange.getMessage());
        } catch (LagoWebhookException e) {
            webhooks.refused(e);
            WebhookReceiver.answer(exchange, e.getStatusCode());
        } catch (LagoException e) {
            webhooks.report(null, "unchecked");
            LOG.warn("Cannot verify a webhook. Answering {}, so that Lago redelivers it: {}", LATER, e.getMessage());
            WebhookReceiver.answer(exchange, LATER);
        } catch (RuntimeException e) {
            WebhookReceiver.answer(exchange, failed(exchange, e));
        }
        return List.of();
    }

    /** Processes each webhook in a copy of the exchange. One that fails does not stop the others. */
    private void processEach(Exchange exchange, List<LagoWebhook> each) {
        int status = OK;
        for (LagoWebhook webhook : each) {
            Exchange copy = ExchangeHelper.createCorrelatedCopy(exchange, false);
            int answer = claim(copy, webhook);
            if (answer == 0) {
                try {
                    route.process(copy);
                } catch (Exception e) {
                    copy.setException(e);
                }
                answer = leave(copy, webhook);
            }
            if (answer != OK && status != FAILED) {
                status = answer;
            }
        }
        WebhookReceiver.answer(exchange, status);
    }

    private boolean process(Exchange exchange, LagoWebhook webhook, AsyncCallback callback) {
        int answer = claim(exchange, webhook);
        if (answer != 0) {
            WebhookReceiver.answer(exchange, answer);
            callback.done(true);
            return true;
        }
        return next.process(exchange, doneSync -> {
            WebhookReceiver.answer(exchange, leave(exchange, webhook));
            callback.done(doneSync);
        });
    }

    /** Replaces the HTTP request by the webhook. Returns 0 if the route is to process it, else the status to answer with. */
    private int claim(Exchange exchange, LagoWebhook webhook) {
        try {
            webhooks.replace(exchange, webhook);
            return deduplicator == null ? 0 : switch (deduplicator.claim(webhook.uniqueKey())) {
                case NEW -> 0;
                case DONE -> {
                    webhooks.report(webhook.type(), "duplicate");
                    LOG.debug("The webhook {} ({}) was completed before", webhook.uniqueKey(), webhook.type());
                    yield OK;
                }
                case IN_FLIGHT -> {
                    webhooks.report(webhook.type(), "in_flight");
                    LOG.debug("The webhook {} ({}) is in flight", webhook.uniqueKey(), webhook.type());
                    yield LATER;
                }
            };
        } catch (RuntimeException e) {
            return failed(exchange, e);
        }
    }

    /** Logs the exception, because HTTP servers do not and no route has seen the exchange. */
    private static int failed(Exchange exchange, RuntimeException e) {
        LOG.error("Cannot process a webhook. Answering {}, so that Lago redelivers it", FAILED, e);
        exchange.setException(e);
        return FAILED;
    }

    /** Returns the status to answer with. */
    private int leave(Exchange exchange, LagoWebhook webhook) {
        boolean failed = exchange.isFailed() || exchange.isRollbackOnly() || exchange.isRollbackOnlyLast();
        if (deduplicator != null) {
            if (failed) {
                deduplicator.failed(webhook.uniqueKey());
            } else {
                deduplicator.completed(webhook.uniqueKey());
            }
        }
        webhooks.report(webhook.type(), failed ? "failed" : "accepted");
        return failed ? FAILED : OK;
    }
}
