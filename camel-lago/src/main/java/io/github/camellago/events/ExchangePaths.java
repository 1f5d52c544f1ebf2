package io.github.camellago.events;

import org.apache.camel.CamelContext;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.CamelEvent.ExchangeCreatedEvent;
import org.apache.camel.spi.CamelEvent.ExchangeEvent;
import org.apache.camel.spi.CamelEvent.ExchangeSendingEvent;
import org.apache.camel.spi.CamelEvent.ExchangeSentEvent;
import org.apache.camel.spi.ContextServicePlugin;
import org.apache.camel.support.EventNotifierSupport;
import org.apache.camel.support.service.ServiceHelper;

/**
 * Gives each exchange of a context its {@link ExchangePath} at its beginning, before the exchange can be copied. Camel loads this class with the context: a first
 * message may create the component.
 */
public final class ExchangePaths extends EventNotifierSupport implements ContextServicePlugin {

    public ExchangePaths() {
        setIgnoreCamelContextEvents(true);
        setIgnoreCamelContextInitEvents(true);
        setIgnoreRouteEvents(true);
        setIgnoreServiceEvents(true);
        setIgnoreStepEvents(true);
        setIgnoreExchangeCompletedEvent(true);
        setIgnoreExchangeFailedEvents(true);
        setIgnoreExchangeRedeliveryEvents(true);
        setIgnoreExchangeAsyncProcessingStartedEvents(true);
    }

    /** Follows the exchanges of a context, from now on. */
    public static void follow(CamelContext context) {
        synchronized (context.getManagementStrategy()) {
            if (context.getManagementStrategy().getEventNotifiers().stream().noneMatch(ExchangePaths.class::isInstance)) {
                ExchangePaths paths = new ExchangePaths();
                ServiceHelper.startService(paths);
                context.getManagementStrategy().addEventNotifier(paths);
            }
        }
    }

    @Override
    public void load(CamelContext context) {
        follow(context);
    }

    @Override
    public boolean isEnabled(CamelEvent event) {
        return event instanceof ExchangeCreatedEvent || event instanceof ExchangeSendingEvent
                || event instanceof ExchangeSentEvent;
    }

    @Override
    public void notify(CamelEvent event) {
        ExchangePath path = ExchangePath.of(((ExchangeEvent) event).getExchange());
        if (event instanceof ExchangeSendingEvent sending) {
            path.calling(sending.getEndpoint());
        } else if (event instanceof ExchangeSentEvent sent) {
            path.called(sent.getEndpoint());
        }
    }
}
