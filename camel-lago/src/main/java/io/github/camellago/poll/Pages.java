package io.github.camellago.poll;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.IntFunction;

import io.github.camellago.client.Page;

/**
 * The pages of a list from a given one to the end, read one at a time as they are asked for. The end is where Lago names no next
 * page, or hands out an empty one: its totals may be half an hour old and are not trusted.
 */
public final class Pages implements Iterator<Page> {

    private final IntFunction<Page> reader;
    private Integer next;

    /** @param reader reads the page of a number */
    public Pages(IntFunction<Page> reader, int first) {
        this.reader = reader;
        this.next = first;
    }

    @Override
    public boolean hasNext() {
        return next != null;
    }

    /** Reads the next page. If reading fails, the same page is next again. */
    @Override
    public Page next() {
        if (next == null) {
            throw new NoSuchElementException();
        }
        Page page = reader.apply(next);
        Integer named = page.nextPage();
        next = page.records().isEmpty() || named == null || named <= next ? null : named;
        return page;
    }
}
