package io.github.camellago.webhook;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camellago.api.LagoWebhookException;
import org.apache.camel.Message;
import org.apache.camel.StreamCache;
import org.apache.camel.util.ObjectHelper;

/**
 * A webhook that has not been verified.
 *
 * @param body      the bytes as they came
 * @param algorithm the algorithm that the sender claims
 * @param signature the signature
 * @param uniqueKey the webhook's key, the same for each delivery of a webhook. It is not signed
 */
record RawWebhook(byte[] body, String algorithm, String signature, String uniqueKey) {

    static final String SIGNATURE = "X-Lago-Signature";
    static final String ALGORITHM = "X-Lago-Signature-Algorithm";
    static final String UNIQUE_KEY = "X-Lago-Unique-Key";
    /** Lago sends a UUID. The key goes to file names, repositories and logs, so nothing else is accepted. */
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9-]{1,64}");

    /**
     * Reads a message that an HTTP server made. Reads no more than {@code maxBodySize} bytes.
     *
     * @throws LagoWebhookException if something is missing, repeated, malformed, too large, or has been parsed
     */
    static RawWebhook of(Message message, long maxBodySize) {
        String signature = required(message, SIGNATURE);
        String algorithm = required(message, ALGORITHM);
        String uniqueKey = required(message, UNIQUE_KEY);
        if (!KEY.matcher(uniqueKey).matches()) {
            throw LagoWebhookException.refused(LagoWebhookException.HEADER_INVALID,
                    "The header " + UNIQUE_KEY + " is not 1 to 64 letters, digits and hyphens");
        }
        byte[] body = body(message, maxBodySize);
        if (body.length == 0) {
            throw LagoWebhookException.refused(LagoWebhookException.BODY_INVALID, "The webhook's body is empty");
        }
        return new RawWebhook(body, algorithm, signature, uniqueKey);
    }

    /** The only value of a header. Names match in any case. */
    private static String required(Message message, String name) {
        List<Object> values = new ArrayList<>();
        for (Map.Entry<String, Object> header : message.getHeaders().entrySet()) {
            if (header.getKey().equalsIgnoreCase(name)) {
                if (header.getValue() instanceof Collection<?> several) {
                    values.addAll(several);
                } else if (header.getValue() instanceof Object[] several) {
                    values.addAll(Arrays.asList(several));
                } else if (header.getValue() != null) {
                    values.add(header.getValue());
                }
            }
        }
        if (values.size() > 1) {
            throw LagoWebhookException.refused(LagoWebhookException.HEADER_INVALID,
                    "The header " + name + " is repeated: " + values.size() + " values");
        }
        String value = values.isEmpty() ? "" : String.valueOf(values.get(0)).strip();
        if (value.isEmpty()) {
            throw LagoWebhookException.refused(LagoWebhookException.HEADER_INVALID, "The header " + name + " is missing");
        }
        return value;
    }

    private static byte[] body(Message message, long maxBodySize) {
        Object body = message.getBody();
        byte[] bytes;
        if (body == null) {
            bytes = new byte[0];
        } else if (body instanceof byte[] already) {
            bytes = already;
        } else if (body instanceof CharSequence text) {
            bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        } else if (body instanceof InputStream || body instanceof StreamCache) {
            bytes = read(message, maxBodySize);
        } else {
            bytes = body instanceof Map || body instanceof Collection || body instanceof JsonNode
                    ? null
                    : message.getBody(byte[].class);
        }
        if (bytes == null) {
            // HTTP servers parse forms, so the sender can cause this
            throw LagoWebhookException.refused(LagoWebhookException.BODY_INVALID,
                    "Only the unchanged bytes of a webhook can be verified, but the body is a "
                            + ObjectHelper.classCanonicalName(message.getBody())
                            + ": it was not sent as JSON, or the route has parsed it");
        }
        if (bytes.length > maxBodySize) {
            throw LagoWebhookException.tooLarge(maxBodySize);
        }
        return bytes;
    }

    private static byte[] read(Message message, long maxBodySize) {
        if (message.getBody() instanceof StreamCache cache) {
            cache.reset();
        }
        InputStream stream = message.getBody(InputStream.class);
        try {
            return stream == null ? null : stream.readNBytes((int) Math.min(maxBodySize + 1, Integer.MAX_VALUE - 8));
        } catch (IOException e) {
            throw new UncheckedIOException("The webhook's body is incomplete", e);
        }
    }

    /** Text of the sender's for a message: short, and without control characters. */
    static String quote(String text) {
        String start = text.length() > 64 ? text.substring(0, 64) + "..." : text;
        return start.replaceAll("[^\\x20-\\x7e]", "?");
    }
}
