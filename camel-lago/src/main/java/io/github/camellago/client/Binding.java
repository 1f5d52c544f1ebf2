package io.github.camellago.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camellago.BodyType;

/**
 * Turns JSON into what a route wants to have.
 *
 * @param bodyType    the form
 * @param outputClass a class to bind objects to instead, or null
 */
public record Binding(BodyType bodyType, Class<?> outputClass) {

    /** Whether objects are delivered as text, exactly as Lago sent them. */
    boolean isText() {
        return bodyType == BodyType.JSON && outputClass == null;
    }

    /** Reads the value at which the parser stands, leaving it at the value's last token. */
    public Object read(JsonParser parser, byte[] source) throws IOException {
        return read(parser, source, new MapReader());
    }

    /** Like {@link #read(JsonParser, byte[])}, for one of several values. */
    Object read(JsonParser parser, byte[] source, MapReader maps) throws IOException {
        ObjectMapper mapper = Json.mapper();
        if (outputClass != null && parser.currentToken().isStructStart()) {
            JavaType one = mapper.constructType(outputClass);
            boolean many = parser.currentToken() == JsonToken.START_ARRAY;
            try {
                return mapper.readValue(parser,
                        many ? mapper.getTypeFactory().constructCollectionType(List.class, one) : one);
            } catch (JsonMappingException e) {
                throw OutputClassMismatch.of(outputClass, e);
            } catch (RuntimeException | LinkageError | StackOverflowError e) {
                throw OutputClassMismatch.failed(outputClass, e);
            }
        }
        try {
            return switch (bodyType) {
                case MAP -> maps.read(parser);
                case JSON_NODE -> mapper.readValue(parser, JsonNode.class);
                case JSON -> {
                    int start = (int) parser.currentTokenLocation().getByteOffset();
                    parser.skipChildren();
                    int end = (int) parser.currentLocation().getByteOffset();
                    yield new String(source, start, end - start, StandardCharsets.UTF_8);
                }
            };
        } catch (NumberFormatException e) {
            // its exponent is too large for a BigDecimal
            throw new JsonParseException(parser, e.getMessage(), e);
        }
    }
}
