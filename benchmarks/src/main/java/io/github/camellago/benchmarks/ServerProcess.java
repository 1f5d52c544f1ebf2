package io.github.camellago.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** A {@link FastServer} in a JVM of its own, so that its CPU time and memory are not added to those of a contestant. */
final class ServerProcess implements AutoCloseable {

    private static final Duration QUIET = Duration.ofMillis(200);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final Process process;
    private final String url;
    private final HttpClient control = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** The counts so far. */
    record Stats(long requests, long items) {}

    private ServerProcess(Process process, int port) {
        this.process = process;
        this.url = "http://localhost:" + port;
    }

    /** Starts a server with answers of a class that has a no-argument constructor. */
    static ServerProcess start(Class<? extends FastServer.Answers> answers) throws IOException {
        Process process = new ProcessBuilder(ProcessHandle.current().info().command().orElse("java"), "-Xmx256m",
                "-classpath", System.getProperty("java.class.path"), FastServer.class.getName(), answers.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
        String port = out.readLine();
        if (port == null) {
            throw new IOException("The server did not start");
        }
        return new ServerProcess(process, Integer.parseInt(port));
    }

    String url() {
        return url;
    }

    void delay(int millis) throws IOException, InterruptedException {
        get("/control?delay=" + millis);
    }

    Stats stats() throws IOException, InterruptedException {
        JsonNode stats = new ObjectMapper().readTree(get("/stats"));
        return new Stats(stats.get("requests").asLong(), stats.get("items").asLong());
    }

    /**
     * Waits until no more requests arrive, so that late requests of one contestant are not counted for the next.
     *
     * @return the number of requests that arrived meanwhile
     */
    long quiet() throws IOException, InterruptedException {
        long first = stats().requests();
        long last = first;
        long deadline = System.nanoTime() + LONGEST.toNanos();
        for (long now = -1; now != last; now = stats().requests()) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("Requests still arrive after the run has ended: " + (last - first));
            }
            last = stats().requests();
            Thread.sleep(QUIET.toMillis());
        }
        return last - first;
    }

    private String get(String path) throws IOException, InterruptedException {
        return control.send(HttpRequest.newBuilder(URI.create(url + path)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Override
    public void close() {
        process.destroy();
    }
}
