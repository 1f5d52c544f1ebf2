package io.github.camellago.springboot;

import java.util.LinkedHashMap;
import java.util.Map;

import org.springframework.boot.context.properties.ConfigurationProperties;

/** The options of the component {@code lago} and of the additional accounts. */
@ConfigurationProperties(prefix = LagoComponentConfiguration.PREFIX)
public class LagoComponentConfiguration extends LagoOptions {

    static final String PREFIX = "camel.component.lago";

    private final Map<String, LagoOptions> accounts = new LinkedHashMap<>();

    /**
     * Additional Lago accounts by component name. Each account is a component of its own with the same options. Options that it does not set
     * are inherited from {@code lago}, except the key, the server and the repositories.
     */
    public Map<String, LagoOptions> getAccounts() {
        return accounts;
    }
}
