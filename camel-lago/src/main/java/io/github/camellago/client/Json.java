package io.github.camellago.client;

import java.io.IOException;
import java.util.Arrays;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.deser.std.UntypedObjectDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.github.camellago.api.JacksonModules;

/** How JSON is read and written: amounts stay exact, whatever their size. */
public final class Json {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .addModules(JacksonModules.find(Thread.currentThread().getContextClassLoader()))
            .addModules(new Jdk8Module(), new JavaTimeModule())
            // the last module wins: the modules found may include Scala's, which has its own maps and lists
            .addModule(new SimpleModule("camel-lago").addDeserializer(Object.class, new UntypedObjectDeserializer(null, null)))
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .defaultPropertyInclusion(JsonInclude.Value.construct(JsonInclude.Include.ALWAYS, JsonInclude.Include.ALWAYS))
            .build();

    private static final ObjectWriter ORDERED = MAPPER.writer().with(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

    static {
        // invoices with many fees are long, not malicious: the limits against nesting stay, the one on length goes
        MAPPER.getFactory().setStreamReadConstraints(
                StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).maxNumberLength(10_000).build());
    }

    private Json() {}

    /** The same JSON with the keys of its objects in order, and no white space; unchanged if it cannot be read. */
    static byte[] ordered(byte[] json, int from, int length) {
        try {
            return ORDERED.writeValueAsBytes(MAPPER.readValue(json, from, length, Object.class));
        } catch (IOException | NumberFormatException e) {
            return Arrays.copyOfRange(json, from, from + length);
        }
    }

    public static ObjectMapper mapper() {
        return MAPPER;
    }
}
