package io.github.camellago.poll;

import java.util.HashMap;
import java.util.Map;
import java.util.StringJoiner;

/**
 * How far a list has been read: what was created before {@code floor} is over, and of what was created since, the records in
 * {@code recent} were handed over. Records do not always appear in the order of their creation, hence the second part. Immutable.
 *
 * @param newest   when the newest record that was handed over was created, in milliseconds
 * @param seen     up to when everything that was created has been looked at, in milliseconds, as far as the list can be trusted
 * @param floor    where {@code recent} begins, in milliseconds
 * @param expected how many records the list is believed to have, or -1
 * @param told     how many records Lago last said that it has, or -1
 * @param recent   hashes of the records created at or after the floor, and when they were
 */
record Offset(long newest, long seen, long floor, long expected, long told, Map<Long, Long> recent) {

    private static final String FORMAT = "1";
    /** Tells a text that was cut off from a whole one. */
    private static final String END = "end";

    /** Null for a text that is none: then everything is read again, which loses nothing. */
    static Offset parse(String text) {
        if (text == null) {
            return null;
        }
        String[] parts = text.split(";", -1);
        if (parts.length != 8 || !parts[0].equals(FORMAT) || !parts[7].equals(END)) {
            return null;
        }
        try {
            long floor = Long.parseLong(parts[3]);
            Map<Long, Long> recent = new HashMap<>();
            for (String entry : parts[6].isEmpty() ? new String[0] : parts[6].split(",")) {
                int colon = entry.indexOf(':');
                recent.put(Long.parseUnsignedLong(entry.substring(0, colon), 36),
                        floor + Long.parseLong(entry.substring(colon + 1), 36));
            }
            return new Offset(Long.parseLong(parts[1]), Long.parseLong(parts[2]), floor, Long.parseLong(parts[4]),
                    Long.parseLong(parts[5]), recent);
        } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
            return null;
        }
    }

    /** One line without an equals sign, as file repositories need it. */
    String toText() {
        StringJoiner entries = new StringJoiner(",");
        recent.forEach((hash, at) -> entries.add(Hash.text(hash) + ':' + Long.toString(at - floor, 36)));
        return String.join(";", FORMAT, String.valueOf(newest), String.valueOf(seen), String.valueOf(floor),
                String.valueOf(expected), String.valueOf(told), entries.toString(), END);
    }
}
