package io.github.camellago.springboot;

import java.util.LinkedHashMap;
import java.util.Map;

import org.springframework.boot.context.properties.ConfigurationProperties;

/** The options of the component {@code lago}, and of the accounts beside it. */
@ConfigurationProperties(prefix = LagoComponentConfiguration.PREFIX)
public class LagoComponentConfiguration extends LagoOptions {

    static final String PREFIX = "camel.component.lago";

    private final Map<String, LagoOptions> accounts = new LinkedHashMap<>();

    /**
     * More accounts at Lago, each a component of its own under the name that is the key here. An account has the same options; those
     * it does not set are as for {@code lago}, but for the key, the server and the repositories, which are never passed on.
     */
    public Map<String, LagoOptions> getAccounts() {
        return accounts;
    }
}
