package io.github.camellago.health;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import io.github.camellago.LagoConfiguration;
import io.github.camellago.client.Credentials;
import io.github.camellago.client.LagoClient;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.WritableHealthCheckRepository;

/** The health checks of a component's producers: one for each account, which is a server and a key. Thread-safe. */
public final class HealthChecks {

    private static final String REPOSITORY = "producers";

    private final Supplier<CamelContext> context;
    private final Supplier<String> component;
    private final Supplier<LagoConfiguration> defaults;
    private final BooleanSupplier enabled;
    private final Map<Account, Watched> watched = new HashMap<>();
    /** the numbers in use of the accounts that have the same name; there may be thousands of keys for one host */
    private final Map<String, BitSet> numbers = new HashMap<>();

    /**
     * @param context   the context whose repository gets the checks
     * @param component the name of the component
     * @param defaults  the configuration of the component: its account gets the name without a suffix
     * @param enabled   whether new checks are enabled
     */
    public HealthChecks(Supplier<CamelContext> context, Supplier<String> component, Supplier<LagoConfiguration> defaults,
            BooleanSupplier enabled) {
        this.context = context;
        this.component = component;
        this.defaults = defaults;
        this.enabled = enabled;
    }

    /**
     * The check of the endpoint's account, to be given back with {@link #release}. Without a key there is nothing to check: then the check is not
     * registered.
     */
    public synchronized LagoHealthCheck acquire(LagoConfiguration account, String host, Supplier<LagoClient> client) {
        if (Credentials.PER_MESSAGE.equals(account.getApiKey())) {
            return new LagoHealthCheck("producer:" + component.get(), host, client.get());
        }
        Watched watching = watched.computeIfAbsent(Account.of(account), key -> register(account, host, client));
        watching.producers++;
        return watching.check;
    }

    public synchronized void release(LagoConfiguration configuration) {
        Account key = Account.of(configuration);
        Watched account = watched.get(key);
        if (account != null && --account.producers == 0) {
            watched.remove(key);
            BitSet others = numbers.get(account.name);
            others.clear(account.number);
            if (others.isEmpty()) {
                numbers.remove(account.name);
            }
            WritableHealthCheckRepository repository = repository();
            if (repository != null) {
                repository.removeHealthCheck(account.check);
            }
        }
    }

    private Watched register(LagoConfiguration account, String host, Supplier<LagoClient> client) {
        String name = "producer:" + component.get();
        if (!Account.of(defaults.get()).equals(Account.of(account))) {
            name += "-" + host.replaceFirst("^https?://", "");
        }
        BitSet taken = numbers.computeIfAbsent(name, unused -> new BitSet());
        int number = taken.nextClearBit(1);
        taken.set(number);
        LagoHealthCheck check = new LagoHealthCheck(number == 1 ? name : name + "-" + number, host, client.get());
        check.setEnabled(enabled.getAsBoolean());
        WritableHealthCheckRepository repository = repository();
        if (repository != null) {
            repository.addHealthCheck(check);
        }
        return new Watched(check, name, number);
    }

    private WritableHealthCheckRepository repository() {
        return HealthCheckHelper.getHealthCheckRepository(context.get(), REPOSITORY,
                WritableHealthCheckRepository.class);
    }

    private static final class Watched {

        private final LagoHealthCheck check;
        private final String name;
        private final int number;
        private int producers;

        Watched(LagoHealthCheck check, String name, int number) {
            this.check = check;
            this.name = name;
            this.number = number;
        }
    }

    /** Identifies an account. Never shown, since it may contain a key. Not with a record's own methods, whose first call takes 10 ms of the start. */
    private record Account(String server, Object key) {

        static Account of(LagoConfiguration configuration) {
            String url = configuration.getBaseUrl();
            return new Account(url == null || url.isBlank() ? configuration.getRegion().name() : url,
                    configuration.getCredentials() != null ? configuration.getCredentials() : configuration.getApiKey());
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Account account && server.equals(account.server) && Objects.equals(key, account.key);
        }

        @Override
        public int hashCode() {
            return Objects.hash(server, key);
        }

        @Override
        public String toString() {
            return "Account";
        }
    }
}
