package io.github.camellago.webhook;

import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

import io.github.camellago.LagoConfiguration;
import io.github.camellago.LagoConstants;
import io.github.camellago.SignatureAlgo;
import io.github.camellago.api.LagoException;
import io.github.camellago.api.LagoWebhookException;
import io.github.camellago.api.RateLimit;
import io.github.camellago.catalog.BoundOperation;
import io.github.camellago.catalog.Operation;
import io.github.camellago.catalog.PathTemplate;
import io.github.camellago.catalog.Resource;
import io.github.camellago.client.BaseUrl;
import io.github.camellago.client.LagoClient;
import io.github.camellago.operation.EndpointSettings;
import io.github.camellago.operation.OptionChecks;
import io.github.camellago.operation.ResponseHeaders;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.component.webhook.WebhookConfiguration;
import org.apache.camel.component.webhook.WebhookEndpoint;
import org.apache.camel.spi.RestConfiguration;
import org.apache.camel.spi.RestConsumerFactory;
import org.apache.camel.support.DefaultEndpoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The webhook side of the endpoint {@code lago:webhooks}: verifies webhooks and registers URLs at Lago. Thread-safe. */
public final class WebhookReceiver {

    public static final String VERIFY = "verify";
    private static final String PATH = "webhooks";
    private static final Logger LOG = LoggerFactory.getLogger(WebhookReceiver.class);

    /** HTTP components that start a server for a route, on the port of the REST configuration. */
    private static final Set<String> OWN_SERVERS = Set.of("jetty", "undertow", "netty-http");

    private final EndpointSettings endpoint;
    private final List<String> types;
    /** By URL. Routes whose URIs differ only in options of camel-webhook share one receiver. */
    private final Map<String, WebhookConfiguration> listening = new LinkedHashMap<>();
    private final Map<String, WebhookRegistration> registered = new LinkedHashMap<>();
    private LagoClient client;
    private OrganizationId organization;
    private WebhookReader reader;

    /** @throws IllegalArgumentException if the options contradict each other */
    public WebhookReceiver(EndpointSettings endpoint) {
        this.endpoint = endpoint;
        LagoConfiguration options = endpoint.configuration();
        OptionChecks.requirePositive("maxBodySize", options.getMaxBodySize());
        this.types = WebhookTypes.parse(options.getEventTypes());
        if (options.getSignatureAlgo() == SignatureAlgo.HMAC) {
            if (options.getHmacKey() == null || options.getHmacKey().isBlank()) {
                throw new IllegalArgumentException(
                        "The option signatureAlgo=hmac needs the option hmacKey: the organization's HMAC"
                                + " key, from Lago's dashboard under Developers > Webhooks");
            }
            if (options.getIssuer() != null) {
                throw new IllegalArgumentException(
                        "The option issuer is for signatureAlgo=jwt: an hmac signature names no server");
            }
        }
    }

    /** Whether the resource is {@code webhooks}, the only one that receives webhooks. */
    public static boolean isHome(Resource resource) {
        return resource.path().toString().equals(PATH);
    }

    /** Adds the operation {@code verify}, which calls nothing at Lago, to the resource {@code webhooks}. */
    public static Resource withVerify(Resource resource) {
        if (!isHome(resource)) {
            return resource;
        }
        List<BoundOperation> operations = new ArrayList<>(resource.operations());
        PathTemplate path = resource.path();
        operations.add(new BoundOperation(Operation.local(VERIFY, path), path, null, operations.get(0).entry()));
        return new Resource(path, List.copyOf(operations));
    }

    public synchronized void start(LagoClient client, LongSupplier nanoTime) {
        this.client = client;
        organization = new OrganizationId(endpoint.configuration().getOrganizationId(), client, nanoTime);
        reader = new WebhookReader(endpoint, organization, client, nanoTime);
    }

