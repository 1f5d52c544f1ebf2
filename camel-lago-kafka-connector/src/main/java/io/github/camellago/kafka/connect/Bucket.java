package io.github.camellago.kafka.connect;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.camellago.api.RecordRepository.Row;

/**
 * The rows of one bucket, as the offset of the bucket stores them: as text, because a list can have millions of records. The rows of a list are
 * distributed among parts, so that offsets that wait for Kafka share the parts in which they do not differ. Neither lists nor keys contain control
 * characters.
 */
final class Bucket {

    private static final int PARTS = 16;
    private static final char ROW = '\n';
    private static final char FIELD = '\t';

    /** The rows, by list and number of the part. */
    private final Map<String, String> parts = new HashMap<>();

    Bucket(Map<String, ?> offset) {
        offset.forEach((part, rows) -> parts.put(part.intern(), rows.toString()));
    }

    static boolean isValid(Map<String, ?> offset) {
        try {
            Bucket bucket = new Bucket(offset);
            bucket.lists().forEach(bucket::rows);
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }

    Map<String, String> offset() {
        return new HashMap<>(parts);
    }

    List<String> lists() {
        return parts.keySet().stream().map(part -> part.substring(0, part.lastIndexOf(FIELD))).distinct().toList();
    }

    Row find(String list, String key) {
        String rows = parts.getOrDefault(part(list, key), "");
        int start = start(rows, key);
        return start < 0 ? null : row(list, rows.substring(start + 1, end(rows, start)));
    }

    void put(Row row) {
        remove(row.list(), row.key());
        parts.merge(part(row.list(), row.key()).intern(), text(row), String::concat);
    }

    void remove(String list, String key) {
        parts.computeIfPresent(part(list, key), (part, rows) -> {
            int start = start(rows, key);
            String left = start < 0 ? rows : rows.substring(0, start) + rows.substring(end(rows, start));
            return left.isEmpty() ? null : left;
        });
    }

    /** The rows of a list, in no order. */
    List<Row> rows(String list) {
        List<Row> found = new ArrayList<>();
        for (int i = 0; i < PARTS; i++) {
            String rows = parts.getOrDefault(part(list, i), "");
            for (int start = 0; start < rows.length(); start = end(rows, start)) {
                found.add(row(list, rows.substring(start + 1, end(rows, start))));
            }
        }
        return found;
    }

    private static String part(String list, String key) {
        return part(list, key.hashCode() * 0x9E3779B9 >>> 28);
    }

    private static String part(String list, int number) {
        return list + FIELD + number;
    }

    private static int start(String rows, String key) {
        return rows.indexOf(ROW + key + FIELD);
    }

    private static int end(String rows, int start) {
        int end = rows.indexOf(ROW, start + 1);
        return end < 0 ? rows.length() : end;
    }

    private static String text(Row row) {
        StringBuilder text = new StringBuilder().append(ROW).append(row.key()).append(FIELD)
                .append(Long.toString(row.version(), Character.MAX_RADIX));
        if (row.missed() > 0 || !row.key().equals(row.id())) {
            text.append(FIELD).append(row.missed());
            if (row.id() != null) {
                text.append(FIELD).append(URLEncoder.encode(row.id(), StandardCharsets.UTF_8));
            }
        }
        return text.toString();
    }

    private static Row row(String list, String text) {
        String[] fields = text.split(String.valueOf(FIELD), -1);
        long version = Long.parseLong(fields[1], Character.MAX_RADIX);
        return switch (fields.length) {
            case 2 -> new Row(list, fields[0], fields[0], version, 0);
            case 3 -> new Row(list, fields[0], null, version, Integer.parseInt(fields[2]));
            default -> new Row(list, fields[0], URLDecoder.decode(fields[3], StandardCharsets.UTF_8), version,
                    Integer.parseInt(fields[2]));
        };
    }
}
