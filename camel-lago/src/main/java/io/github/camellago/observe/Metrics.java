package io.github.camellago.observe;

import io.github.camellago.api.LagoObserver;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import org.apache.camel.CamelContext;

/** Finds the Micrometer registry, if there is one. */
public final class Metrics {

    /** The name that camel-micrometer gives its registry. */
    private static final String REGISTRY = "metricsRegistry";

    private Metrics() {}

    /**
     * An observer that records metrics in the context's Micrometer registry, or {@link LagoObserver#NONE} if Micrometer is not on the
     * classpath or the context has no Micrometer registry.
     *
     * @param component the name of the observed component, a tag of all metrics
     */
    public static LagoObserver find(CamelContext context, String component) {
        if (context.getClassResolver().resolveClass("io.micrometer.core.instrument.MeterRegistry") == null) {
            return LagoObserver.NONE;
        }
        return Micrometer.find(context, component);
    }

    /** Loaded only if Micrometer is on the classpath. */
    private static final class Micrometer {

        static LagoObserver find(CamelContext context, String component) {
            MeterRegistry registry = context.getRegistry().lookupByNameAndType(REGISTRY, MeterRegistry.class);
            if (registry == null) {
                registry = context.getRegistry().findSingleByType(CompositeMeterRegistry.class);
            }
            if (registry == null) {
                registry = context.getRegistry().findSingleByType(MeterRegistry.class);
            }
            return registry == null ? LagoObserver.NONE : new MicrometerObserver(registry, component);
        }
    }
}
