package io.github.camellago.observe;

import java.util.Set;

import io.github.camellago.client.LagoObserver;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import org.apache.camel.CamelContext;

/** Finds out whether there is a Micrometer registry to feed. */
public final class Metrics {

    /** What camel-micrometer calls its registry. */
    private static final String REGISTRY = "metricsRegistry";

    private Metrics() {}

    /**
     * An observer that feeds the context's Micrometer registry, or {@link LagoObserver#NONE} where Micrometer is not on the class path
     * or no registry is bound to the context's.
     *
     * @param component the name of the component that is observed, which tells several accounts apart
     */
    public static LagoObserver find(CamelContext context, String component) {
        if (context.getClassResolver().resolveClass("io.micrometer.core.instrument.MeterRegistry") == null) {
            return LagoObserver.NONE;
        }
        return Micrometer.find(context, component);
    }

    /** Loaded only where Micrometer is. */
    private static final class Micrometer {

        static LagoObserver find(CamelContext context, String component) {
            MeterRegistry registry = context.getRegistry().lookupByNameAndType(REGISTRY, MeterRegistry.class);
            if (registry == null) {
                registry = only(context.getRegistry().findByType(CompositeMeterRegistry.class));
            }
            if (registry == null) {
                registry = only(context.getRegistry().findByType(MeterRegistry.class));
            }
            return registry == null ? LagoObserver.NONE : new MicrometerObserver(registry, component);
        }

        private static MeterRegistry only(Set<? extends MeterRegistry> registries) {
            return registries.size() == 1 ? registries.iterator().next() : null;
        }
    }
}
