package io.github.camellago.events;

import org.apache.camel.CamelContext;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.CamelEvent.ExchangeCreatedEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.apache.camel.support.service.ServiceHelper;

/** Gives each exchange of a context its {@link ExchangePath} at its beginning, before the exchange can be copied. */
public final class ExchangePaths extends EventNotifierSupport {

    private ExchangePaths() {
        setIgnoreCamelContextEvents(true);
        setIgnoreCamelContextInitEvents(true);
        setIgnoreRouteEvents(true);
        setIgnoreServiceEvents(true);
        setIgnoreStepEvents(true);
        setIgnoreExchangeCompletedEvent(true);
        setIgnoreExchangeFailedEvents(true);
        setIgnoreExchangeRedeliveryEvents(true);
        setIgnoreExchangeSendingEvents(true);
        setIgnoreExchangeSentEvents(true);
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
    public boolean isEnabled(CamelEvent event) {
        return event instanceof ExchangeCreatedEvent;
    }

    @Override
    public void notify(CamelEvent event) {
        ExchangePath.of(((ExchangeCreatedEvent) event).getExchange());
    }
}
