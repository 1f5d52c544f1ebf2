package io.github.camellago.events;

import org.apache.camel.CamelContext;
import org.apache.camel.support.LifecycleStrategySupport;

/**
 * Has a producer send what it holds before a context stops. Camel stops one producer after the other. Their time begins together, so that all of them
 * take no longer than one.
 */
final class BeforeStop extends LifecycleStrategySupport {

    private final Runnable begin;
    private final Runnable finish;

    /**
     * @param begin  starts to send
     * @param finish waits until all is sent, or until the time is over
     */
    BeforeStop(Runnable begin, Runnable finish) {
        this.begin = begin;
        this.finish = finish;
    }

    @Override
    public void onContextStopping(CamelContext context) {
        context.getLifecycleStrategies().forEach(strategy -> {
            if (strategy instanceof BeforeStop other) {
                other.begin.run();
            }
        });
        finish.run();
    }
}
