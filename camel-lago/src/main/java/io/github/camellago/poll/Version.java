package io.github.camellago.poll;

import io.github.camellago.client.Iso8601;
import io.github.camellago.client.LagoRecord;

/**
 * The version of a record as a number that is never 0: a hash of its {@code updated_at}, or of its content if it has no {@code updated_at}.
 *
 * <p>Lago reports {@code updated_at} in whole seconds, so that a record read in the very second of a change may change again without
 * showing it there. A version that was read while its time was that young has a part for the record's content as well.
 */
final class Version {

    /** For records of which one version is as good as another. */
    static final long ANY = 2;

    /** The second itself, and how far clocks may be apart. */
    private static final long YOUNG = 10_000;
    private static final int CONTENT_BITS = 25;
    /** In the lowest bit: the content was compared once more when the time was no longer young, and is over with. */
    private static final long SETTLED = 1;
    private static final long CONTENT = ((1L << CONTENT_BITS) - 1) << 1;
    private static final long TIME = ~(CONTENT | SETTLED);

    private Version() {}

    /** The version of a record that was read at some moment, in milliseconds. */
    static long of(LagoRecord record, long readAt) {
        String updated = record.field("updated_at");
        if (updated == null) {
            return byContent(record);
        }
        return isYoung(updated, readAt) ? byTimeAndContent(record) : byTime(record);
    }

    /** The version that a record has if its time was not young when it was read. */
    static long byTime(LagoRecord record) {
        long time = Hash.of(record.field("updated_at")) & TIME;
        return time == 0 ? TIME : time;
    }

    /** The version that a record has if its time was young when it was read. */
    static long byTimeAndContent(LagoRecord record) {
        long content = Hash.of(record.contentDigest()) & CONTENT;
        return byTime(record) | (content == 0 ? CONTENT : content);
    }

    private static long byContent(LagoRecord record) {
        long content = stored(Hash.of(record.contentDigest()));
        return content == 0 ? TIME : content;
    }

    /** Whether a record differs from a version of it. */
    static boolean differs(LagoRecord record, long version) {
        if (record.field("updated_at") == null) {
            return byContent(record) != version;
        }
        return (version & TIME) != byTime(record) || isOpen(version) && stored(version) != byTimeAndContent(record);
    }

    /** The same version, for which the content counts no more if the record's time is no longer young. */
    static long settle(LagoRecord record, long readAt, long version) {
        String updated = record.field("updated_at");
        return updated != null && isOpen(version) && !isYoung(updated, readAt) ? version | SETTLED : version;
    }

    /** A version as it is stored. */
    static long stored(long version) {
        return version & ~SETTLED;
    }

    private static boolean isOpen(long version) {
        return (version & SETTLED) == 0 && (version & CONTENT) != 0;
    }

    private static boolean isYoung(String updated, long readAt) {
        Long at = Iso8601.millis(updated);
        return at != null && readAt < at + YOUNG;
    }
}
