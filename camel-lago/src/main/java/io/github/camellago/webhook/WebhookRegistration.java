package io.github.camellago.webhook;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camellago.SignatureAlgo;
import io.github.camellago.api.Failure;
import io.github.camellago.api.LagoException;
import io.github.camellago.api.LagoNotFoundException;
import io.github.camellago.api.LagoValidationException;
import io.github.camellago.catalog.PathTemplate;
import io.github.camellago.client.Json;
import io.github.camellago.client.LagoClient;
import io.github.camellago.client.LagoRequest;
import io.github.camellago.client.LagoResponse;
import io.github.camellago.client.RetryRule;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The webhook endpoint at Lago for one URL. */
final class WebhookRegistration {

    private static final Logger LOG = LoggerFactory.getLogger(WebhookRegistration.class);
    private static final String ENDPOINTS = "webhook_endpoints";
    private static final String ROOT = "webhook_endpoint";
    /** Lago has at most ten webhook endpoints per organization, so one page holds them. */
    private static final int MAX_PAGES = 20;
    private static final int NO_CONTENT = 204;

    private final LagoClient client;
    private final String url;
    private final SignatureAlgo algo;
    private final List<String> types;
    private String lagoId;

    /** @param types the types of webhooks that Lago is to send, or null for all */
    WebhookRegistration(LagoClient client, String url, SignatureAlgo algo, List<String> types) {
        this.client = client;
        this.url = url;
        this.algo = algo;
        this.types = types;
    }

    /**
     * Creates the webhook endpoint. Updates the one that Lago has for this URL, if there is one.
     *
     * @return               the id of the organization, or null if Lago does not name it
     * @throws LagoException if Lago refuses or cannot be reached
     */
    String register() {
        JsonNode existing = find();
        if (existing == null) {
            try {
                existing = call("POST", ENDPOINTS, wanted());
            } catch (LagoValidationException e) {
                existing = instead(e);
            } catch (LagoException e) {
                existing = e.mayHaveBeenProcessed() ? find() : null;
                if (existing == null) {
                    throw e;
                }
            }
        }
        lagoId = existing.path("lago_id").asText();
        if (!isAsAskedFor(existing)) {
            call("PUT", ENDPOINTS + '/' + PathTemplate.encodeSegment(lagoId), wanted());
            LOG.info("Updated the webhook endpoint {}", lagoId);
        }
        LOG.info("Lago sends {} to the webhook endpoint {}", types == null ? "all webhooks" : types, lagoId);
        return existing.path("lago_organization_id").textValue();
    }

    /** The endpoint that another instance has created in the meantime. Throws the refusal if Lago has no such endpoint. */
    private JsonNode instead(LagoValidationException refusal) {
        if (mentions(refusal, "value_already_exist")) {
            JsonNode existing = find();
            if (existing != null) {
                return existing;
            }
        }
        if (mentions(refusal, "exceeded_limit")) {
            throw new LagoValidationException(new Failure(
                    "Lago has 10 webhook endpoints for this organization, which is its maximum, so this route's URL cannot be"
                            + " registered. Delete one that is no longer used, in Lago's dashboard or with"
                            + " lago:webhook_endpoints?operation=delete",
                    refusal.getMethod(), refusal.getPath(),
                    refusal.getStatusCode(), refusal.getCode(), refusal.getErrorDetails(), false, refusal));
        }
        throw refusal;
    }

    /**
     * Deletes the webhook endpoint at Lago, if it still exists.
     *
     * @throws LagoException if Lago refuses or cannot be reached
     */
    void remove() {
        if (lagoId == null) {
            JsonNode existing = find();
            if (existing == null) {
                return;
            }
            lagoId = existing.path("lago_id").asText();
        }
        try {
            call("DELETE", ENDPOINTS + '/' + PathTemplate.encodeSegment(lagoId), null);
        } catch (LagoNotFoundException e) {
            LOG.debug("Lago's webhook endpoint {} was removed already", lagoId);
        }
        lagoId = null;
    }

    /** Reads Lago's list. Ends at a page without new endpoints, because {@code next_page} alone is not reliable. */
    private JsonNode find() {
        Set<String> seen = new HashSet<>();
        for (int page = 1; page <= MAX_PAGES; page++) {
            LagoRequest request = LagoRequest.get(ENDPOINTS, "page=" + page + "&per_page=100", ROOT);
            JsonNode answer = client.call(request, response -> with(ENDPOINTS, response));
            boolean more = false;
            for (JsonNode endpoint : answer.path(ENDPOINTS)) {
                if (url.equals(endpoint.path("webhook_url").asText())) {
                    return endpoint;
                }
                more |= seen.add(endpoint.path("lago_id").asText());
            }
            if (!more || !answer.path("meta").path("next_page").isNumber()) {
                break;
            }
        }
        return null;
    }

    private byte[] wanted() {
        Map<String, Object> endpoint = new HashMap<>();
        endpoint.put("webhook_url", url);
        endpoint.put("signature_algo", algo.word());
        endpoint.put("event_types", types);
        return Json.mapper().valueToTree(Map.of(ROOT, endpoint)).toString().getBytes(StandardCharsets.UTF_8);
    }

    private boolean isAsAskedFor(JsonNode endpoint) {
        JsonNode registered = endpoint.path("event_types");
        Set<String> names = new HashSet<>();
        registered.forEach(type -> names.add(type.asText()));
        return algo.word().equals(endpoint.path("signature_algo").asText())
                && (types == null ? !registered.isArray() : names.equals(Set.copyOf(types)));
    }

    /** A URL is unique at Lago, so every one of these calls can be repeated. */
    private JsonNode call(String method, String path, byte[] body) {
        LagoRequest request = new LagoRequest(method, path, null, body, RetryRule.IDEMPOTENT, ROOT);
        return client.call(request, response -> response.status() == NO_CONTENT
                ? Json.mapper().missingNode()
                : with(ROOT, response).get(ROOT));
    }

    /** An answer with the endpoint or the list of them. A success without it is not Lago's answer. */
    private static JsonNode with(String key, LagoResponse response) throws IOException {
        JsonNode answer = Json.mapper().readTree(response.body());
        JsonNode value = answer.path(key);
        if (key.equals(ENDPOINTS) ? !value.isArray() : value.path("lago_id").asText("").isEmpty()) {
            throw new IOException("it holds no \"" + key + "\"");
        }
        return answer;
    }

    private static boolean mentions(LagoValidationException refusal, String reason) {
        return refusal.getErrorDetails().values().stream().anyMatch(
                reasons -> reasons instanceof List<?> list
                        && list.stream().anyMatch(one -> String.valueOf(one).contains(reason)));
    }
}
