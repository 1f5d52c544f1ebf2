package io.github.camellago;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

import io.github.camellago.api.LagoList;
import io.github.camellago.api.LagoObserver;
import io.github.camellago.catalog.Catalog;
import io.github.camellago.catalog.CatalogEntry;
import io.github.camellago.catalog.Operation;
import io.github.camellago.catalog.QueryParameter;
import io.github.camellago.catalog.RecordType;
import io.github.camellago.client.BaseUrl;
import io.github.camellago.client.RateBudgets;
import io.github.camellago.events.PendingDeliveries;
import io.github.camellago.health.HealthChecks;
import io.github.camellago.http.HttpClients;
import io.github.camellago.observe.Metrics;
import io.github.camellago.operation.OptionChecks;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Endpoint;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.HealthCheckComponent;
import org.apache.camel.support.service.ServiceHelper;
import org.apache.camel.util.PropertiesHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads from and writes to Lago, the open-source usage-based billing system. */
@Component("lago")
public class LagoComponent extends HealthCheckComponent {

    private static final Logger LOG = LoggerFactory.getLogger(LagoComponent.class);

    /** The spellings of the option hmacKey in URIs, properties and environment variables. Camel ignores case only in URIs. */
    private static final List<String> HMAC_KEY = List.of("hmacKey", "hmackey", "hmac-key", "hmac_key", "HMAC-KEY", "HMAC_KEY");

    @Metadata
    private LagoConfiguration configuration = new LagoConfiguration();
    @Metadata(label = "advanced")
    private HttpComponent httpComponent;
    @Metadata(label = "advanced", autowired = true)
    private LagoObserver observer;

    private LagoObserver observing;
    private final HealthChecks healthChecks = new HealthChecks(this::getCamelContext, this::name, this::getConfiguration,
            this::isHealthCheckProducerEnabled);
    private LongSupplier nanoTime = System::nanoTime;

    private final HttpClients servers = new HttpClients(this::getCamelContext, this::getHttpComponent);
    private final Set<String> plain = ConcurrentHashMap.newKeySet();
    private final Set<String> elsewhere = ConcurrentHashMap.newKeySet();
    private final PendingDeliveries deliveries = new PendingDeliveries();

    public LagoComponent() {}

    public LagoComponent(CamelContext context) {
        super(context);
    }

    /** All lists of Lago's API that a consumer can read, by their resource. */
    public static List<LagoList> lists() {
        return Catalog.get().entries().stream()
                .flatMap(entry -> entry.operations().stream()
                        .filter(operation -> operation.reads() && operation.answer() == Operation.Answer.LIST)
                        .map(operation -> list(entry, operation)))
                .sorted(Comparator.comparing(LagoList::resource)).toList();
    }

    private static LagoList list(CatalogEntry entry, Operation operation) {
        // what other operations answer are not the records of their resource
        RecordType records = operation.name().equals("list") ? entry.records() : null;
        return new LagoList(operation.path().toString(), operation.path().placeholders(), operation.name(),
                records == null ? null : records.id(),
                records == null || records.key() == null ? List.of() : List.of(records.key().split(",")),
                records != null && records.updatedAt(),
                operation.query().stream().filter(QueryParameter::required).map(QueryParameter::name).toList(),
                entry.lookup(operation, Catalog.get().find(operation.path())) != null);
    }

    @Override
    protected void doBuild() throws Exception {
        CamelVersion.requireSupported(getCamelContext().getVersion());
        super.doBuild();
        // Camel masks secrets in URIs, logs and consoles by their names, and does not know this name
        var extension = getCamelContext().getCamelContextExtension();
        String known = extension.getAdditionalSensitiveKeywords();
        Set<String> keywords = new LinkedHashSet<>(known == null || known.isBlank() ? List.of() : List.of(known.split(",")));
        if (keywords.addAll(HMAC_KEY)) {
            extension.setAdditionalSensitiveKeywords(String.join(",", keywords));
        }
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        // what is left empty is not given: templates such as Kamelets pass on all that they know
        boolean known = parameters.getOrDefault("httpMethod", "").toString().isBlank();
        parameters.entrySet().removeIf(option -> option.getValue() instanceof String text && text.isBlank()
                && !option.getKey().startsWith("filter") && !option.getKey().startsWith("path.")
                && (known || !option.getKey().equals("id")));
        OptionChecks.requireNumbers(parameters, new LagoEndpointConfigurer());
        boolean ownServer = parameters.containsKey("baseUrl") || parameters.containsKey("ingestUrl");
        boolean ownKey = parameters.containsKey("apiKey") || parameters.containsKey("credentials");
        LagoEndpoint endpoint = new LagoEndpoint(uri, this, remaining, optionsFor(parameters));
        endpoint.setFilter(PropertiesHelper.extractProperties(parameters, "filter."));
        endpoint.setPath(PropertiesHelper.extractProperties(parameters, "path."));
        setProperties(endpoint, parameters);
        endpoint.validate();
        if (ownServer && !ownKey) {
            warnOnceOfOtherServers(endpoint);
        }
        return endpoint;
    }

