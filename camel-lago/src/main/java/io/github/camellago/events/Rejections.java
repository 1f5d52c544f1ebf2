package io.github.camellago.events;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.ref.Cleaner;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.github.camellago.api.RejectedEvent;
import io.github.camellago.client.Json;

/**
 * Rejected events: the first thousand in memory as they were given, in the order of their positions; all others as JSON in a temporary file that
 * goes with this list, so that millions of bad events neither get lost nor fill the memory. Written by one run, then only read.
 */
public final class Rejections extends AbstractList<RejectedEvent> {

    private static final int IN_MEMORY = 1000;
    private static final Cleaner CLEANER = Cleaner.create();

    private final List<Rejection> first = new ArrayList<>();
    private Overflow overflow;
    private int overflowing;

    /** A rejected event with all that it takes to try it again. Jackson writes and reads it. */
    record Rejection(long index, Object event, String origin, long created, Map<String, List<String>> reasons) {

        EventItem item() {
            return new EventItem(index, event, origin, created);
        }

        RejectedEvent told() {
            return new RejectedEvent(index, event instanceof byte[] json ? new String(json, StandardCharsets.UTF_8) : event,
                    reasons);
        }
    }

    synchronized void add(EventItem item, Map<String, List<String>> reasons) {
        Rejection rejection = new Rejection(item.index(), item.event(), item.origin(), item.created(), reasons);
        if (first.size() < IN_MEMORY) {
            first.add(rejection);
            first.sort(Comparator.comparingLong(Rejection::index));
            return;
        }
        if (overflow == null) {
            overflow = Overflow.open();
            CLEANER.register(this, overflow);
        }
        overflow.write(rejection);
        overflowing++;
    }

    /** The events, to try them again. */
    Stream<EventItem> items() {
        return all().map(Rejection::item);
    }

    @Override
    public RejectedEvent get(int index) {
        return index < first.size()
                ? first.get(index).told()
                : all().skip(index).findFirst().orElseThrow(
                        () -> new IndexOutOfBoundsException(index)).told();
    }

    @Override
    public synchronized int size() {
        return first.size() + overflowing;
    }

    @Override
    public Iterator<RejectedEvent> iterator() {
        return all().map(Rejection::told).iterator();
    }

    private Stream<Rejection> all() {
        Stream<Rejection> inMemory = List.copyOf(first).stream();
        if (overflow == null) {
            return inMemory;
        }
        Iterable<Rejection> written = () -> overflow.read(this);
        return Stream.concat(inMemory, StreamSupport.stream(written.spliterator(), false));
    }

    /** The file, and what closes it. Holds no reference to its list. */
    private static final class Overflow implements Runnable {

        private final RandomAccessFile file;

        private Overflow(RandomAccessFile file) {
            this.file = file;
        }

        static Overflow open() {
            try {
                Path path = Files.createTempFile("camel-lago-rejected", ".jsonl");
                RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
                try {
                    // an open file without a name is gone when this process is, however that ends
                    Files.delete(path);
                } catch (IOException e) {
                    path.toFile().deleteOnExit();
                }
                return new Overflow(file);
            } catch (IOException e) {
                throw new UncheckedIOException("Rejected events cannot be kept in the temporary directory", e);
            }
        }

        void write(Rejection rejection) {
            try {
                byte[] line = (json(rejection) + "\n").getBytes(StandardCharsets.UTF_8);
                synchronized (file) {
                    file.seek(file.length());
                    file.write(line);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("Rejected events cannot be kept in the temporary directory", e);
            }
        }

        private static String json(Rejection rejection) throws IOException {
            Object event = rejection.event instanceof byte[] json ? new String(json, StandardCharsets.UTF_8) : rejection.event;
            try {
                return json(rejection, event);
            } catch (JsonProcessingException e) {
                // what Jackson cannot write was rejected for just that
                return json(rejection, String.valueOf(event));
            }
        }

        private static String json(Rejection rejection, Object event) throws JsonProcessingException {
            return Json.mapper().writeValueAsString(
                    new Rejection(rejection.index, event, rejection.origin, rejection.created, rejection.reasons));
        }

        /** @param owner is not collected, and the file not deleted, while the iterator is in use */
        Iterator<Rejection> read(Object owner) {
            BufferedReader lines = new BufferedReader(
                    new InputStreamReader(new BufferedInputStream(new Positioned(file), 64 * 1024), StandardCharsets.UTF_8));
            return new Iterator<>() {
                private final Object kept = owner;
                private String line = readLine();

                private String readLine() {
                    try {
                        return kept == null ? null : lines.readLine();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }

                @Override
                public boolean hasNext() {
                    return line != null;
                }

                @Override
                public Rejection next() {
                    if (line == null) {
                        throw new NoSuchElementException();
                    }
                    try {
                        Rejection rejection = Json.mapper().readValue(line, Rejection.class);
                        line = readLine();
                        return rejection;
                    } catch (JsonProcessingException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            };
        }

        @Override
        public void run() {
            try {
                file.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Reads a file from its beginning whoever else reads or writes it. */
    private static final class Positioned extends InputStream {

        private final RandomAccessFile file;
        private long position;

        Positioned(RandomAccessFile file) {
            this.file = file;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) == -1 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            synchronized (file) {
                file.seek(position);
                int read = file.read(bytes, offset, length);
                position += Math.max(0, read);
                return read;
            }
        }
    }
}
