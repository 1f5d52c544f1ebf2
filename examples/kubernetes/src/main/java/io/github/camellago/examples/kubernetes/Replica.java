package io.github.camellago.examples.kubernetes;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A process that runs {@link Application}, as a pod does. */
final class Replica implements AutoCloseable {

    /** As in the manifest: terminationGracePeriodSeconds without preStop. */
    static final int GRACE_SECONDS = 50;
    private static final long START_MINUTES = 2;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final int port;
    private final int healthPort;

    Replica(String name, Map<String, String> environment) throws IOException {
        port = freePort();
        healthPort = freePort();
        ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m", "-classpath", classPath(),
                Application.class.getName());
        builder.environment().putAll(environment);
        builder.environment().putAll(Map.of("POD_NAME", name, "PORT", Integer.toString(port), "HEALTH_PORT",
                Integer.toString(healthPort)));
        process = builder.inheritIO().start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** The class path of this program, whether Maven or a command has started it. */
    private static String classPath() {
        if (Replica.class.getClassLoader() instanceof URLClassLoader loader) {
            return Arrays.stream(loader.getURLs()).map(URL::getPath).collect(Collectors.joining(File.pathSeparator));
        }
        return System.getProperty("java.class.path");
    }

    int port() {
        return port;
    }

    /** Waits until the readiness probe succeeds. */
    void awaitReady() throws InterruptedException {
        HttpRequest probe = HttpRequest.newBuilder(URI.create("http://localhost:" + healthPort + "/observe/health/ready"))
                .timeout(Duration.ofSeconds(5)).build();
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(START_MINUTES);
        while (true) {
            try {
                if (http.send(probe, BodyHandlers.discarding()).statusCode() == 200) {
                    return;
                }
            } catch (IOException e) {
                // it does not listen yet
            }
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new IllegalStateException("A replica does not become ready");
            }
            Thread.sleep(200);
        }
    }

    /** Sends SIGTERM, and waits. Returns whether the process ended before Kubernetes would kill it. */
    boolean terminate() throws InterruptedException {
        process.destroy();
        return process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
