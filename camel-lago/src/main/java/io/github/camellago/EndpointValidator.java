package io.github.camellago;

import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.camellago.api.LagoOptionException;
import io.github.camellago.catalog.BoundOperation;
import io.github.camellago.catalog.Catalog;
import io.github.camellago.catalog.PathTemplate;
import io.github.camellago.catalog.Resource;
import io.github.camellago.client.BaseUrl;
import io.github.camellago.client.Credentials;
import io.github.camellago.events.EventReconciler;
import io.github.camellago.operation.CallOptions;
import io.github.camellago.operation.FileDownload;
import io.github.camellago.operation.OptionChecks;
import io.github.camellago.operation.QueryBuilder;
import io.github.camellago.upsert.Upsert;
import io.github.camellago.webhook.WebhookReceiver;

/** Parses and validates the path and the options of an endpoint. Messages name the option and the values that are allowed. */
record EndpointValidator(LagoEndpoint endpoint, LagoConfiguration configuration) {

    private static final List<String> METHODS = List.of("GET", "POST", "PUT", "PATCH", "DELETE");

    /** The resource of the path. */
    Resource target() {
        String resource = endpoint.getResource();
        if (resource == null || resource.replace('/', ' ').isBlank()) {
            throw new IllegalArgumentException("The endpoint names no resource. Write lago:invoices, lago:events, …: "
                    + "the path of Lago's API below /api/v1");
        }
        requireSegments(resource);
        requireValue("id", endpoint.getId(), LagoConstants.ID);
        PathTemplate asked = PathTemplate.of(resource);
        if (asked.segments().stream().anyMatch(segment -> segment.equals(".") || segment.equals(".."))) {
            throw new IllegalArgumentException("The path " + asked + " must not contain the segments . and ..");
        }
        Resource known = Catalog.get().find(asked);
        if (endpoint.getHttpMethod() == null) {
            if (known == null) {
                throw new IllegalArgumentException("Lago has no resource " + asked + " that is known here. Nearest: "
                        + String.join(", ", Catalog.get().nearest(asked, 3))
                        + ". To call a path that is not known, set httpMethod");
            }
            return EventReconciler.withReconcile(Upsert.with(WebhookReceiver.withVerify(known)));
        }
        String method = endpoint.getHttpMethod().strip().toUpperCase(Locale.ROOT);
        if (!METHODS.contains(method)) {
            throw new IllegalArgumentException("The option httpMethod=" + endpoint.getHttpMethod() + " is not one of "
                    + String.join(", ", METHODS));
        }
        PathTemplate called = endpoint.getId() == null ? asked : Catalog.withId(asked);
        Resource listed = Catalog.get().find(called);
        BoundOperation same = listed == null ? null : listed.direct(method);
        if (same != null) {
            throw new IllegalArgumentException("The option httpMethod is for calls that are not known here; " + method + ' '
                    + asked + " is: leave httpMethod out, and set operation=" + same.name());
        }
        return Catalog.unlisted(asked, called, method);
    }

    /** Refuses an option without a value, which a header would fill, and without a header the call would reach the whole collection. */
    private static void requireValue(String option, Object value, String header) {
        if (value != null && value.toString().isBlank()) {
            throw new IllegalArgumentException(
                    "The option " + option + " is empty. Set its value, or leave the option out to take"
                            + " the value from the header " + header);
        }
    }

    /** Refuses a path with an empty segment: Lago's server would leave the segment out, and reach the whole collection. */
    private static void requireSegments(String resource) {
        if (Stream.of(resource.split("/", -1)).anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("The path " + resource
                    + " has an empty segment. Lago would read it as the path of the whole collection. Write it without the slash,"
                    + " or fill the segment");
        }
    }

    BaseUrl server() {
        return checked(configuration.server());
    }

    /** Where events go, or null for the same server. */
    BaseUrl ingest() {
        String url = configuration.getIngestUrl();
        return CallOptions.isBlank(url) ? null : checked(BaseUrl.of(url, "ingestUrl"));
    }

    private BaseUrl checked(BaseUrl url) {
        endpoint.getComponent().warnOnceOfPlainHttp(url);
        return url;
    }

