package io.github.camellago.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/** The upper limit: loops that only send bytes with Apache HttpClient 5. The bytes are prepared, or written by the same threads. */
final class BareClient implements Contestant {

    /** Makes the body of a request. */
    @FunctionalInterface
    interface Bodies {

        /** @param number the number of the batch, from 0 */
        byte[] get(int number) throws IOException;
    }

    private final String name;
    private final String url;
    private final Bodies batches;
    private final int count;
    private final int concurrency;
    private final CloseableHttpClient http = HttpClients.createDefault();
    private final ExecutorService threads;
    private final AtomicInteger next = new AtomicInteger();

    BareClient(String url, List<byte[]> batches, int concurrency) {
        this("(a) bare HttpClient 5, ready-made bytes", url, batches::get, batches.size(), concurrency);
    }

    /** @param count the number of different batches */
    BareClient(String name, String url, Bodies batches, int count, int concurrency) {
        this.name = name;
        this.url = url;
        this.batches = batches;
        this.count = count;
        this.concurrency = concurrency;
        this.threads = Executors.newFixedThreadPool(concurrency);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Outside run(Duration time) throws Exception {
        long end = System.nanoTime() + time.toNanos();
        List<Future<?>> loops = new ArrayList<>();
        for (int i = 0; i < concurrency; i++) {
            loops.add(threads.submit(() -> {
                while (System.nanoTime() - end < 0) {
                    send(batches.get(Math.floorMod(next.getAndIncrement(), count)));
                }
                return null;
            }));
        }
        for (Future<?> loop : loops) {
            loop.get();
        }
        return null;
    }

    /** Sends one body after another, and measures the time of each. */
    void measure(Duration time, Latencies latencies) throws Exception {
        long end = System.nanoTime() + time.toNanos();
        for (long begun = System.nanoTime(); begun - end < 0; begun = System.nanoTime()) {
            send(batches.get(Math.floorMod(next.getAndIncrement(), count)));
            latencies.add(System.nanoTime() - begun);
        }
    }

    void send(byte[] batch) throws Exception {
        HttpPost post = new HttpPost(url + "/api/v1/events/batch");
        post.setHeader("Authorization", "Bearer benchmark-key");
        post.setEntity(new ByteArrayEntity(batch, ContentType.APPLICATION_JSON));
        int status = http.execute(post, response -> {
            EntityUtils.toByteArray(response.getEntity());
            return response.getCode();
        });
        if (status != 200) {
            throw new IllegalStateException("Answered " + status);
        }
    }

    @Override
    public void close() throws Exception {
        threads.shutdown();
        http.close();
    }
}
