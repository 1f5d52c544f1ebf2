package io.github.camellago.operation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

import io.github.camellago.client.LagoRecord;
import io.github.camellago.client.Page;
import io.github.camellago.operation.Pages.Step;

/**
 * Pages that begin with a record of the page before, so that a reader notices when records have moved past it.
 *
 * <p>Lago pages by number. If a record is deleted between two pages, all records after it move forward by one, and one of them
 * moves to the page that was read already. Totals do not show it: a new record makes up for the deleted one, and totals of invoices
 * and fees may be half an hour old, or those of another list. But as long as a page contains a record that was read before, all
 * records that follow that one in the list are read, too. If it contains none, the page is dropped, and the reader goes back.
 *
 * <p>A page begins at a multiple of its size. So the size is varied a little from page to page, for a small overlap.
 */
final class OverlappingPages implements PagePlan {

    /** A list that moves all the time must not be read for ever. */
    private static final int MAX_GO_BACK = 10;
    /** The records of so many pages are remembered. */
    private static final int PAGES_REMEMBERED = 3;

    private final Function<LagoRecord, String> identity;
    private final Deque<Set<String>> recent = new ArrayDeque<>();
    private final int from;
    private Step next;
    private int size;
    /** All records before this position were read. */
    private int end;
    private int wentBack;
    private boolean moved;
    /** The server ignores per_page, or allows very small pages only, so that pages cannot overlap and only totals are left. */
    private boolean fixed;
    private Integer total;
    /** A page without a record in common with the pages before. */
    private Step rejected;

    OverlappingPages(int first, int size, Function<LagoRecord, String> identity) {
        this.identity = identity;
        this.size = size;
        this.next = new Step(first, size);
        this.from = next.start();
        this.end = from;
    }

    @Override
    public Step next() {
        return next;
    }

    @Override
    public boolean moved() {
        return moved;
    }

    @Override
    public Page accept(Page page) {
        List<String> ids = page.records().stream().map(identity).toList();
        boolean first = recent.isEmpty();
        fixed |= ids.size() > next.size();
        if (rejected != null) {
            // this was only to see whether the server heeds per_page
            return goBack();
        }
        if (!first && !fixed && next.size() > size && ids.size() < next.size() && page.nextPage() != null && !ids.isEmpty()) {
            // the server gives no page this large, and no smaller page overlaps here
            fixed = true;
            size = ids.size();
            next = new Step(end / size + 1, size);
            return null;
        }
        if (!first && !fixed && next.start() > from && ids.stream().noneMatch(this::isRecent)) {
            if (wentBack++ < MAX_GO_BACK) {
                rejected = next;
                next = new Step(1, size - 1);
                return wentBack == 1 && size > 1 ? null : goBack();
            }
            moved = true;
        }
        if (first && page.nextPage() != null && !ids.isEmpty() && ids.size() != size) {
            // this is what the server makes of per_page
            size = ids.size();
        }
        Page accepted = withoutRecent(page, ids);
        next = after(page, first);
        recent.addLast(Set.copyOf(ids));
        if (recent.size() > PAGES_REMEMBERED) {
            recent.removeFirst();
        }
        return accepted;
    }

    private Page goBack() {
        end = rejected.start();
        next = fixed ? rejected : overlapping();
        rejected = null;
        return null;
    }

    private boolean isRecent(String id) {
        return recent.stream().anyMatch(page -> page.contains(id));
    }

    private Step after(Page page, boolean first) {
        int reached = next.start() + page.records().size();
        // a page that was to reach further and did not, although there is a next one: the server ignores per_page, or its total is stale
        fixed |= !first && reached <= end && page.nextPage() != null;
        moved |= fixed && total != null && page.totalCount() != null && page.totalCount() < total;
        total = page.totalCount();
        end = reached;
        if (page.nextPage() == null || page.records().isEmpty()) {
            return null;
        }
        if (fixed) {
            return page.nextPage() > next.number() ? new Step(page.nextPage(), size) : null;
        }
        return overlapping();
    }

    /** The page with the most records after those that were read, and with the last of these, about as large as wanted. */
    private Step overlapping() {
        int best = 0;
        int bestGain = 0;
        for (int candidate = Math.max(2, size - Math.max(8, size / 8)); candidate <= size || bestGain == 0; candidate++) {
            int gain = candidate - 1 - (end - 1) % candidate;
            if (gain >= bestGain && gain > 0) {
                best = candidate;
                bestGain = gain;
            }
        }
        return new Step((end - 1) / best + 1, best);
    }

    private Page withoutRecent(Page page, List<String> ids) {
        List<LagoRecord> unread = new ArrayList<>();
        for (int i = Math.max(0, from - next.start()); i < ids.size(); i++) {
            if (!isRecent(ids.get(i))) {
                unread.add(page.records().get(i));
            }
        }
        return new Page(unread, page.nextPage(), page.totalPages(), page.totalCount(), page.response());
    }
}