    /** The processor that an HTTP server calls in front of a route. */
    public Processor processor(CamelContext context, Processor route) {
        return new WebhookProcessor(context, this, endpoint.configuration().getIdempotentRepository(), route);
    }

    /**
     * The operation {@code verify}. Replaces the message by the webhook. If the message is not one of Lago's webhooks and the exchange
     * came from an HTTP server, the route stops and the server answers with the exception's status; else the exception is thrown.
     *
     * @throws LagoWebhookException if the message is not one of Lago's webhooks
     * @throws LagoException        if the public key or the organization cannot be fetched
     */
    public void verify(Exchange exchange) {
        try {
            LagoWebhook webhook = reader.read(exchange.getMessage());
            replace(exchange, webhook);
            report(webhook.type(), "accepted");
        } catch (LagoWebhookException e) {
            refused(e);
            if (!isFromHttpServer(exchange)) {
                exchange.getMessage().setHeader(LagoConstants.HTTP_RESPONSE_CODE, e.getStatusCode());
                throw e;
            }
            answer(exchange, e.getStatusCode());
            exchange.setProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, e);
            exchange.setRouteStop(true);
        }
    }

    /**
     * Whether the exchange's answer goes to an HTTP server. Some servers answer 500 to every exception, whatever its status. A copy, as
     * multicast makes it, does not count: its stop would not stop the route.
     */
    private static boolean isFromHttpServer(Exchange exchange) {
        return exchange.getProperty(ExchangePropertyKey.CORRELATION_ID) == null
                && exchange.getFromEndpoint() instanceof DefaultEndpoint from
                && from.getComponent() instanceof RestConsumerFactory;
    }

    /** Makes the message an HTTP answer with a status and nothing else. Nothing that a route has left in the message reaches Lago. */
    static void answer(Exchange exchange, int status) {
        Message message = exchange.getMessage();
        message.setBody(null);
        message.removeHeaders("*");
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
    }

    /** Reports the result for a webhook to the observer. The type is null if the webhook was not verified. */
    void report(String type, String verdict) {
        client.observer().report(o -> o.webhook(type, verdict));
    }

    void refused(LagoWebhookException refusal) {
        report(null, refusal.getCode());
        LOG.warn("Refused a webhook with {}: {}", refusal.getStatusCode(), refusal.getMessage());
    }

    /** The webhook in a message. One about failed usage events becomes one per event. */
    List<LagoWebhook> readEach(Message message) {
        return reader.readEach(message);
    }

    /** Replaces a verified HTTP request by its webhook. Nothing that was not signed is kept, headers and charset included. */
    void replace(Exchange exchange, LagoWebhook webhook) {
        Message message = exchange.getMessage();
        exchange.removeProperty(ExchangePropertyKey.CHARSET_NAME);
        message.removeHeaders("*");
        message.setBody(webhook.body());
        ResponseHeaders.set(exchange, endpoint.resource(), webhook.id(), null, RateLimit.UNKNOWN);
        message.setHeader(LagoConstants.WEBHOOK_TYPE, webhook.type());
        ResponseHeaders.setOrRemove(message, LagoConstants.WEBHOOK_OBJECT_TYPE, webhook.objectType());
        message.setHeader(LagoConstants.WEBHOOK_UNIQUE_KEY, webhook.uniqueKey());
        message.setHeader(LagoConstants.WEBHOOK_ORGANIZATION_ID, webhook.organizationId());
        FailedEvent event = webhook.failedEvent();
        if (event != null) {
            message.setHeader(LagoConstants.EVENT_TRANSACTION_ID, event.transactionId());
            message.setHeader(LagoConstants.EVENT_REASON, event.reason());
            ResponseHeaders.setOrRemove(message, LagoConstants.EVENT_CODE, event.code());
            ResponseHeaders.setOrRemove(message, LagoConstants.EVENT_EXTERNAL_SUBSCRIPTION_ID, event.externalSubscription());
        }
    }

    public synchronized void listenAt(WebhookConfiguration configuration) {
        listening.put(url(configuration), configuration);
        if (configuration.isWebhookAutoRegister() && configuration.getWebhookExternalUrl() == null) {
            LOG.warn("The option webhookExternalUrl is not set. Lago will send to {}, which it may not be able to reach",
                    url(configuration));
        }
        warnOfRandomPort(configuration);
    }

    /** Lago keeps sending to the external URL, whatever the port is. */
    private static void warnOfRandomPort(WebhookConfiguration configuration) {
        RestConfiguration rest = configuration.retrieveRestConfiguration();
        String server = configuration.getWebhookComponentName();
        if (server == null && rest != null) {
            server = rest.getComponent();
        }
        if (server != null && OWN_SERVERS.contains(server) && (rest == null || rest.getPort() <= 0)) {
            LOG.warn(
                    "The component {} has no port and listens on a random one, while Lago sends to {}. Set the port, for example"
                            + " with camel.rest.component={} and camel.rest.port=8080",
                    server, url(configuration), server);
        }
    }

    /** Registers the URLs that are not registered by the start of their consumers: those with {@code webhookAutoRegister=false}. */
    public synchronized void registerByHand() {
        urls(listening.values(), false).forEach(this::register);
    }

    /** The opposite of {@link #registerByHand()}. */
    public synchronized void unregisterByHand() {
        urls(listening.values(), false).forEach(url -> registration(url).remove());
    }

    /** The URLs to register when a route's consumer starts. */
    synchronized List<String> urls(CamelContext context, Processor processor) {
        for (Route route : context.getRoutes()) {
            if (route.getProcessor() == processor && route.getEndpoint() instanceof WebhookEndpoint webhook) {
                return urls(List.of(webhook.getConfiguration()), true);
            }
        }
        return urls(listening.values(), true);
    }

    private static List<String> urls(Collection<WebhookConfiguration> configurations, boolean autoRegister) {
        return configurations.stream().filter(c -> c.isWebhookAutoRegister() == autoRegister).map(WebhookReceiver::url)
                .toList();
    }

    /**
     * The URL at which Lago reaches a route.
     *
     * @throws IllegalArgumentException if the options give no http(s) URL
     */
    private static String url(WebhookConfiguration configuration) {
        String external = configuration.getWebhookExternalUrl();
        try {
            if (external == null) {
                return configuration.computeFullExternalUrl();
            }
            external = BaseUrl.decoded(external);
            if (!external.matches("https?://.+")) {
                throw new IllegalArgumentException(
                        "The option webhookExternalUrl=" + external + " must begin with https:// or http://");
            }
            return external.replaceFirst("/+$", "") + configuration.computeFullPath(true);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("Cannot find this host's name: set the option webhookExternalUrl", e);
        }
    }

    /**
     * Registers a URL at Lago, or updates the webhook endpoint that Lago has for it. Fetches the public key first, so that a missing
     * permission fails the start and not the first webhook.
     *
     * @throws LagoException if Lago refuses or cannot be reached
     */
    synchronized void register(String url) {
        reader.prepare();
        WebhookRegistration registration = registration(url);
        organization.learn(registration.register());
        registered.put(url, registration);
    }

    private WebhookRegistration registration(String url) {
        return new WebhookRegistration(client, url, endpoint.configuration().getSignatureAlgo(), types);
    }

    /** Removes the webhook endpoint of a URL from Lago if {@code removeOnStop} is set. A failure is logged. */
    synchronized void unregister(String url) {
        WebhookRegistration registration = registered.remove(url);
        if (registration == null || !endpoint.configuration().isRemoveOnStop()) {
            return;
        }
        try {
            registration.remove();
        } catch (LagoException e) {
            LOG.warn("Cannot remove the webhook endpoint from Lago. Lago keeps sending to it until it is removed there: {}",
                    e.getMessage());
        }
    }
}
