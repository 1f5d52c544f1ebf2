package io.github.camellago.api;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

import com.fasterxml.jackson.databind.Module;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the modules of Jackson. */
public final class JacksonModules {

    private static final Logger LOG = LoggerFactory.getLogger(JacksonModules.class);
    private static final int MOST_FAILURES = 100;

    private JacksonModules() {}

    /**
     * The modules that a class loader finds, without those of another Jackson: a container such as a worker of Kafka Connect shows its own ones to
     * applications that bring their Jackson along.
     */
    public static List<Module> find(ClassLoader loader) {
        List<Module> modules = new ArrayList<>();
        Iterator<Module> found = ServiceLoader.load(Module.class, loader).iterator();
        for (int failures = 0; failures < MOST_FAILURES;) {
            try {
                if (!found.hasNext()) {
                    break;
                }
                modules.add(found.next());
            } catch (ServiceConfigurationError e) {
                failures++;
                LOG.debug("A module of Jackson is not used: {}", e.getMessage());
            }
        }
        return modules;
    }
}
