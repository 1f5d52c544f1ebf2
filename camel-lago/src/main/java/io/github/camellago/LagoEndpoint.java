package io.github.camellago;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.atomic.AtomicReference;

import io.github.camellago.api.Failure;
import io.github.camellago.api.LagoTransportException;
import io.github.camellago.catalog.BoundOperation;
import io.github.camellago.catalog.Resource;
import io.github.camellago.client.BaseUrl;
import io.github.camellago.client.Credentials;
import io.github.camellago.client.GuardedObserver;
import io.github.camellago.client.LagoClient;
import io.github.camellago.client.Limits;
import io.github.camellago.client.RetryPolicy;
import io.github.camellago.client.Server;
import io.github.camellago.events.EventAggregator;
import io.github.camellago.events.EventSender;
import io.github.camellago.events.References;
import io.github.camellago.operation.CallOptions;
import io.github.camellago.operation.EndpointSettings;
import io.github.camellago.operation.FilterParser;
import io.github.camellago.poll.Selection;
import io.github.camellago.webhook.WebhookReceiver;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.component.http.HttpEndpoint;
import org.apache.camel.component.webhook.WebhookCapableEndpoint;
import org.apache.camel.component.webhook.WebhookConfiguration;
import org.apache.camel.spi.EndpointServiceLocation;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.ScheduledPollEndpoint;

/**
 * Send usage events to Lago, manage its billing objects, and poll its invoices, fees and everything else.
 *
 * Lago is the open-source usage-based billing system.
 */
@UriEndpoint(firstVersion = "0.1.0", scheme = "lago", title = "Lago", syntax = "lago:resource", category = {Category.API,
        Category.FINANCE, Category.SAAS}, headersClass = LagoConstants.class)
public class LagoEndpoint extends ScheduledPollEndpoint implements WebhookCapableEndpoint, EndpointServiceLocation {

    static final long DEFAULT_DELAY = 60_000;

    @UriPath(description = "The path of Lago's API below /api/v1, such as invoices, plans/{code}/charges or customers/acme/wallets."
            + " A placeholder such as {code} is filled from the option path.code, otherwise from the header CamelLagoPath.code.")
    @Metadata(required = true)
    private final String resource;
    @UriParam
    private LagoConfiguration configuration;
    @UriParam(enums = "list,get,create,update,upsert,delete,delete_all,replace,merge,batch,finalize,void,retry,retry_payment,download,"
            + "refresh,lose_dispute,payment_url,preview,estimate,estimate_fees,estimate_instant_fees,"
            + "batch_estimate_instant_fees,evaluate_expression,portal_url,checkout_url,current_usage,projected_usage,"
            + "past_usage,set_as_default,consumptions,fundings,public_key,json_public_key,approve,clone,download_pdf,"
            + "download_xml,execute,grpc_token,mark_as_signed,resend_email,sync_salesforce_id,versions,verify,reconcile")
    private String operation;
    @UriParam
    private String id;
    @UriParam(label = "producer", defaultValue = "1")
    private int page = 1;
    @UriParam(label = "advanced", enums = "GET,POST,PUT,PATCH,DELETE")
    private String httpMethod;
    @UriParam(prefix = "filter.", multiValue = true)
    private Map<String, Object> filter = Map.of();
    @UriParam
    private String filters;
    @UriParam(prefix = "path.", multiValue = true)
    private Map<String, Object> path = Map.of();
    @UriParam
    private String paths;

    @UriParam(label = "consumer,scheduler", defaultValue = ""
            + DEFAULT_DELAY, description = "Milliseconds before the next poll.")
    private long delay = DEFAULT_DELAY;

    private Resource target;
    private BaseUrl server;
    private BaseUrl ingest;
    private volatile LagoClient client;
    private References references;
    private final Set<EventAggregator> aggregators = new CopyOnWriteArraySet<>();
    private final AtomicReference<Selection> savedSelection = new AtomicReference<>();
    private WebhookReceiver webhooks;

    LagoEndpoint(String uri, LagoComponent component, String resource, LagoConfiguration configuration) {
        super(uri, component);
        this.resource = resource;
        this.configuration = configuration;
        setDelay(DEFAULT_DELAY);
    }

