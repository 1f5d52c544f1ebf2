package io.github.camellago.kafka.connect;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.errors.DataException;

/** Values of Kafka Connect as Maps, Lists and simple values. */
final class PlainData {

    private PlainData() {}

    /**
     * A plain value.
     *
     * @param  schema        the value's schema, or null
     * @throws DataException if the value is a number that JSON cannot have
     */
    static Object of(Schema schema, Object value) {
        if (value instanceof Struct struct) {
            Map<String, Object> map = new LinkedHashMap<>();
            for (Field field : struct.schema().fields()) {
                Object plain = of(field.schema(), struct.get(field));
                if (plain != null) {
                    map.put(field.name(), plain);
                }
            }
            return map;
        }
        if (value instanceof Map<?, ?> map) {
            Schema values = schema == null ? null : schema.valueSchema();
            Map<String, Object> plain = new LinkedHashMap<>();
            map.forEach((key, each) -> plain.put(String.valueOf(key), of(values, each)));
            return plain;
        }
        if (value instanceof Collection<?> list) {
            Schema values = schema == null ? null : schema.valueSchema();
            List<Object> plain = new ArrayList<>(list.size());
            list.forEach(each -> plain.add(of(values, each)));
            return plain;
        }
        if (value instanceof ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            return bytes;
        }
        if (value instanceof java.util.Date date) {
            return time(schema == null ? null : schema.name(), Instant.ofEpochMilli(date.getTime()));
        }
        if (value instanceof Double number && !Double.isFinite(number)
                || value instanceof Float single && !Float.isFinite(single)) {
            throw new DataException("The value of the record has a number that JSON does not allow: " + value);
        }
        return value;
    }

    /** The component sends an Instant as Lago's timestamp, and as ISO 8601 elsewhere. */
    private static Object time(String type, Instant instant) {
        if (Date.LOGICAL_NAME.equals(type)) {
            return instant.atZone(ZoneOffset.UTC).toLocalDate().toString();
        }
        return Time.LOGICAL_NAME.equals(type) ? LocalTime.ofInstant(instant, ZoneOffset.UTC).toString() : instant;
    }
}
