package io.github.camellago.benchmarks;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * A minimal server: it reads HTTP/1.1 requests, waits for a fixed delay, and writes prepared answers. One thread per connection.
 * {@code GET /control?delay=20} sets the delay in milliseconds. {@code GET /stats} returns the counts.
 */
public final class FastServer implements AutoCloseable {

    /** Creates the answers. Thread-safe. */
    @FunctionalInterface
    public interface Answers {

        /**
         * Returns the JSON that answers a request.
         *
         * @param body   a buffer with the request's body in its first {@code length} bytes. Valid until this method returns
         * @param counts counts the items of the request
         */
        byte[] to(String method, String target, byte[] body, int length, Counts counts);
    }

    /** The number of requests, counted by the server, and of items, counted by its {@link Answers}. */
    public static final class Counts {
        private final LongAdder requests = new LongAdder();
        private final LongAdder items = new LongAdder();

        public void items(long count) {
            items.add(count);
        }
    }

    private static final byte[] OK = ascii("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ");
    private static final byte[] END = ascii("\r\n\r\n");
    private static final String CONTROL = "/control?delay=";

    private final ServerSocket socket;
    private final Answers answers;
    private final Counts counts = new Counts();
    private volatile long delayNanos;

    FastServer(Answers answers) throws IOException {
        this.answers = answers;
        this.socket = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        start(this::accept, "fast-server");
    }

    int port() {
        return socket.getLocalPort();
    }

    /** Serves until standard input ends. It ends when the parent process exits. */
    public static void main(String[] args) throws Exception {
        Answers answers = (Answers) Class.forName(args[0]).getDeclaredConstructor().newInstance();
        try (FastServer server = new FastServer(answers)) {
            System.out.println(server.port());
            while (System.in.read() != -1) {
                // only the end of the input matters
            }
        }
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                connection.setTcpNoDelay(true);
                start(() -> serve(connection), "fast-server-connection");
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    private void serve(Socket connection) {
        try (connection; InputStream in = new BufferedInputStream(connection.getInputStream(), 64 * 1024)) {
            OutputStream out = connection.getOutputStream();
            Exchange exchange = new Exchange(in);
            while (exchange.read()) {
                byte[] body = answer(exchange);
                byte[] length = ascii(String.valueOf(body.length));
                byte[] answer = new byte[OK.length + length.length + END.length + body.length];
                System.arraycopy(OK, 0, answer, 0, OK.length);
                System.arraycopy(length, 0, answer, OK.length, length.length);
                System.arraycopy(END, 0, answer, OK.length + length.length, END.length);
                System.arraycopy(body, 0, answer, answer.length - body.length, body.length);
                out.write(answer);
            }
        } catch (SocketException | EOFException e) {
            // the client closed the connection
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] answer(Exchange exchange) {
        if (exchange.target.startsWith(CONTROL)) {
            delayNanos = Long.parseLong(exchange.target.substring(CONTROL.length())) * 1_000_000;
            return ascii("{}");
        }
        if (exchange.target.equals("/stats")) {
            return ascii("{\"requests\":" + counts.requests.sum() + ",\"items\":" + counts.items.sum() + "}");
        }
        counts.requests.increment();
        long due = System.nanoTime() + delayNanos;
        byte[] body = answers.to(exchange.method, exchange.target, exchange.body, exchange.length, counts);
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        return body;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static void start(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Reads the requests of one connection. */
    private static final class Exchange {

        private final InputStream in;
        private final byte[] line = new byte[8192];
        private byte[] body = new byte[64 * 1024];
        private String method;
        private String target;
        private int length;

        Exchange(InputStream in) {
            this.in = in;
        }

        /** Reads the next request. Returns false at the end of the connection. */
        boolean read() throws IOException {
            String start = line();
            if (start == null) {
                return false;
            }
            String[] words = start.split(" ");
            method = words[0];
            target = words[1];
            length = 0;
            boolean chunked = false;
            for (String header = line(); !header.isEmpty(); header = line()) {
                if (header.regionMatches(true, 0, "content-length:", 0, 15)) {
                    length = Integer.parseInt(header.substring(15).strip());
                } else if (header.regionMatches(true, 0, "transfer-encoding:", 0, 18)) {
                    chunked = true;
                }
            }
            if (chunked) {
                readChunks();
            } else {
                readBody(0, length);
            }
            return true;
        }

        private void readChunks() throws IOException {
            length = 0;
            for (int size = chunkSize(); size > 0; size = chunkSize()) {
                readBody(length, size);
                length += size;
                line();
            }
            line();
        }

        private int chunkSize() throws IOException {
            return Integer.parseInt(line().strip(), 16);
        }

        private void readBody(int from, int size) throws IOException {
            if (from + size > body.length) {
                body = java.util.Arrays.copyOf(body, Math.max(from + size, 2 * body.length));
            }
            if (in.readNBytes(body, from, size) < size) {
                throw new EOFException();
            }
        }

        private String line() throws IOException {
            int used = 0;
            for (int b = in.read(); b != '\n'; b = in.read()) {
                if (b == -1) {
                    if (used == 0) {
                        return null;
                    }
                    throw new EOFException();
                }
                if (b != '\r') {
                    line[used++] = (byte) b;
                }
            }
            return new String(line, 0, used, StandardCharsets.ISO_8859_1);
        }
    }
}
