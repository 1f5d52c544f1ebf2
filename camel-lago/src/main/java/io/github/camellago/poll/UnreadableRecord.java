package io.github.camellago.poll;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.github.camellago.client.Binding;
import io.github.camellago.client.Envelope;
import io.github.camellago.client.LagoRecord;
import io.github.camellago.client.LagoResponse;
import io.github.camellago.client.Page;

/**
 * Stands for the body of a record that cannot be read, such as one with {@code NaN}, a number of 20,000 digits, or a value that does
 * not fit the {@code outputClass}.
 *
 * @param cause why not
 */
record UnreadableRecord(IOException cause) {

    private static final JsonFactory LENIENT = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS, JsonReadFeature.ALLOW_LEADING_ZEROS_FOR_NUMBERS,
                    JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS, JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNumberLength(Integer.MAX_VALUE).maxStringLength(Integer.MAX_VALUE)
                            .maxNestingDepth(Integer.MAX_VALUE).build())
            .build();

    /**
     * Reads a page record by record, so that one that is unreadable does not make the others so.
     *
     * @throws IOException if the page as a whole is unreadable
     */
    static Page page(LagoResponse response, String root, Binding binding, Set<String> fields) throws IOException {
        byte[] json = response.body();
        List<LagoRecord> records = new ArrayList<>();
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        try (JsonParser parser = LENIENT.createParser(json)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean list = parser.currentName().equals(root);
                if (parser.nextToken() == JsonToken.START_ARRAY && list) {
                    int from = (int) parser.currentLocation().getByteOffset();
                    rest.write(json, 0, from);
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        int begin = (int) parser.currentTokenLocation().getByteOffset();
                        parser.skipChildren();
                        int end = (int) parser.currentLocation().getByteOffset();
                        records.add(record(json, begin, end, binding, fields));
                    }
                    int to = (int) parser.currentTokenLocation().getByteOffset();
                    rest.write(json, to, json.length - to);
                } else {
                    parser.skipChildren();
                }
            }
        }
        if (rest.size() == 0) {
            throw new IOException("it holds no \"" + root + "\"");
        }
        // the same page without its records
        Page page = Envelope.page(LagoResponse.of(rest.toByteArray()), root, binding, fields);
        return new Page(records, page.nextPage(), page.totalPages(), page.totalCount(), response);
    }

    private static LagoRecord record(byte[] json, int from, int to, Binding binding, Set<String> fields) throws IOException {
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        list.write("{\"records\":[".getBytes(StandardCharsets.US_ASCII));
        list.write(json, from, to - from);
        list.write("]}".getBytes(StandardCharsets.US_ASCII));
        LagoResponse alone = LagoResponse.of(list.toByteArray());
        try {
            return Envelope.page(alone, "records", binding, fields).records().get(0);
        } catch (IOException e) {
            return new LagoRecord(new UnreadableRecord(e), found(json, from, to, fields), json, from, to);
        }
    }

    private static Map<String, String> found(byte[] json, int from, int to, Set<String> fields) throws IOException {
        try (JsonParser parser = LENIENT.createParser(json, from, to - from)) {
            parser.nextToken();
            return Envelope.scalars(parser, fields);
        }
    }
}