    /** The component's options; a key of the endpoint's own takes the place of the component's, whichever way either is given. */
    private LagoConfiguration optionsFor(Map<String, Object> parameters) {
        LagoConfiguration options = configuration.copy();
        if (parameters.containsKey("apiKey")) {
            options.setCredentials(null);
        }
        if (parameters.containsKey("credentials")) {
            options.setApiKey(null);
        }
        return options;
    }

    HttpClients servers() {
        return servers;
    }

    /** A URI with a server of its own may be intended, but it may also be computed from a message. */
    private void warnOnceOfOtherServers(LagoEndpoint endpoint) {
        String host = configuration.server().host();
        for (String other : endpoint.hosts()) {
            if (!other.equals(host) && elsewhere.add(other)) {
                LOG.warn(
                        "The endpoint {} sends the API key of the component {}, whose server is {}, to {}. If this is not intended,"
                                + " remove baseUrl and ingestUrl from the URI, or give the endpoint a key of its own",
                        endpoint, name(), host,
                        other);
            }
        }
    }

    /** An API key that travels unencrypted is worth a word, once per server. */
    void warnOnceOfPlainHttp(BaseUrl server) {
        if (!server.secure() && !server.loopback() && plain.add(server.host())) {
            LOG.warn("{} is plain http: the API key travels unencrypted. Use https outside of tests", server.host());
        }
    }

    /** The deliveries of events that failed, for a redelivery to go on with. */
    PendingDeliveries deliveries() {
        return deliveries;
    }

    /** The rate budgets that all Lago components of this context share. */
    RateBudgets budgets() {
        var extension = getCamelContext().getCamelContextExtension();
        synchronized (extension) {
            RateBudgets budgets = extension.getContextPlugin(RateBudgets.class);
            if (budgets == null) {
                budgets = new RateBudgets();
                extension.addContextPlugin(RateBudgets.class, budgets);
            }
            return budgets;
        }
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        if (httpComponent != null) {
            CamelContextAware.trySetCamelContext(httpComponent, getCamelContext());
            ServiceHelper.startService(httpComponent);
        }
    }

    /** The option {@code observer}; otherwise Micrometer, if available; otherwise an observer that does nothing. */
    synchronized LagoObserver observing() {
        if (observing == null) {
            observing = observer != null ? observer : Metrics.find(getCamelContext(), name());
        }
        return observing;
    }

    HealthChecks healthChecks() {
        return healthChecks;
    }

    /** The name that the component has in its context. */
    String name() {
        return getCamelContext().getComponentNames().stream().filter(name -> getCamelContext().hasComponent(name) == this)
                .findFirst().orElse(getDefaultName());
    }

    @Override
    protected void doStop() throws Exception {
        if (observing instanceof AutoCloseable ours && observing != observer) {
            ours.close();
        }
        observing = null;
        super.doStop();
    }

    @Override
    protected void doShutdown() throws Exception {
        servers.shutdown();
        super.doShutdown();
    }

    /** The time of {@link System#nanoTime()}. */
    LongSupplier nanoTime() {
        return nanoTime;
    }

    void setNanoTime(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    public LagoConfiguration getConfiguration() {
        return configuration;
    }

    /** The default options of all endpoints. */
    public void setConfiguration(LagoConfiguration configuration) {
        this.configuration = configuration;
    }

    public HttpComponent getHttpComponent() {
        return httpComponent;
    }

    /**
     * The camel-http component to make calls with. Its TLS, proxy and pool settings apply. Default: the http or https component of
     * the Camel context.
     */
    public void setHttpComponent(HttpComponent httpComponent) {
        this.httpComponent = httpComponent;
    }

    public LagoObserver getObserver() {
        return observer;
    }

    /**
     * Listener for requests, retries, rate-limit waits, events, polls and webhooks. Default: Micrometer metrics, if Micrometer is on the
     * classpath and the registry has a MeterRegistry.
     */
    public void setObserver(LagoObserver observer) {
        this.observer = observer;
    }
}