    /** Refuses what no option may be. */
    void checkOptions() {
        Resource target = endpoint.target();
        if (endpoint.getOperation() != null) {
            endpoint.settings().operation(endpoint.getOperation());
        }
        OptionChecks.requirePositive("perPage", configuration.getPerPage());
        OptionChecks.requirePositive("page", endpoint.getPage());
        OptionChecks.requirePositive("fileTimeout", configuration.getFileTimeout());
        OptionChecks.requirePositive("batchSize", configuration.getBatchSize());
        OptionChecks.requirePositive("concurrentBatches", configuration.getConcurrentBatches());
        OptionChecks.requireNotNegative("prefetchPages", configuration.getPrefetchPages());
        OptionChecks.requirePositive("connectTimeout", configuration.getConnectTimeout());
        OptionChecks.requirePositive("responseTimeout", configuration.getResponseTimeout());
        OptionChecks.requirePositive("callTimeout", configuration.getCallTimeout());
        OptionChecks.requirePositive("maxResponseSize", configuration.getMaxResponseSize());
        OptionChecks.requireNotNegative("maxFileSize", configuration.getMaxFileSize());
        OptionChecks.requireNotNegative("batchInterval", configuration.getBatchInterval());
        OptionChecks.requireAtLeast("referencesMaxAge", configuration.getReferencesMaxAge(), 60_000);
        OptionChecks.requireAtLeast("referencesCacheSize", configuration.getReferencesCacheSize(), 1_000);
        OptionChecks.requireNotNegative("maxRetries", configuration.getMaxRetries());
        OptionChecks.requireNotNegative("retryDelay", configuration.getRetryDelay());
        OptionChecks.requireNotNegative("maxRetryDelay", configuration.getMaxRetryDelay());
        checkKeys(target);
        checkFetchFile(target);
        checkDryRun(target);
        checkPathOptions(target);
        checkFilterNames(target);
    }

    /** @param component the name of the component, for messages */
    static Credentials credentials(LagoConfiguration configuration, String component) {
        if (configuration.getCredentials() != null && !CallOptions.isBlank(configuration.getApiKey())) {
            throw new LagoOptionException("credentials",
                    "The options apiKey and credentials contradict each other: each gives a key. Set one of them");
        }
        if (configuration.getCredentials() != null) {
            return Credentials.of(configuration.getCredentials());
        }
        if (CallOptions.isBlank(configuration.getApiKey())) {
            throw new LagoOptionException("apiKey",
                    "The option apiKey is required: Lago's API key, from its dashboard under Developers >"
                            + " API keys. Set it on the endpoint, on the component "
                            + (component.equals("lago") ? "(camel.component.lago.api-key)" : component)
                            + ", or give credentials");
        }
        return isKeyPerMessage(configuration) ? Credentials.ofMessages() : Credentials.of(configuration.getApiKey());
    }

    /** Whether an endpoint with these options keeps nothing that belongs to one account. */
    static boolean canBeSharedByKeys(LagoConfiguration options) {
        return options.getBatchInterval() == 0 && !options.isCheckReferences();
    }

    /** Whether each call brings its own key. */
    static boolean isKeyPerMessage(LagoConfiguration configuration) {
        return Credentials.PER_MESSAGE.equals(configuration.getApiKey());
    }

    /** Refuses to mix accounts. */
    private void checkKeys(Resource target) {
        if (isKeyPerMessage(configuration)
                && (!canBeSharedByKeys(configuration) || WebhookReceiver.isHome(target))) {
            throw new LagoOptionException("apiKey",
                    "An endpoint of " + target.path() + " with batchInterval, checkReferences or"
                            + " webhooks needs an API key of its own");
        }
    }

    private void checkFetchFile(Resource target) {
        if (configuration.isFetchFile() && target.operations().stream().noneMatch(FileDownload::serves)) {
            throw new IllegalArgumentException("The option fetchFile is for downloads, which " + target.path()
                    + " does not have. It has: " + target.operationNames());
        }
    }

    private void checkDryRun(Resource target) {
        if (!configuration.isDryRun()) {
            return;
        }
        if (target.operation(Upsert.NAME) == null) {
            throw new IllegalArgumentException("The option dryRun is for the operation upsert, which " + target.path()
                    + " does not have. It has: " + target.operationNames());
        }
        if (endpoint.getOperation() != null) {
            Upsert.requireDryRun(endpoint.settings().operation(endpoint.getOperation()));
        }
    }

    private void checkPathOptions(Resource target) {
        TreeSet<String> names = target.operations().stream().flatMap(o -> o.path().placeholders().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        for (String name : endpoint.getPath().keySet()) {
            requireValue("path." + name, endpoint.getPath().get(name), LagoConstants.PATH_PREFIX + name);
            if (!names.contains(name)) {
                throw new IllegalArgumentException("The option path." + name + " fills no placeholder of " + target.path()
                        + ". It has: " + (names.isEmpty() ? "none" : String.join(", ", names)));
            }
        }
    }

    private void checkFilterNames(Resource target) {
        UnknownFilters unknown = configuration.getUnknownFilters();
        if (endpoint.getOperation() != null) {
            QueryBuilder.check(target.operation(endpoint.getOperation()).operation(), endpoint.getFilter(), unknown);
        } else if (endpoint.getHttpMethod() != null) {
            QueryBuilder.check(target.operations().get(0).operation(), endpoint.getFilter(), unknown);
        } else {
            QueryBuilder.check(target, endpoint.getFilter(), unknown);
        }
    }
}
