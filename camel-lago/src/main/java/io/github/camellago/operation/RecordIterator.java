package io.github.camellago.operation;

import java.io.Closeable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.IntFunction;

import io.github.camellago.client.LagoRecord;
import io.github.camellago.client.Page;

/**
 * All records of a list, read a page at a time as they are asked for. Between two pages the list may shift: records that are new push
 * others on to the next page, where they are left out; records that are deleted pull others back to a page that was read,
 * which the smaller total tells, and that page is read again. When reading a page fails, the next call tries that page again.
 * Nothing is held open between pages; closing it ends it. Not thread-safe.
 */
public final class RecordIterator implements Iterator<Object>, Closeable {

    private static final int PAGES_REMEMBERED = 2;

    private final IntFunction<Page> reader;
    private final Deque<Set<String>> recent = new ArrayDeque<>();
    private Iterator<Object> current;
    private Integer total;
    private Integer next;

    /**
     * @param first  the first page, read already
     * @param number its number
     * @param reader reads the page of a number
     */
    public RecordIterator(Page first, int number, IntFunction<Page> reader) {
        this.reader = reader;
        this.current = unseen(first).iterator();
        this.total = first.totalCount();
        this.next = after(first, number);
    }

    @Override
    public boolean hasNext() {
        while (!current.hasNext() && next != null) {
            turn(next);
        }
        return current.hasNext();
    }

    @Override
    public Object next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return current.next();
    }

    private void turn(int number) {
        Page page = reader.apply(number);
        List<Object> records = new ArrayList<>();
        Integer count = page.totalCount();
        if (count != null && total != null && count < total) {
            int size = Math.max(1, recent.peekLast().size());
            int back = Math.min(number - 1, (total - count + size - 1) / size);
            for (int again = number - back; again < number; again++) {
                records.addAll(unseen(reader.apply(again)));
            }
        }
        records.addAll(unseen(page));
        current = records.iterator();
        total = count;
        next = after(page, number);
    }

    private static Integer after(Page page, int number) {
        return page.records().isEmpty() || page.nextPage() == null || page.nextPage() <= number ? null : page.nextPage();
    }

    /** The page's records without those of the pages just before it. */
    private List<Object> unseen(Page page) {
        Set<String> digests = new HashSet<>();
        List<Object> records = new ArrayList<>();
        for (LagoRecord record : page.records()) {
            String digest = record.digest();
            digests.add(digest);
            if (recent.stream().noneMatch(seen -> seen.contains(digest))) {
                records.add(record.body());
            }
        }
        recent.addLast(digests);
        if (recent.size() > PAGES_REMEMBERED) {
            recent.removeFirst();
        }
        return records;
    }

    @Override
    public void close() {
        current = List.of().iterator();
        next = null;
    }
}
