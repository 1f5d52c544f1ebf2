package io.github.camellago.operation;

import java.io.Closeable;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

import io.github.camellago.client.LagoRecord;
import io.github.camellago.client.Page;

/**
 * All records of a list, read page by page on demand. A record that was in the list when reading began is not missed. If reading
 * a page fails, the next call reads that page again. Nothing is held open between pages. Not thread-safe.
 */
public final class RecordIterator implements Iterator<Object>, Closeable {

    private final Pages pages;
    private Iterator<LagoRecord> current;

    /**
     * @param first the first page
     * @param pages the pages after it
     */
    public RecordIterator(Page first, Pages pages) {
        this.pages = pages;
        this.current = first.records().iterator();
    }

    @Override
    public boolean hasNext() {
        while (!current.hasNext() && pages.hasNext()) {
            Page page = pages.next();
            current = page == null ? List.<LagoRecord>of().iterator() : page.records().iterator();
        }
        return current.hasNext();
    }

    @Override
    public Object next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return current.next().body();
    }

    @Override
    public void close() {
        current = List.<LagoRecord>of().iterator();
        pages.close();
    }
}
