package io.github.camellago.operation;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serial;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

import io.github.camellago.api.EventJson;
import io.github.camellago.api.JsonBody;
import io.github.camellago.client.LagoRecord;
import io.github.camellago.client.Page;
import org.apache.camel.Exchange;
import org.apache.camel.StreamCache;

/**
 * All records of a list, read page by page on demand. A record that was in the list when reading began is not missed. If reading
 * a page fails, the next call reads that page again. Nothing is held open between pages. Not thread-safe.
 *
 * <p>As JSON it is an array of the records that are left. A stream of this array takes them from the iterator; other conversions, which have all records
 * in memory, leave them there.
 */
public final class RecordIterator implements Iterator<Object>, Closeable, JsonBody, Serializable {

    private static final long serialVersionUID = 1L;

    private final transient Pages pages;
    private transient Iterator<LagoRecord> current;

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
            current = page == null ? Collections.emptyIterator() : page.records().iterator();
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
        current = Collections.emptyIterator();
        pages.close();
    }

    @Override
    public Iterator<String> jsonParts() {
        return EventJson.array(this, EventJson::of);
    }

    @Override
    public String toJson() {
        StringBuilder json = new StringBuilder();
        EventJson.array(left().iterator(), record -> EventJson.of(record.body())).forEachRemaining(json::append);
        return json.toString();
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        out.write(toJson().getBytes(StandardCharsets.UTF_8));
    }

    /** There is no copy: the records are read once. */
    @Override
    public StreamCache copy(Exchange exchange) {
        return null;
    }

    @Override
    public boolean inMemory() {
        return false;
    }

    /** The records that are left, which stay there. */
    private List<LagoRecord> left() {
        List<LagoRecord> left = new ArrayList<>();
        try {
            while (hasNext()) {
                left.add(current.next());
            }
        } finally {
            current = left.iterator();
        }
        return left;
    }

    @Serial
    private Object writeReplace() {
        return new ArrayList<>(left().stream().map(record -> EventJson.plain(record.body())).toList());
    }

    @Override
    public String toString() {
        return "Records of a list, which are read on demand";
    }
}
