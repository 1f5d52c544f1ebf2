package io.github.camellago.poll;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;

import io.github.camellago.client.Iso8601;
import io.github.camellago.client.LagoRecord;
import io.github.camellago.client.Page;

/** Reads a list for what is new in it, as far as its {@link SortOrder} demands. */
final class NewReading implements Reading {

    /** Records of one moment may become visible so much later than younger ones: Lago's transactions are not that long. */
    private static final long OVERLAP = 60_000;
    /** The same where nothing has come for long. */
    private static final long SHORT_OVERLAP = 5_000;
    /** Where the newest record is this old, nothing of its time is to come any more; clocks are not that far apart. */
    private static final long SETTLED = 600_000;
    /** Lago's totals are half an hour old at most; what one does not tell, the next but one does. */
    private static final long TOTALS = 3_900_000;
    /** So many records are remembered only because a total may tell of others of their time later. */
    private static final int HIDDEN_AT_MOST = 20_000;

    private final NewSelection selection;
    private final String list;
    private final PendingRecords handedOver;
    private final Offset offset;
    private final SortOrder order;
    private final Map<String, Object> window;
    private final long number;
    private final HighWatermark visible;
    private final NewestRecords recent;

    private boolean newOnPage;
    private long lastCreated;
    private String lastInOrder;
    private long found;
    private boolean readAll = true;
    private boolean overtaken;

    private final Object lock = new Object();
    private long underWay;
    private boolean failed;
    private boolean completed;

    NewReading(NewSelection selection, String list, PendingRecords handedOver, long number, Offset offset) {
        this.selection = selection;
        this.list = list;
        this.handedOver = handedOver;
        this.offset = offset;
        this.order = SortOrder.of(selection.type);
        this.window = windowFrom(offset);
        this.visible = new HighWatermark(order, offset != null ? offset.newest() : handedOver.newest());
        this.recent = new NewestRecords(HIDDEN_AT_MOST, () -> wanted(visible.atLeast()), () -> needed(visible.atLeast()));
        this.number = number;
        if (offset != null) {
            offset.recent().forEach(recent::add);
        }
    }

    private Map<String, Object> windowFrom(Offset from) {
        String since = selection.type.since();
        if (from == null || since == null) {
            return Map.of();
        }
        Object given = selection.filters.get(since);
        if (order == SortOrder.NEWEST_LAST) {
            Long theirs = given == null ? null : Iso8601.millis(given.toString());
            return given != null && (theirs == null || theirs > from.floor())
                    ? Map.of()
                    : Map.of(since, Instant.ofEpochMilli(from.floor()).toString());
        }
        if (order == SortOrder.NEWEST_FIRST && given == null) {
            return Map.of(since, dayBefore(from.floor()));
        }
        return Map.of();
    }

    @Override
    public Map<String, Object> window() {
        return window;
    }

    /** A record that is pushed to a page that was read already would be missed unnoticed. */
    @Override
    public boolean inAnyOrder() {
        return false;
    }

    private boolean toTheEnd() {
        return offset == null || order == SortOrder.NEWEST_LAST || order == SortOrder.UNKNOWN;
    }

    @Override
    public HandOver claim(LagoRecord record, long readAt) {
        Long created = Iso8601.millis(record.field(SortOrder.createdField(selection.type)));
        lastCreated = created == null ? Long.MAX_VALUE : created;
        if (created != null) {
            visible.record(created);
        }
        lastInOrder = record.field(SortOrder.field(selection.type));
        String identity = selection.keys.identity(list, record);
        if (identity == null) {
            identity = list + '#' + record.contentDigest();
        }
        long hash = Hash.of(identity);
        // a record that does not tell when it was created is never taken for old
        if (offset != null && created != null && (created < offset.floor() || offset.recent().containsKey(hash))) {
            return null;
        }
        PendingRecords.State state = handedOver.meet(hash, number);
        if (state == PendingRecords.State.MET) {
            return UNDER_WAY;
        }
        newOnPage = true;
        found++;
        if (created != null) {
            recent.add(hash, created);
        }
        overtaken |= state == PendingRecords.State.UNDER_WAY;
        return switch (state) {
            case FREE -> claim(identity, hash);
            case UNDER_WAY -> UNDER_WAY;
            default -> null;
        };
    }

    private HandOver claim(String identity, long hash) {
        boolean known;
        try {
            known = selection.repository != null && selection.repository.contains(RecordKeys.stored(identity));
        } catch (RuntimeException e) {
            handedOver.failed(hash);
            throw e;
        }
        if (known) {
            handedOver.completed(hash, number);
            return null;
        }
        synchronized (lock) {
            underWay++;
        }
        return new Claim(identity, hash);
    }