    /** Parses and validates the path and the options. */
    void validate() {
        EndpointValidator reader = new EndpointValidator(this, configuration);
        target = reader.target();
        server = reader.server();
        ingest = reader.ingest();
        EndpointValidator.credentials(configuration, getComponent().name());
        reader.checkOptions();
        if (WebhookReceiver.isHome(target)
                && (operation == null || settings().operation(operation).name().equals(WebhookReceiver.VERIFY))) {
            webhooks = new WebhookReceiver(settings());
        }
    }

    /** The settings of the URI. */
    EndpointSettings settings() {
        return new EndpointSettings(getEndpointUri(), resource, target, operation, id, page, filter, path, configuration);
    }

    @Override
    public Producer createProducer() throws Exception {
        LagoProducer producer = new LagoProducer(this);
        BoundOperation byDefault = producer.byDefault();
        if (configuration.getBatchInterval() > 0 && byDefault != null && EventSender.serves(byDefault)) {
            return new EventAggregator(this, settings(), producer, producer::deliver, this::references,
                    getComponent().nanoTime(), aggregators);
        }
        return producer;
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        if (webhooks != null) {
            throw new IllegalArgumentException(
                    "Webhooks come over HTTP: write from(\"webhook:lago:webhooks?...\"), which takes an"
                            + " HTTP server such as camel-platform-http");
        }
        LagoConsumer consumer = new LagoConsumer(this, processor);
        consumer.setMaxMessagesPerPoll(configuration.getMaxMessagesPerPoll());
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        client = new LagoClient(clientSettings());
        if (configuration.isCheckReferences()) {
            references = new References(getCamelContext(), configuration, client, getComponent().nanoTime());
        }
        if (webhooks != null) {
            webhooks.start(client, getComponent().nanoTime());
        }
    }

    LagoClient.Settings clientSettings() {
        return new LagoClient.Settings(reach(server), reach(ingest == null ? server : ingest),
                () -> getComponent().servers().files(server),
                EndpointValidator.credentials(configuration, getComponent().name()),
                getComponent().budgets(),
                new RetryPolicy(configuration.getMaxRetries(), configuration.getRetryDelay(), configuration.getMaxRetryDelay()),
                new Limits(configuration.getConnectTimeout(), configuration.getResponseTimeout(),
                        configuration.getCallTimeout(),
                        configuration.getMaxResponseSize(), configuration.getFileTimeout(),
                        configuration.getMaxFileSize(), configuration.fileHosts()),
                new GuardedObserver(getComponent().observing()));
    }

    private Server reach(BaseUrl url) {
        HttpEndpoint http = getComponent().servers().endpoint(url);
        return new Server(url, http.getHttpClient(), http.getConnectionRequestTimeout());
    }

    @Override
    protected void doStop() throws Exception {
        // they deliver what they have, for which they need the client
        aggregators.forEach(EventAggregator::stop);
        if (references != null) {
            references.close();
            references = null;
        }
        if (client != null) {
            client.close();
        }
        super.doStop();
    }

    @Override
    public void setWebhookConfiguration(WebhookConfiguration webhookConfiguration) {
        webhooks().listenAt(webhookConfiguration);
    }

    @Override
    public List<String> getWebhookMethods() {
        return List.of("POST");
    }

    @Override
    public Processor createWebhookHandler(Processor next) {
        return webhooks().processor(getCamelContext(), next);
    }

    /** With {@code webhookAutoRegister} the consumer's start registers, so that a failure fails the start and a restart tries again. */
    @Override
    public void registerWebhook() {
        webhooks().registerByHand();
    }

    @Override
    public void unregisterWebhook() {
        webhooks().unregisterByHand();
    }

    /** Receives webhooks. Only {@code lago:webhooks} has one. */
    WebhookReceiver webhooks() {
        if (webhooks == null) {
            throw new IllegalArgumentException("Webhooks are received at lago:webhooks, with no operation: write"
                    + " webhook:lago:webhooks?eventTypes=... in place of webhook:lago:" + resource);
        }
        return webhooks;
    }

