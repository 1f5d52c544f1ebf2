package io.github.camellago.api;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;

import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import org.apache.camel.Exchange;
import org.apache.camel.StreamCache;

/**
 * A message body with a JSON form. Camel converts it to {@code InputStream}, {@code byte[]}, {@code String}, {@code Map} and {@code JsonNode}, and
 * data formats such as {@code json-jackson} write the same form.
 *
 * <p>It is a {@link StreamCache}, so that components that choose a format by the body's type, such as {@code jms}, take the JSON form, and not the
 * form of a {@code Map} or a serialized object.
 */
@JsonSerialize(using = JsonBodySerializer.class)
public interface JsonBody extends StreamCache {

    /** The JSON text in parts, which are made while they are read. */
    Iterator<String> jsonParts();

    /** The JSON text. */
    default String toJson() {
        StringBuilder text = new StringBuilder();
        jsonParts().forEachRemaining(text::append);
        return text.toString();
    }

    @Override
    default void writeTo(OutputStream out) throws IOException {
        for (Iterator<String> parts = jsonParts(); parts.hasNext();) {
            out.write(parts.next().getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Has no effect: the JSON form can be read repeatedly. */
    @Override
    default void reset() {}

    @Override
    default StreamCache copy(Exchange exchange) {
        return this;
    }

    @Override
    default boolean inMemory() {
        return true;
    }

    /** Unknown, because the JSON form is made while it is read. */
    @Override
    default long length() {
        return -1;
    }

    /** Unknown. */
    @Override
    default long position() {
        return -1;
    }
}
