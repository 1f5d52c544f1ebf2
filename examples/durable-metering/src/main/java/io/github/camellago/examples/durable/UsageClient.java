package io.github.camellago.examples.durable;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Clients that post usage, and repeat a request until it is answered with 202. */
final class UsageClient {

    private static final int CLIENTS = 16;
    private static final int ACCEPTED = 202;
    private static final long PAUSE = 100;
    private static final long START = 1_790_000_000L;

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI uri;
    private final IntPredicate bad;
    private final AtomicInteger accepted = new AtomicInteger();

    /** One event in a thousand has a timestamp that Lago rejects. */
    UsageClient(int port) {
        this(port, UsageClient::isBad);
    }

    /** @param bad which events have a timestamp that Lago rejects */
    UsageClient(int port, IntPredicate bad) {
        this.bad = bad;
        this.uri = URI.create("http://localhost:" + port + "/usage");
    }

    /**
     * Posts events, {@code perRequest} of them in a request.
     *
     * @param from the number of the first event
     * @param to   the number after that of the last event
     */
    void post(int from, int to, int perRequest) throws Exception {
        AtomicInteger next = new AtomicInteger(from);
        Callable<Void> client = () -> {
            for (int first = next.getAndAdd(perRequest); first < to; first = next.getAndAdd(perRequest)) {
                postUntilAccepted(body(first, Math.min(to, first + perRequest)));
                accepted.incrementAndGet();
            }
            return null;
        };
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Future<Void>> running = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                running.add(clients.submit(client));
            }
            for (Future<Void> one : running) {
                one.get();
            }
        } finally {
            clients.shutdownNow();
        }
    }

    /** The number of requests that were answered with 202. */
    int accepted() {
        return accepted.get();
    }

    private void postUntilAccepted(String body) throws InterruptedException {
        while (status(body) != ACCEPTED) {
            Thread.sleep(PAUSE);
        }
    }

    /** The status of the response, or 0 if no response was received. */
    int status(String body) throws InterruptedException {
        try {
            return http.send(HttpRequest.newBuilder(uri).header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body)).build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    /** One event, or a list of them. */
    String body(int from, int to) {
        return to - from == 1
                ? event(from)
                : IntStream.range(from, to).mapToObj(this::event).collect(Collectors.joining(",", "[", "]"));
    }

    private static boolean isBad(int i) {
        return i % 1000 == 7;
    }

    static int good(int count) {
        return (int) IntStream.range(0, count).filter(i -> !isBad(i)).count();
    }

    private String event(int i) {
        return "{\"transaction_id\":\"request-" + i + "\",\"external_subscription_id\":\"sub-" + i % 100
                + "\",\"code\":\"tokens\",\"timestamp\":"
                + (bad.test(i) ? "\"yesterday\"" : START + i / 10) + ",\"properties\":{\"tokens\":" + i % 50
                + ",\"model\":\"large\"}}";
    }
}
