package io.github.camellago.events;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.ref.Cleaner;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Iterator;
import java.util.NoSuchElementException;

import io.github.camellago.client.Json;
import org.apache.camel.util.IOHelper;

/**
 * Values as JSON lines in a temporary file, which is deleted together with this object. Thread-safe; an iterator also returns values that are added later.
 */
final class LinesFile<T> implements Iterable<T> {

    private static final Cleaner CLEANER = Cleaner.create();

    private final Class<T> type;
    private final RandomAccessFile file;
    private volatile int size;

    /** @param type what Jackson makes of a line */
    LinesFile(Class<T> type) {
        this.type = type;
        file = open();
        RandomAccessFile opened = file;
        CLEANER.register(this, () -> IOHelper.close(opened));
    }

    private static RandomAccessFile open() {
        try {
            File named = Files.createTempFile("camel-lago-events", ".jsonl").toFile();
            RandomAccessFile opened = new RandomAccessFile(named, "rw");
            // an open file without a name is gone when this process is, however that ends
            if (!named.delete()) {
                named.deleteOnExit();
            }
            return opened;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot store events in the temporary directory", e);
        }
    }

    /** @param json a value as JSON in one line */
    void add(String json) {
        try {
            byte[] line = (json + "\n").getBytes(StandardCharsets.UTF_8);
            synchronized (file) {
                file.seek(file.length());
                file.write(line);
                size++;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot store events in the temporary directory", e);
        }
    }

    int size() {
        return size;
    }

    @Override
    public Iterator<T> iterator() {
        BufferedReader lines = new BufferedReader(new InputStreamReader(new Reading(), StandardCharsets.UTF_8),
                64 * 1024);
        return new Iterator<>() {
            private int read;

            @Override
            public boolean hasNext() {
                return read < size;
            }

            @Override
            public T next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                try {
                    read++;
                    return Json.mapper().readValue(lines.readLine(), type);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }

    /** Reads the file from its beginning, while others read or write it. The reference to this object keeps the file open. */
    private final class Reading extends InputStream {

        private long position;

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