    @Override
    public boolean goesOn(Page page) {
        boolean news = newOnPage;
        newOnPage = false;
        visible.page(page);
        boolean on = toTheEnd() || switch (order) {
            // a total that is as expected proves nothing here: a deletion makes up for a record that was not seen
            case NEWEST_FIRST -> lastCreated >= offset.floor();
            case BY_DATE -> news || isNeededByDate();
            default -> true;
        };
        readAll &= on || page.nextPage() == null;
        return on;
    }

    /** Whether what was found is just what Lago says that the list has grown by. */
    private boolean explained() {
        return window.isEmpty() && visible.told() >= 0 && offset.expected() >= 0
                && visible.told() == offset.expected() + found;
    }

    private boolean isNeededByDate() {
        if (visible.told() < 0 || offset.expected() < 0 || visible.told() > offset.expected() + found) {
            return true;
        }
        if (visible.told() < offset.told()) {
            // something has left the list all the same, and may hide what has come
            return true;
        }
        return !(explained() && selection.filters.isEmpty()) && !isBefore(needed(offset.seen()), lastInOrder);
    }

    private boolean isBefore(long moment, String value) {
        if (value == null) {
            return false;
        }
        if (value.length() == 10) {
            return value.compareTo(dayBefore(moment)) < 0;
        }
        Long at = Iso8601.millis(value);
        return at != null && at < moment;
    }

    /** For a date in a time zone that is not known. */
    private static String dayBefore(long moment) {
        return LocalDate.ofInstant(Instant.ofEpochMilli(moment), ZoneOffset.UTC).minusDays(1).toString();
    }

    @Override
    public void end(boolean whole, boolean shifted) {
        boolean move;
        synchronized (lock) {
            completed = whole && !shifted && !overtaken;
            move = mayMove();
        }
        handedOver.end();
        if (move) {
            move();
        }
    }

    private boolean mayMove() {
        return completed && !failed && underWay == 0;
    }

    private void move() {
        // readings that overlap move the offset one after the other, never back
        synchronized (handedOver) {
            if (!handedOver.mayMove(number)) {
                return;
            }
            Offset moved = moved();
            if (moved == null) {
                handedOver.sawUpTo(visible.newest());
                return;
            }
            if (!moved.equals(offset)) {
                selection.move(list, moved);
            }
            handedOver.moved(number);
        }
    }

    /** Where the offset moves to; null as long as that cannot be said. */
    private Offset moved() {
        if (offset == null && visible.upTo() == HighWatermark.UNKNOWN) {
            return null;
        }
        long seen = offset == null ? visible.upTo() : Math.max(offset.seen(), visible.upTo());
        long floor = Math.max(wanted(seen), recent.floor());
        long newest = Math.max(visible.newest(), offset == null ? HighWatermark.UNKNOWN : offset.newest());
        long expected = !window.isEmpty() ? -1 : readAll ? visible.seen() : offset.expected() + found;
        return new Offset(newest, seen, floor, expected, window.isEmpty() ? visible.told() : -1, recent.since(floor));
    }

    /** From when on records are needed for comparison, where all that were created up to a moment have been looked at. */
    private long needed(long seen) {
        return seen == HighWatermark.UNKNOWN ? seen : seen - (isOlderThan(SETTLED, seen) ? SHORT_OVERLAP : OVERLAP);
    }

    /** From when on they are wanted: the total of a list that is by date may tell later of one that was not looked at. */
    private long wanted(long seen) {
        long from = order != SortOrder.BY_DATE || seen == HighWatermark.UNKNOWN || isOlderThan(TOTALS + SETTLED, seen)
                ? needed(seen)
                : seen - TOTALS;
        return offset == null ? from : Math.max(offset.floor(), from);
    }

    private static boolean isOlderThan(long age, long moment) {
        return System.currentTimeMillis() - moment > age;
    }

    private final class Claim extends OneShotClaim {

        private final String identity;
        private final long hash;

        private Claim(String identity, long hash) {
            this.identity = identity;
            this.hash = hash;
        }

        @Override
        void onCompleted() {
            if (selection.repository != null) {
                selection.repository.add(RecordKeys.stored(identity));
                selection.repository.confirm(RecordKeys.stored(identity));
            }
            handedOver.completed(hash, number);
        }

        @Override
        void onFailed() {
            handedOver.failed(hash);
            synchronized (lock) {
                failed = true;
            }
        }

        @Override
        void over() {
            boolean move;
            synchronized (lock) {
                underWay--;
                move = mayMove();
            }
            if (move) {
                move();
            }
        }
    }
}
