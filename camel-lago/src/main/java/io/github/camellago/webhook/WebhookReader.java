package io.github.camellago.webhook;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.github.camellago.LagoConfiguration;
import io.github.camellago.SignatureAlgo;
import io.github.camellago.api.LagoException;
import io.github.camellago.api.LagoWebhookException;
import io.github.camellago.catalog.Catalog;
import io.github.camellago.client.BaseUrl;
import io.github.camellago.client.Envelope;
import io.github.camellago.client.Json;
import io.github.camellago.client.LagoClient;
import io.github.camellago.client.LagoResponse;
import io.github.camellago.operation.EndpointSettings;
import org.apache.camel.Message;

/** Turns HTTP requests into webhooks, and refuses what Lago did not sign for this organization. Thread-safe. */
final class WebhookReader {

    private static final String TYPE = "webhook_type";
    private static final String OBJECT_TYPE = "object_type";
    private static final String ORGANIZATION = "organization_id";
    private static final Set<String> ENVELOPE = Set.of(TYPE, OBJECT_TYPE, ORGANIZATION);
    private static final Map<String, String> IDS = ids();

    private final EndpointSettings endpoint;
    private final SignatureAlgo algo;
    private final OrganizationId organization;
    private final SignatureCheck check;

    /**
     * @param organization the only organization to accept
     * @param client       fetches Lago's public key
     * @param nanoTime     the clock, as {@link System#nanoTime()}
     */
    WebhookReader(EndpointSettings endpoint, OrganizationId organization, LagoClient client, LongSupplier nanoTime) {
        LagoConfiguration options = endpoint.configuration();
        this.endpoint = endpoint;
        this.organization = organization;
        this.algo = options.getSignatureAlgo();
        this.check = switch (algo) {
            case HMAC -> new HmacCheck(options.getHmacKey());
            case JWT -> new JwtCheck(new PublicKeys(new PublicKeyFetcher(client), nanoTime),
                    options.getIssuer() == null ? null : BaseUrl.decoded(options.getIssuer()));
        };
    }

    /**
     * Fetches the public key if signatures are checked with it.
     *
     * @throws LagoException if it cannot be fetched
     */
    void prepare() {
        check.prepare();
    }

    /**
     * Reads a message as it came over HTTP.
     *
     * @throws LagoWebhookException     if it is not one of Lago's webhooks for this organization
     * @throws LagoException            if the public key or the organization cannot be fetched
     * @throws IllegalArgumentException if {@code outputClass} does not fit the object
     */
    LagoWebhook read(Message message) {
        RawWebhook raw = verified(message);
        return whole(raw, envelope(raw));
    }

    /** Like {@link #read}, but a webhook about failed usage events becomes one webhook per event. */
    List<LagoWebhook> readEach(Message message) {
        RawWebhook raw = verified(message);
        Map<String, String> envelope = envelope(raw);
        String type = envelope.get(TYPE);
        try {
            List<FailedEvent> events = FailedEvent.in(type, envelope.get(OBJECT_TYPE), raw.body());
            if (events.isEmpty()) {
                return List.of(whole(raw, envelope));
            }
            List<LagoWebhook> each = new ArrayList<>(events.size());
            for (FailedEvent event : events) {
                String key = events.size() == 1 ? raw.uniqueKey() : raw.uniqueKey() + '-' + each.size();
                each.add(new LagoWebhook(type, envelope.get(OBJECT_TYPE), envelope.get(ORGANIZATION), key,
                        event.transactionId(), event.body(endpoint.binding()), event));
            }
            return each;
        } catch (IOException e) {
            throw misfit(type, e);
        }
    }

    private RawWebhook verified(Message message) {
        RawWebhook raw = RawWebhook.of(message, endpoint.configuration().getMaxBodySize());
        if (!raw.algorithm().equals(algo.word())) {
            throw LagoWebhookException.refused(LagoWebhookException.ALGORITHM_MISMATCH, "The header " + RawWebhook.ALGORITHM
                    + " is not " + algo.word() + ", the option signatureAlgo");
        }
        check.check(raw);
        return raw;
    }

    private Map<String, String> envelope(RawWebhook raw) {
        Map<String, String> envelope = envelope(raw.body());
        if (envelope.get(TYPE) == null) {
            throw notAWebhook("it has no " + TYPE);
        }
        checkOrganization(envelope.get(ORGANIZATION));
        return envelope;
    }

    private LagoWebhook whole(RawWebhook raw, Map<String, String> envelope) {
        String objectType = envelope.get(OBJECT_TYPE);
        LagoResponse json = LagoResponse.of(raw.body());
        try {
            return new LagoWebhook(envelope.get(TYPE), objectType, envelope.get(ORGANIZATION), raw.uniqueKey(),
                    Envelope.field(json, objectType, IDS.get(objectType)),
                    Envelope.unwrap(json, objectType, endpoint.binding()), null);
        } catch (IOException e) {
            throw misfit(envelope.get(TYPE), e);
        }
    }

    private IllegalArgumentException misfit(String type, IOException e) {
        Class<?> outputClass = endpoint.binding().outputClass();
        String what = outputClass == null
                ? "Cannot read the webhook " + type
                : "The webhook " + type + " does not fit the option outputClass=" + outputClass;
        return new IllegalArgumentException(what + ": " + e.getMessage(), e);
    }

    private void checkOrganization(String sender) {
        if (!organization.get().equals(sender)) {
            throw LagoWebhookException.refused(LagoWebhookException.ORGANIZATION_MISMATCH, "The webhook is for "
                    + (sender == null ? "no organization" : "the organization " + RawWebhook.quote(sender)) + ", not for "
                    + organization.get());
        }
    }

    /** The fields at the top of a webhook, except its object. */
    private static Map<String, String> envelope(byte[] json) {
        Map<String, String> envelope = new TreeMap<>();
        Set<String> fields = new HashSet<>();
        try (JsonParser parser = Json.mapper().getFactory().createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw notAWebhook("it is not a JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                if (!fields.add(field)) {
                    throw notAWebhook("it has a field twice");
                }
                JsonToken value = parser.nextToken();
                if (ENVELOPE.contains(field) && value != JsonToken.VALUE_NULL) {
                    if (value != JsonToken.VALUE_STRING) {
                        throw notAWebhook(field + " is not a string");
                    }
                    envelope.put(field, parser.getText());
                }
                parser.skipChildren();
            }
            if (parser.nextToken() != null) {
                throw notAWebhook("something follows its JSON");
            }
            return envelope;
        } catch (JsonProcessingException e) {
            throw notAWebhook("it is not JSON");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static LagoWebhookException notAWebhook(String why) {
        return LagoWebhookException.refused(LagoWebhookException.BODY_INVALID, "The body is not a webhook: " + why);
    }

    /** The fields that Lago's API keys objects by, by the objects' root keys. */
    private static Map<String, String> ids() {
        return Catalog.get().entries().stream()
                .filter(e -> e.records().id() != null)
                .flatMap(e -> e.operations().stream().filter(o -> o.name().equals("get") && o.answerRoot() != null)
                        .map(o -> Map.entry(o.answerRoot(), e)))
                .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().records().id(),
                        (first, second) -> first));
    }
}
