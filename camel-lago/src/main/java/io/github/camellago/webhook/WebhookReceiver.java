package io.github.camellago.webhook;

import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

import io.github.camellago.LagoConfiguration;
import io.github.camellago.LagoConstants;
import io.github.camellago.SignatureAlgo;
import io.github.camellago.api.LagoException;
import io.github.camellago.catalog.BoundOperation;
import io.github.camellago.catalog.Catalog;
import io.github.camellago.catalog.Operation;
import io.github.camellago.catalog.PathTemplate;
import io.github.camellago.catalog.Resource;
import io.github.camellago.client.BaseUrl;
import io.github.camellago.client.LagoClient;
import io.github.camellago.client.RateLimit;
import io.github.camellago.operation.EndpointSettings;
import io.github.camellago.operation.OptionChecks;
import io.github.camellago.operation.ResponseHeaders;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.webhook.WebhookConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the endpoint {@code lago:webhooks} does besides calling Lago: it takes part in receiving webhooks. */
public final class WebhookReceiver {

    public static final String VERIFY = "verify";
    private static final String PATH = "webhooks";
    private static final Logger LOG = LoggerFactory.getLogger(WebhookReceiver.class);

    private final EndpointSettings endpoint;
    private final BoundOperation verify;
    private final List<String> types;
    /** By URL: routes whose endpoints differ in nothing but where they listen share this. */
    private final Map<String, WebhookConfiguration> listening = new LinkedHashMap<>();
    private final Map<String, WebhookRegistration> registered = new LinkedHashMap<>();
    private LagoClient client;
    private WebhookReader reader;

    /** @throws IllegalArgumentException when the options do not fit together */
    public WebhookReceiver(EndpointSettings endpoint) {
        this.endpoint = endpoint;
        this.verify = endpoint.operation(VERIFY);
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

    /** Whether it is at this path that webhooks are at home. */
    public static boolean isHome(Resource resource) {
        return resource.path().toString().equals(PATH);
    }

    /** The resource, with the operation that is no call of Lago's. */
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
        LagoConfiguration options = endpoint.configuration();
        reader = new WebhookReader(new WebhookReader.Settings(options.getSignatureAlgo(), options.getHmacKey(),
                options.getIssuer(), options.getMaxBodySize(), endpoint.binding()), client,
                nanoTime);
    }

    /** Tells what became of a webhook; its type is null where it is not to be trusted. */
    public void told(String type, String verdict) {
        client.observer().webhook(type, verdict);
    }

    /** The webhook that came over HTTP; throws when it is none. */
    public LagoWebhook read(Message message) {
        return reader.read(message);
    }

    /** Puts a webhook in the place of what came over HTTP. */
    public void replace(Exchange exchange, LagoWebhook webhook) {
        Message message = exchange.getMessage();
        WebhookReader.headers().forEach(message::removeHeaders);
        message.setBody(webhook.body());
        ResponseHeaders.set(exchange, verify, endpoint.resource(), Catalog.get().ofObject(webhook.objectType()),
                webhook.id(), null,
                RateLimit.UNKNOWN);
        message.setHeader(LagoConstants.WEBHOOK_TYPE, webhook.type());
        ResponseHeaders.setOrRemove(message, LagoConstants.WEBHOOK_OBJECT_TYPE, webhook.objectType());
        message.setHeader(LagoConstants.WEBHOOK_UNIQUE_KEY, webhook.uniqueKey());
        ResponseHeaders.setOrRemove(message, LagoConstants.WEBHOOK_ORGANIZATION_ID, webhook.organizationId());
    }

    public synchronized void listenAt(WebhookConfiguration configuration) {
        listening.put(url(configuration), configuration);
    }

    /** Registers each address that is listened at; one that is registered is left as it is. */
    public synchronized void register() {
        // a key that cannot be had is told now, not when the first webhook is refused
        reader.prepare();
        listening.forEach((url, configuration) -> {
            if (configuration.isWebhookAutoRegister() && !registered.containsKey(url)) {
                WebhookRegistration registration = new WebhookRegistration(client, url,
                        endpoint.configuration().getSignatureAlgo(), types);
                registration.register();
                registered.put(url, registration);
            }
        });
    }

    public synchronized void unregister() {
        registered.values().removeIf(registration -> {
            try {
                if (endpoint.configuration().isRemoveOnStop()) {
                    registration.remove();
                }
            } catch (LagoException e) {
                LOG.warn("The webhook endpoint remains at Lago, which will go on sending to it until it is removed there or"
                        + " this route starts again: {}", e.getMessage());
            }
            return true;
        });
    }

    private static String url(WebhookConfiguration configuration) {
        String external = configuration.getWebhookExternalUrl();
        try {
            if (external == null) {
                String url = configuration.computeFullExternalUrl();
                if (configuration.isWebhookAutoRegister()) {
                    LOG.warn(
                            "The option webhookExternalUrl is not set. Lago is told to send to this host at {}, which it may not"
                                    + " be able to reach",
                            configuration.computeServerUriPrefix());
                }
                return url;
            }
            external = BaseUrl.decoded(external);
            if (!external.matches("https?://.+")) {
                throw new IllegalArgumentException(
                        "The option webhookExternalUrl=" + external + " must begin with https:// or http://");
            }
            return external.replaceFirst("/+$", "") + configuration.computeFullPath(true);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("The name of this host cannot be found: set the option webhookExternalUrl", e);
        }
    }
}
