package io.github.camellago.events;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

/** One pass over an event's JSON: whether it is well-formed, and which fields it has. */
final class EventScan {

    boolean code;
    boolean subscription;
    String id;
    boolean time;
    Object timestamp;
    boolean noMap;
    final List<String> unknown = new ArrayList<>(0);
    /** whether a field must be written in another form, or is empty and must be omitted */
    boolean other;
    int open;
    byte[] inner;
    private final ReferenceCheck check;
    String codeText;
    String subscriptionText;
    /** of the property that the metric aggregates, or null if the code came after the properties */
    private PropertyKind property;

    private EventScan(ReferenceCheck check) {
        this.check = check;
    }

    static EventScan of(byte[] json, ReferenceCheck check, EventCodec codec) throws IOException, EventEncoder.Refused {
        EventScan scan = new EventScan(check);
        if (json.length > 1 && (json[0] == 0 || json[1] == 0)) {
            throw new EventEncoder.Refused(EventEncoder.EVENT, "it is not UTF-8");
        }
        scan.read(codec.beginReading(json), json, codec);
        return scan;
    }

    private void read(JsonParser parser, byte[] json, EventCodec codec) throws IOException, EventEncoder.Refused {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new EventEncoder.Refused(EventEncoder.EVENT, "it is not a JSON object");
        }
        open = json[0] == '{' ? 0 : codec.position(parser.currentTokenLocation().getByteOffset());
        int fields = 0;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            fields++;
            field(parser, json, codec);
        }
        if (!codec.endReading(parser)) {
            throw new EventEncoder.Refused(EventEncoder.EVENT, "something follows the JSON object");
        }
        if (fields != 1) {
            inner = null;
        }
    }

    private void field(JsonParser parser, byte[] json, EventCodec codec) throws IOException {
        String field = parser.currentName();
        JsonToken value = parser.nextToken();
        boolean set = value != JsonToken.VALUE_NULL
                && !(value == JsonToken.VALUE_STRING && isBlank(parser));
        switch (field) {
            case "code" -> {
                code = set;
                codeText = check != null && set ? check.name(parser) : null;
                property = null;
            }
            case "external_subscription_id" -> {
                subscription = set;
                subscriptionText = check != null && set ? check.name(parser) : null;
            }
            case EventEncoder.ID -> {
                id = set ? parser.getText() : null;
                other |= !set;
            }
            case EventEncoder.TIMESTAMP -> {
                time = set;
                timestamp = value.isScalarValue() ? number(parser, value) : null;
                other |= !set || value == JsonToken.VALUE_STRING && Timestamps.isDateTime(parser.getText());
            }
            case EventEncoder.AMOUNT -> other |= value.isNumeric();
            case "properties" -> {
                noMap = value != JsonToken.START_OBJECT && value != JsonToken.VALUE_NULL;
                properties(parser, value);
            }
            default -> {
                if (value != JsonToken.VALUE_NULL) {
                    unknown.add(field);
                }
                int start = codec.position(parser.currentTokenLocation().getByteOffset());
                parser.skipChildren();
                if (value == JsonToken.START_OBJECT && field.equals("event")) {
                    inner = Arrays.copyOfRange(json, start, codec.position(parser.currentLocation().getByteOffset()));
                }
            }
        }
        parser.skipChildren();
    }

    private static boolean isBlank(JsonParser parser) throws IOException {
        char[] text = parser.getTextCharacters();
        int end = parser.getTextOffset() + parser.getTextLength();
        for (int i = parser.getTextOffset(); i < end; i++) {
            if (!Character.isWhitespace(text[i])) {
                return false;
            }
        }
        return true;
    }

    private static Object number(JsonParser parser, JsonToken value) throws IOException {
        boolean whole = value == JsonToken.VALUE_NUMBER_INT && parser.getTextLength() < 19;
        return whole ? Long.valueOf(parser.getLongValue()) : parser.getText();
    }

    /** Looks for the property that the metric aggregates, if the metric is known by now. */
    private void properties(JsonParser parser, JsonToken value) throws IOException {
        String wanted = codeText == null ? null : check.property(codeText);
        if (wanted == null) {
            return;
        }
        property = PropertyKind.MISSING;
        while (value == JsonToken.START_OBJECT && parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean found = parser.currentName().equals(wanted);
            JsonToken token = parser.nextToken();
            if (found) {
                property = switch (token) {
                    case VALUE_NULL -> PropertyKind.MISSING;
                    case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> PropertyKind.NUMBER;
                    case VALUE_STRING -> PropertyKind.of(parser.getText());
                    default -> PropertyKind.OTHER;
                };
            }
            parser.skipChildren();
        }
    }

    /** The kind of the property that the metric aggregates, or null if it needs none or is not known. */
    PropertyKind property(byte[] json) throws IOException {
        String wanted = check.property(codeText);
        return wanted == null || property != null
                ? property
                : PropertyKind.of(EventEncoder.MAPPER.readTree(json).path("properties").path(wanted));
    }
}
