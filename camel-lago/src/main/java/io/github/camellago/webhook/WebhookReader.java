package io.github.camellago.webhook;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.github.camellago.SignatureAlgo;
import io.github.camellago.api.LagoException;
import io.github.camellago.api.LagoWebhookException;
import io.github.camellago.catalog.Catalog;
import io.github.camellago.client.Binding;
import io.github.camellago.client.Envelope;
import io.github.camellago.client.Json;
import io.github.camellago.client.LagoClient;
import io.github.camellago.client.LagoResponse;
import io.github.camellago.client.RateLimit;
import org.apache.camel.Message;

/** Makes webhooks of messages, and refuses what Lago did not send. Thread-safe. */
public final class WebhookReader {

    private static final String TYPE = "webhook_type";
    private static final String OBJECT_TYPE = "object_type";
    private static final String ORGANIZATION = "organization_id";
    private static final Set<String> ENVELOPE = Set.of(TYPE, OBJECT_TYPE, ORGANIZATION);
    private static final Map<String, String> IDS = ids();

    private final Settings settings;
    private final PublicKeys keys;
    private final SignatureCheck check;

    /**
     * How to read.
     *
     * @param algo        the one algorithm to accept
     * @param hmacKey     the organization's HMAC key; for {@link SignatureAlgo#HMAC} only
     * @param issuer      the server that must have signed, or null; for {@link SignatureAlgo#JWT} only
     * @param maxBodySize bytes
     * @param binding     the form of the object
     */
    public record Settings(SignatureAlgo algo, String hmacKey, String issuer, long maxBodySize, Binding binding) {

        @Override
        public String toString() {
            return "Settings[" + algo + "]";
        }
    }

    /**
     * @param client   to fetch Lago's key with
     * @param nanoTime the time, as {@link System#nanoTime()} tells it
     */
    public WebhookReader(Settings settings, LagoClient client, LongSupplier nanoTime) {
        this.settings = settings;
        this.keys = new PublicKeys(new PublicKeyFetcher(client), nanoTime);
        this.check = settings.algo() == SignatureAlgo.HMAC
                ? new HmacCheck(settings.hmacKey())
                : new JwtCheck(keys, settings.issuer());
    }

    /**
     * Fetches what is needed to check signatures, if that is anything.
     *
     * @throws LagoException when it cannot be had
     */
    public void prepare() {
        if (settings.algo() == SignatureAlgo.JWT) {
            keys.current();
        }
    }

    /**
     * Reads a message as it came over HTTP.
     *
     * @throws LagoWebhookException     when it is not one of Lago's webhooks
     * @throws LagoException            when Lago's key cannot be had
     * @throws IllegalArgumentException when {@code outputClass} does not fit it
     */
    public LagoWebhook read(Message message) {
        RawWebhook incoming = RawWebhook.of(message, settings.maxBodySize());
        if (!incoming.algorithm().equals(settings.algo().word())) {
            throw LagoWebhookException.refused(LagoWebhookException.ALGORITHM_MISMATCH, "The header " + RawWebhook.ALGORITHM
                    + " is not " + settings.algo().word() + ", which is what the option signatureAlgo says");
        }
        check.check(incoming);
        return open(incoming);
    }

    /** The names of Lago's headers, which have served their purpose once a webhook was read. */
    public static List<String> headers() {
        return List.of(RawWebhook.SIGNATURE, RawWebhook.ALGORITHM, RawWebhook.UNIQUE_KEY);
    }

    private LagoWebhook open(RawWebhook incoming) {
        Map<String, String> envelope = envelope(incoming.body());
        String type = envelope.get(TYPE);
        if (type == null) {
            throw notAWebhook("it has no " + TYPE);
        }
        String objectType = envelope.get(OBJECT_TYPE);
        LagoResponse json = new LagoResponse(200, null, incoming.body(), RateLimit.UNKNOWN, 1);
        try {
            return new LagoWebhook(type, objectType, envelope.get(ORGANIZATION), incoming.uniqueKey(),
                    objectType == null ? null : Envelope.field(json, objectType, IDS.get(objectType)),
                    Envelope.unwrap(json, objectType, settings.binding()));
        } catch (IOException e) {
            throw new IllegalArgumentException("The webhook " + type + " does not fit the option outputClass="
                    + settings.binding().outputClass() + ": " + e.getMessage(), e);
        }
    }

    /** What stands at the top of a webhook besides its object. */
    private static Map<String, String> envelope(byte[] json) {
        Map<String, String> envelope = new TreeMap<>();
        try (JsonParser parser = Json.mapper().getFactory().createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw notAWebhook("it is not a JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                if (parser.nextToken() == JsonToken.VALUE_STRING && ENVELOPE.contains(field)) {
                    envelope.put(field, parser.getText());
                }
                parser.skipChildren();
            }
            if (parser.nextToken() != null) {
                throw notAWebhook("something follows its JSON");
            }
            return envelope;
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw notAWebhook("it is not JSON");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static LagoWebhookException notAWebhook(String why) {
        return LagoWebhookException.refused(LagoWebhookException.BODY_INVALID, "The body is not a webhook's: " + why);
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
