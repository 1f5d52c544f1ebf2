package io.github.camellago.client;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

/**
 * Finds the records of a page with some of their fields, so that records that are known need not be parsed. The scan only finds where values end: it
 * does not validate the JSON of known records. A record is known by its key and its {@code updated_at}, and by a digest of its content if it has no
 * {@code updated_at}, or if that was too recent: with these unchanged, it counts as unchanged, whether the rest of it is valid or not, and a record
 * with anything else is parsed.
 */
final class RecordScan {

    private final byte[] json;
    private final String[] fields;
    private final byte[][] names;

    private RecordScan(byte[] json, Set<String> fields) {
        this.json = json;
        this.fields = fields.toArray(String[]::new);
        this.names = fields.stream().map(field -> field.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
    }

    /** See {@link Envelope#page(LagoResponse, String, Binding, Set, Predicate)}. */
    static Page page(LagoResponse response, String root, Binding binding, Set<String> fields, Predicate<LagoRecord> known)
            throws IOException {
        byte[] json = response.body();
        RecordScan scan = new RecordScan(json, fields);
        List<LagoRecord> records = new ArrayList<>();
        List<LagoRecord> others = new ArrayList<>();
        int start = startOfList(json, root);
        int end = scan.next(start);
        int length = json.length + start;
        while (json[end] != ']') {
            LagoRecord record = scan.record(end);
            boolean isKnown = known.test(record);
            records.add(isKnown ? record : null);
            if (!isKnown) {
                others.add(record);
                length += 1 + record.source().remaining();
            }
            end = scan.nextAfter(end + record.source().remaining(), ']');
        }
        // the same page without the known records
        ByteBuffer rest = ByteBuffer.allocate(length - end).put(json, 0, start);
        for (LagoRecord record : others) {
            rest.put((byte) (record == others.get(0) ? ' ' : ',')).put(record.source());
        }
        rest.put(json, end, json.length - end);
        Page page = Envelope.page(LagoResponse.of(rest.array()), root, binding, fields);
        if (page.records().size() != others.size()) {
            throw new IOException("it holds more than one list");
        }
        Iterator<LagoRecord> parsed = page.records().iterator();
        records.replaceAll(record -> record == null ? parsed.next() : record);
        return new Page(records, page.nextPage(), page.totalPages(), page.totalCount(), response);
    }

    /** The position behind the bracket of the list. */
    private static int startOfList(byte[] json, String root) throws IOException {
        try (JsonParser parser = Json.mapper().getFactory().createParser(json)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean list = root == null || root.equals(parser.currentName());
                if (parser.nextToken() == JsonToken.START_ARRAY && list) {
                    int at = (int) parser.currentLocation().getByteOffset();
                    if (at < 1 || json[at - 1] != '[') {
                        throw new IOException("it is not UTF-8");
                    }
                    return at;
                }
                parser.skipChildren();
            }
        }
        throw new IOException("it holds no list");
    }

    /** The record at a position. */
    private LagoRecord record(int from) throws IOException {
        Map<String, String> found = new HashMap<>();
        if (json[from] != '{') {
            return LagoRecord.unread(found, json, from, end(from));
        }
        int at = next(from + 1);
        while (json[at] != '}') {
            int nameEnd = endOfText(at);
            int colon = next(nameEnd);
            if (json[at] != '"' || json[colon] != ':') {
                throw new IOException("it has a record that is no JSON object");
            }
            int value = next(colon + 1);
            int end = end(value);
            String field = field(at + 1, nameEnd - 1);
            if (field != null && json[value] != 'n') {
                found.put(field, text(value, end));
            }
            at = nextAfter(end, '}');
        }
        return LagoRecord.unread(found, json, from, at + 1);
    }

    /** The wanted field with that name, or null. */
    private String field(int from, int to) {
        for (int i = 0; i < names.length; i++) {
            if (names[i].length == to - from && Arrays.equals(names[i], 0, to - from, json, from, to)) {
                return fields[i];
            }
        }
        return null;
    }

    private String text(int from, int to) throws IOException {
        String text = new String(json, from, to - from, StandardCharsets.UTF_8).strip();
        if (json[from] != '"') {
            return text;
        }
        return text.indexOf('\\') < 0 ? text.substring(1, text.length() - 1) : Json.mapper().readValue(text, String.class);
    }

    /** The position behind the value that begins at a position, or behind the white space after it. */
    private int end(int from) throws IOException {
        int depth = 0;
        int at = from;
        while (at < json.length) {
            byte b = json[at];
            if (depth == 0 && (b == ',' || b == '}' || b == ']')) {
                return at;
            }
            if (b == '"') {
                at = endOfText(at);
            } else {
                depth += b == '{' || b == '[' ? 1 : b == '}' || b == ']' ? -1 : 0;
                at++;
            }
        }
        throw new EOFException("it ends early");
    }

    /** The position behind the text that begins with the quote at a position. */
    private int endOfText(int from) throws IOException {
        for (int at = from + 1; at < json.length; at++) {
            if (json[at] == '"') {
                return at + 1;
            }
            if (json[at] == '\\') {
                at++;
            }
        }
        throw new EOFException("it ends early");
    }

    /** The position of what follows a value: of the next one, or of what closes the list or object. */
    private int nextAfter(int end, char close) throws IOException {
        int at = next(end);
        if (json[at] == close) {
            return at;
        }
        if (json[at] != ',') {
            throw new IOException("it is no JSON");
        }
        return next(at + 1);
    }

    /** The position of the next byte that is no white space. */
    private int next(int from) throws IOException {
        for (int at = from; at < json.length; at++) {
            if (json[at] != ' ' && json[at] != '\n' && json[at] != '\r' && json[at] != '\t') {
                return at;
            }
        }
        throw new EOFException("it ends early");
    }
}
