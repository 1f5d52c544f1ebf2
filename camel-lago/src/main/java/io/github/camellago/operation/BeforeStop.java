package io.github.camellago.operation;

import org.apache.camel.CamelContext;
import org.apache.camel.support.LifecycleStrategySupport;

/**
 * Finishes work before the routes of a context stop. Camel calls one strategy after the other. The time of all of them begins together, so that all of
 * them take no longer than one.
 */
public final class BeforeStop extends LifecycleStrategySupport {

    private final Runnable begin;
    private final Runnable finish;

    /**
     * @param begin  the stop begins
     * @param finish waits until the work is done, or until the time is over
     */
    public BeforeStop(Runnable begin, Runnable finish) {
        this.begin = begin;
        this.finish = finish;
    }

    @Override
    public void onContextStopping(CamelContext context) {
        context.getLifecycleStrategies().stream().filter(BeforeStop.class::isInstance)
                .forEach(strategy -> ((BeforeStop) strategy).begin.run());
        finish.run();
    }
}
