package io.github.camellago.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/** A TCP proxy that passes on each answer of a server some time later, as if the server were that far away. */
final class DelayingProxy implements AutoCloseable {

    private static final int CHUNK = 65_536;
    private static final byte[] END = new byte[0];

    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int target;
    private final long delay;

    /** Bytes that are passed on at some moment. */
    private record Chunk(byte[] bytes, long at) {}

    /** @param millis how much later answers are passed on */
    DelayingProxy(int target, int millis) throws IOException {
        this.target = target;
        this.delay = millis * 1_000_000L;
        start(this::accept);
    }

    int port() {
        return socket.getLocalPort();
    }

    private void accept() throws IOException {
        while (!socket.isClosed()) {
            Socket client = socket.accept();
            Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            start(() -> client.getInputStream().transferTo(server.getOutputStream()), client, server);
            BlockingQueue<Chunk> chunks = new LinkedBlockingQueue<>();
            start(() -> read(server.getInputStream(), chunks));
            start(() -> write(chunks, client.getOutputStream()), client, server);
        }
    }

    private void read(InputStream in, BlockingQueue<Chunk> chunks) {
        byte[] buffer = new byte[CHUNK];
        try {
            for (int length = in.read(buffer); length > 0; length = in.read(buffer)) {
                chunks.add(new Chunk(Arrays.copyOf(buffer, length), System.nanoTime() + delay));
            }
        } catch (IOException e) {
            // the connection has ended
        }
        chunks.add(new Chunk(END, 0));
    }

    private static void write(BlockingQueue<Chunk> chunks, OutputStream out) throws IOException, InterruptedException {
        for (Chunk chunk = chunks.take(); chunk.bytes() != END; chunk = chunks.take()) {
            for (long left = chunk.at() - System.nanoTime(); left > 0; left = chunk.at() - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            out.write(chunk.bytes());
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    /** Works in a thread of its own, and closes the sockets at the end. */
    private static void start(Work work, Socket... sockets) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (Exception e) {
                // the connection has ended
            }
            for (Socket open : sockets) {
                try {
                    open.close();
                } catch (IOException e) {
                    // it is closed
                }
            }
        }, "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
