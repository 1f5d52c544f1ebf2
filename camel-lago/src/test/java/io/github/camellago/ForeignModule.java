package io.github.camellago;

import java.io.IOException;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;

/**
 * A Jackson module on the class path of all tests that has its own idea of what an untyped value is, as Scala's has, which a Kafka broker brings along:
 * no test must notice.
 */
public final class ForeignModule extends SimpleModule {

    private static final long serialVersionUID = 1L;

    public ForeignModule() {
        super("foreign");
        addDeserializer(Object.class, new Foreign());
    }

    private static final class Foreign extends StdDeserializer<Object> {

        private static final long serialVersionUID = 1L;

        Foreign() {
            super(Object.class);
        }

        @Override
        public Object deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            parser.skipChildren();
            return new Object();
        }
    }
}