    @Override
    public LagoComponent getComponent() {
        return (LagoComponent) super.getComponent();
    }

    /** Saves the processed records of a stopped consumer. */
    void saveSelection(Selection selection) {
        if (selection != null) {
            savedSelection.set(selection);
        }
    }

    /** The processed records of a stopped consumer, or null. Only one other consumer gets them. */
    Selection takeSelection() {
        return savedSelection.getAndSet(null);
    }

    /** The resource of the path, with its operations. */
    Resource target() {
        return target;
    }

    LagoClient client() {
        LagoClient current = client;
        if (current == null) {
            // an endpoint that is created while its context stops is never started
            throw new LagoTransportException(
                    Failure.local("The endpoint " + this + " is not started, nothing is sent", null, null, false, null));
        }
        return current;
    }

    /** The client for a call, with the API key of its message if the endpoint has none. */
    LagoClient client(Exchange exchange) {
        Credentials key = CallOptions.key(getEndpointUri(), exchange);
        return key == null ? client() : client().with(key);
    }

    /** The metrics and subscriptions at Lago that events refer to, or null if they are not checked. */
    References references() {
        return references;
    }

    /** The servers that this endpoint calls. */
    Set<String> hosts() {
        return ingest == null ? Set.of(server.host()) : new HashSet<>(List.of(server.host(), ingest.host()));
    }

    @Override
    public String getServiceUrl() {
        return server.host();
    }

    @Override
    public String getServiceProtocol() {
        return "http";
    }

    @Override
    public Map<String, String> getServiceMetadata() {
        return CallOptions.isBlank(configuration.getBaseUrl())
                ? Map.of("region", configuration.getRegion().name())
                : null;
    }

    @Override
    public long getDelay() {
        return delay;
    }

    @Override
    public void setDelay(long delay) {
        super.setDelay(delay);
        this.delay = delay;
    }

    public String getResource() {
        return resource;
    }

    public LagoConfiguration getConfiguration() {
        return configuration;
    }

    /** The options. */
    public void setConfiguration(LagoConfiguration configuration) {
        this.configuration = configuration;
    }

    public String getOperation() {
        return operation;
    }

    /**
     * The operation: list, get, create, update, upsert, delete, or the last segment of Lago's path (finalize, void, ...). Also
     * verify on lago:webhooks and reconcile on lago:events. Default: the only operation of the path, otherwise create or get for
     * producers and list for consumers.
     */
    public void setOperation(String operation) {
        this.operation = operation;
    }

    public String getId() {
        return id;
    }

    /**
     * The id of the object: lago_id, external_id or code, as Lago's API keys that resource. Default is the header CamelLagoId.
     */
    public void setId(String id) {
        this.id = id;
    }

    public int getPage() {
        return page;
    }

    /** The page that the operation list reads. */
    public void setPage(int page) {
        this.page = page;
    }

    public String getHttpMethod() {
        return httpMethod;
    }

    /** The HTTP method for a path that the component does not know. The path is called as it is written. */
    public void setHttpMethod(String httpMethod) {
        this.httpMethod = httpMethod;
    }

    public Map<String, Object> getFilter() {
        return filter;
    }

    /**
     * Query parameters of Lago's list, such as filter.payment_status=failed. A list separated by commas is repeated as an array where
     * Lago takes arrays. The header CamelLagoFilter adds others.
     */
    public void setFilter(Map<String, Object> filter) {
        this.filter = filter;
    }

    public String getFilters() {
        return filters;
    }

    /** More filters in one text: status=finalized;payment_status=failed. */
    public void setFilters(String filters) {
        this.filter = FilterParser.add("filters", filters, "filter.", filter);
        this.filters = filters;
    }

    public Map<String, Object> getPath() {
        return path;
    }

    /** Values for the placeholders of the path, such as path.code=basic. Not overruled by headers. */
    public void setPath(Map<String, Object> path) {
        this.path = path;
    }

    public String getPaths() {
        return paths;
    }

    /** More values for the placeholders of the path in one text: code=basic;charge_code=seats. */
    public void setPaths(String paths) {
        this.path = FilterParser.add("paths", paths, "path.", path);
        this.paths = paths;
    }
}
