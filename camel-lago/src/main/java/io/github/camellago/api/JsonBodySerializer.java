package io.github.camellago.api;

import java.io.IOException;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;

/** Has Jackson write a {@link JsonBody} in its own form. */
final class JsonBodySerializer extends StdSerializer<JsonBody> {

    private static final long serialVersionUID = 1L;

    JsonBodySerializer() {
        super(JsonBody.class);
    }

    @Override
    public void serialize(JsonBody body, JsonGenerator json, SerializerProvider provider) throws IOException {
        try (JsonParser parser = EventJson.MAPPER.createParser(body.toJson())) {
            while (parser.nextToken() != null) {
                json.copyCurrentEventExact(parser);
            }
        }
    }

    @Override
    public void serializeWithType(JsonBody body, JsonGenerator json, SerializerProvider provider, TypeSerializer type)
            throws IOException {
        serialize(body, json, provider);
    }
}
