package io.github.camellago.events;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camellago.api.JsonBody;
import io.github.camellago.client.Json;
import io.github.camellago.operation.RecordIterator;
import org.apache.camel.Converter;

/** Converts what this component leaves in message bodies to JSON, so that any component can send or store it. */
@Converter(generateLoader = true)
public final class LagoJsonConverter {

    private LagoJsonConverter() {}

    @Converter
    public static String toString(JsonBody body) {
        return body.toJson();
    }

    @Converter
    public static byte[] toBytes(JsonBody body) {
        return body.toJson().getBytes(StandardCharsets.UTF_8);
    }

    /** The stream makes its JSON while it is read. */
    @Converter
    public static InputStream toInputStream(JsonBody body) {
        Iterator<String> parts = body.jsonParts();
        return new SequenceInputStream(new Enumeration<InputStream>() {
            @Override
            public boolean hasMoreElements() {
                return parts.hasNext();
            }

            @Override
            public InputStream nextElement() {
                return new ByteArrayInputStream(parts.next().getBytes(StandardCharsets.UTF_8));
            }
        });
    }

    @Converter
    public static JsonNode toJsonNode(JsonBody body) throws IOException {
        return Json.mapper().readTree(body.toJson());
    }

    /** For the class itself, because camel-jackson converts any Map, and only with an exchange. */
    @Converter
    public static JsonNode toJsonNode(UndeliveredEvent body) throws IOException {
        return toJsonNode((JsonBody) body);
    }

    /** An object as it is; a list of events in the form of a batch; a list of records with the key {@code records}. */
    @Converter
    public static Map<?, ?> toMap(JsonBody body) throws IOException {
        Object value = Json.mapper().readValue(body.toJson(), Object.class);
        return value instanceof Map<?, ?> map ? map : Map.of(body instanceof RecordIterator ? "records" : "events", value);
    }
}
