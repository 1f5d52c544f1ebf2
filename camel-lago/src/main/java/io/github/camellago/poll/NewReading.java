package io.github.camellago.poll;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;

import io.github.camellago.client.Iso8601;
import io.github.camellago.client.LagoRecord;
import io.github.camellago.client.Page;

/**
 * Reads a list for what is new in it. Its rules:
 *
 * <ol>
 * <li>A record is new if the {@link Offset} does not cover it. Where its position in the list is does not matter.</li>
 * <li>Pages overlap, so that no record is missed that was there when the first page was read: Lago pages by number, and deleted
 * records pull others forward. Totals prove nothing, as those of invoices and fees may be stale, or those of another list.</li>
 * <li>How far to read depends on the {@link SortOrder}: to the offset's floor if the newest records come first; to the first page
 * without a new record if the list is ordered by a date that users may set; else to the end.</li>
 * <li>As a back-dated record may be anywhere, a list that is ordered by such a date is read to its end at an interval.</li>
 * <li>The floor moves to a little before the time of the first page, by Lago's clock: a record becomes visible when its transaction
 * ends, so later than others that were created after it. Where records may be anywhere, the floor only moves to the beginning of the
 * complete reading before this one, as a record may also move within such a list while it is read.</li>
 * </ol>
 */
final class NewReading implements Reading {

    /** A record becomes visible at most that long after its creation. Lago's transactions are not that long. */
    private static final long OVERLAP = 60_000;
    /** The same if nothing was created for {@link #IDLE}: then only clocks that differ matter. */
    private static final long IDLE_OVERLAP = 5_000;
    private static final long IDLE = 600_000;
    private static final long NONE = Long.MIN_VALUE;

    private final NewSelection selection;
    private final NewList list;
    private final Offset offset;
    final long number;
    private final SortOrder order;
    private final Map<String, Object> window;

    private long startedAt = NONE;
    private long newest = NONE;
    private boolean toTheEnd;
    private boolean newOnPage;
    private long lastCreated;

    /** Guarded by the list, as are the next two. */
    int inFlight;
    boolean ended;
    boolean complete;

    /** @param offset where it begins, or null for the whole list */
    NewReading(NewSelection selection, NewList list, Offset offset, long number) {
        this.selection = selection;
        this.list = list;
        this.offset = offset;
        this.number = number;
        this.order = SortOrder.of(selection.type);
        this.window = window();
    }

    private Map<String, Object> window() {
        String since = selection.type.since();
        if (offset == null || since == null) {
            return Map.of();
        }
        Object given = selection.filters.get(since);
        if (order == SortOrder.NEWEST_LAST) {
            Long theirs = given == null ? null : Iso8601.millis(given.toString());
            return given != null && (theirs == null || theirs > offset.floor())
                    ? Map.of()
                    : Map.of(since, Instant.ofEpochMilli(offset.floor()).toString());
        }
        if (order == SortOrder.NEWEST_FIRST && given == null) {
            // a date in a time zone that is not known
            return Map.of(since, LocalDate.ofInstant(Instant.ofEpochMilli(offset.floor()), ZoneOffset.UTC).minusDays(1)
                    .toString());
        }
        return Map.of();
    }

    @Override
    public Map<String, Object> queryWindow() {
        return window;
    }

    @Override
    public boolean mayReadOutOfOrder() {
        return false;
    }

    @Override
    public Claim claim(LagoRecord record, long readAt) {
        Long created = Iso8601.millis(record.field(SortOrder.createdField(selection.type)));
        // a record without a time is never taken for old
        lastCreated = created == null ? Long.MAX_VALUE : created;
        newest = created == null ? newest : Math.max(newest, created);
        String identity = list.identity(record);
        long hash = Hash.of(identity);
        if (list.covers(hash, created)) {
            return null;
        }
        newOnPage = true;
        int claimed = list.claim(hash, created, this);
        if (claimed <= 0) {
            return claimed < 0 ? IN_FLIGHT : null;
        }
        if (isInRepository(identity, hash, created)) {
            return null;
        }
        return new OneShotClaim(() -> store(identity), () -> list.processed(hash, created, this),
                () -> list.failed(hash, this));
    }

    private boolean isInRepository(String identity, long hash, Long created) {
        if (selection.repository == null) {
            return false;
        }
        try {
            if (!selection.repository.contains(Hash.key(identity))) {
                return false;
            }
        } catch (RuntimeException e) {
            list.failed(hash, this);
            throw e;
        }
        list.processed(hash, created, this);
        return true;
    }

    private void store(String identity) {
        if (selection.repository != null) {
            selection.repository.add(Hash.key(identity));
            selection.repository.confirm(Hash.key(identity));
        }
    }

    @Override
    public boolean hasMore(Page page, long readAt) {
        if (startedAt == NONE) {
            startedAt = readAt;
            toTheEnd = offset == null || order == SortOrder.ANYWHERE || order == SortOrder.BY_DATE && isWholeReadingDue();
        }
        boolean news = newOnPage;
        newOnPage = false;
        return toTheEnd || switch (order) {
            case NEWEST_FIRST -> lastCreated >= offset.floor();
            case BY_DATE -> news;
            case NEWEST_LAST, ANYWHERE -> true;
        };
    }

    /** A complete reading in the future is one at which the clock was wrong. */
    private boolean isWholeReadingDue() {
        return selection.fullReadInterval > 0 && Math.abs(startedAt - offset.wholeAt()) >= selection.fullReadInterval;
    }

    @Override
    public void end(boolean whole, boolean moved) {
        list.end(this, whole && !moved && startedAt != NONE);
    }

    /** Where the offset moves to after this reading; what was processed is up to the list. */
    Offset moved(Offset before) {
        if (before == null) {
            return new Offset(floor(startedAt), startedAt, Map.of());
        }
        boolean anywhere = order == SortOrder.ANYWHERE || order == SortOrder.BY_DATE && selection.fullReadInterval > 0;
        long floor = before.floor();
        if (!anywhere) {
            floor = Math.max(floor, floor(startedAt));
        } else if (toTheEnd) {
            floor = Math.max(floor, floor(before.wholeAt()));
        }
        return new Offset(floor, toTheEnd ? startedAt : before.wholeAt(), Map.of());
    }

    /** Records since then are needed for comparison, however many there are. */
    long needed() {
        return floor(startedAt);
    }

    /** The newest record counts as well, in case that Lago's clock is not the one that dates records. */
    private long floor(long time) {
        if (newest == NONE) {
            return 0;
        }
        long upTo = Math.min(time, newest);
        return upTo - (startedAt - upTo > IDLE ? IDLE_OVERLAP : OVERLAP);
    }
}
