package io.github.camellago.events;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.CamelEvent.ExchangeCreatedEvent;
import org.apache.camel.spi.CamelEvent.ExchangeEvent;
import org.apache.camel.spi.CamelEvent.ExchangeFailureHandledEvent;
import org.apache.camel.spi.CamelEvent.ExchangeFailureHandlingEvent;
import org.apache.camel.spi.CamelEvent.ExchangeSendingEvent;
import org.apache.camel.spi.CamelEvent.ExchangeSentEvent;
import org.apache.camel.spi.CamelEvent.RouteRemovedEvent;
import org.apache.camel.spi.ContextServicePlugin;
import org.apache.camel.support.EventNotifierSupport;
import org.apache.camel.support.service.ServiceHelper;

/**
 * Gives each exchange of a context its {@link ExchangePath} at its beginning, before the exchange can be copied. Camel loads this class with the context: a first
 * message may create the component.
 */
public final class ExchangePaths extends EventNotifierSupport implements ContextServicePlugin {

    /** By the id of a node. */
    private final Map<String, Boolean> loops = new ConcurrentHashMap<>();

    public ExchangePaths() {
        setIgnoreCamelContextEvents(true);
        setIgnoreCamelContextInitEvents(true);
        setIgnoreServiceEvents(true);
        setIgnoreStepEvents(true);
        setIgnoreExchangeCompletedEvent(true);
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
                context.getCamelContextExtension().addContextPlugin(ExchangePaths.class, paths);
            }
        }
    }

    /**
     * Whether a node of a route is a loop.
     *
     * @param find finds out, which takes longer
     */
    boolean isLoop(String node, BooleanSupplier find) {
        return loops.computeIfAbsent(node, unknown -> find.getAsBoolean());
    }

    @Override
    public void load(CamelContext context) {
        follow(context);
    }

    @Override
    public boolean isEnabled(CamelEvent event) {
        return event instanceof ExchangeCreatedEvent || event instanceof ExchangeSendingEvent
                || event instanceof ExchangeSentEvent || event instanceof ExchangeFailureHandlingEvent
                || event instanceof ExchangeFailureHandledEvent || event instanceof RouteRemovedEvent;
    }

    @Override
    public void notify(CamelEvent event) {
        if (event instanceof RouteRemovedEvent) {
            // another route may have a node of the same id
            loops.clear();
            return;
        }
        Exchange exchange = ((ExchangeEvent) event).getExchange();
        ExchangePath path = ExchangePath.of(exchange);
        if (event instanceof ExchangeSendingEvent sending) {
            path.calling(exchange, sending.getEndpoint());
        } else if (event instanceof ExchangeSentEvent sent) {
            path.called(exchange, sent.getEndpoint());
        } else if (event instanceof ExchangeFailureHandlingEvent) {
            path.handling();
        } else if (event instanceof ExchangeFailureHandledEvent) {
            path.handled();
        }
    }
}
