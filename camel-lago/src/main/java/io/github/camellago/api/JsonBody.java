package io.github.camellago.api;

import java.util.Iterator;

import com.fasterxml.jackson.databind.annotation.JsonSerialize;

/**
 * A message body with a JSON form. Camel converts it to {@code InputStream}, {@code byte[]}, {@code String}, {@code Map} and {@code JsonNode}, and
 * data formats such as {@code json-jackson} write the same form.
 */
@JsonSerialize(using = JsonBodySerializer.class)
public interface JsonBody {

    /** The JSON text in parts, which are made while they are read. */
    Iterator<String> jsonParts();

    /** The JSON text. */
    default String toJson() {
        StringBuilder text = new StringBuilder();
        jsonParts().forEachRemaining(text::append);
        return text.toString();
    }
}
