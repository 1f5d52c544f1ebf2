package io.github.camellago.poll;

import java.util.HashMap;
import java.util.Map;
import java.util.StringJoiner;

/**
 * The position of {@code readMode=new} in a list. Records created before {@code floor} were processed, and of those created since,
 * the {@code processed} ones. Times are in milliseconds, by Lago's clock. Immutable.
 *
 * @param floor     records created before are old
 * @param wholeAt   when the last complete reading of the whole list began
 * @param processed hashes of records created at or after the floor, and when they were created
 */
record Offset(long floor, long wholeAt, Map<Long, Long> processed) {

    private static final String FORMAT = "2";
    /** Marks a complete text, so that a truncated one is recognized. */
    private static final String END = "end";

    /** Null for a text that is no offset: then the list is read from its beginning, which loses nothing. */
    static Offset parse(String text) {
        String[] parts = text == null ? new String[0] : text.split(";", -1);
        if (parts.length != 5 || !parts[0].equals(FORMAT) || !parts[4].equals(END)) {
            return null;
        }
        try {
            long floor = Long.parseLong(parts[1]);
            Map<Long, Long> processed = new HashMap<>();
            for (String entry : parts[3].isEmpty() ? new String[0] : parts[3].split(",")) {
                int colon = entry.indexOf(':');
                processed.put(Long.parseUnsignedLong(entry.substring(0, colon), 36),
                        floor + Long.parseLong(entry.substring(colon + 1), 36));
            }
            return new Offset(floor, Long.parseLong(parts[2]), processed);
        } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
            return null;
        }
    }

    /** One line without an equals sign, as file repositories require. */
    String toText() {
        StringJoiner entries = new StringJoiner(",");
        processed.forEach((hash, at) -> entries.add(Hash.text(hash) + ':' + Long.toString(at - floor, 36)));
        return String.join(";", FORMAT, String.valueOf(floor), String.valueOf(wholeAt), entries.toString(), END);
    }

    /** Whether another one covers the same records. */
    boolean sameAs(Offset other) {
        return other != null && floor == other.floor && processed.equals(other.processed);
    }

    /** Whether a record was processed as far as this offset shows; not known if it has no time. */
    boolean covers(long hash, Long createdAt) {
        return createdAt != null && (createdAt < floor || processed.containsKey(hash));
    }
}
