package io.github.camellago;

import java.util.HashMap;
import java.util.Map;

import io.github.camellago.client.LagoProbe;
import io.github.camellago.health.LagoHealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.WritableHealthCheckRepository;

/** The health checks of a component's producers: one for each account, which is a server and a key. Thread-safe. */
final class HealthChecks {

    private static final String REPOSITORY = "producers";

    private final LagoComponent component;
    private final Map<Account, Watched> watched = new HashMap<>();

    HealthChecks(LagoComponent component) {
        this.component = component;
    }

    /** The check of the endpoint's account, to be given back with {@link #release}. */
    synchronized LagoHealthCheck acquire(LagoEndpoint endpoint) {
        Watched account = watched.computeIfAbsent(Account.of(endpoint), key -> new Watched(register(endpoint)));
        account.producers++;
        return account.check;
    }

    synchronized void release(LagoEndpoint endpoint) {
        Account key = Account.of(endpoint);
        Watched account = watched.get(key);
        if (account != null && --account.producers == 0) {
            watched.remove(key);
            WritableHealthCheckRepository repository = repository();
            if (repository != null) {
                repository.removeHealthCheck(account.check);
            }
        }
    }

    private LagoHealthCheck register(LagoEndpoint endpoint) {
        String name = "producer:" + component.name();
        if (!Account.of(component.getConfiguration()).equals(Account.of(endpoint))) {
            name += "-" + endpoint.getServiceUrl().replaceFirst("^https?://", "");
        }
        String id = name;
        for (int i = 2; isTaken(id); i++) {
            id = name + "-" + i;
        }
        LagoHealthCheck check = new LagoHealthCheck(id, endpoint.getServiceUrl(), new LagoProbe(endpoint.clientSettings()));
        check.setEnabled(component.isHealthCheckProducerEnabled());
        WritableHealthCheckRepository repository = repository();
        if (repository != null) {
            repository.addHealthCheck(check);
        }
        return check;
    }

    private boolean isTaken(String id) {
        return watched.values().stream().anyMatch(account -> account.check.getId().equals(id));
    }

    private WritableHealthCheckRepository repository() {
        return HealthCheckHelper.getHealthCheckRepository(component.getCamelContext(), REPOSITORY,
                WritableHealthCheckRepository.class);
    }

    private static final class Watched {

        private final LagoHealthCheck check;
        private int producers;

        Watched(LagoHealthCheck check) {
            this.check = check;
        }
    }

    /** What tells accounts apart. Never shown: it may hold a key. */
    private static final class Account {

        private final String server;
        private final Object key;

        private Account(String server, Object key) {
            this.server = server;
            this.key = key;
        }

        static Account of(LagoEndpoint endpoint) {
            return of(endpoint.getConfiguration());
        }

        static Account of(LagoConfiguration configuration) {
            String url = configuration.getBaseUrl();
            return new Account(url == null || url.isBlank() ? configuration.getRegion().name() : url,
                    configuration.getCredentials() != null ? configuration.getCredentials() : configuration.getApiKey());
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Account that && server.equals(that.server)
                    && java.util.Objects.equals(key, that.key);
        }

        @Override
        public int hashCode() {
            return server.hashCode();
        }
    }
}
