package io.github.camellago.examples.durable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

import io.github.camellago.test.LagoSandbox;

/** Posts usage while Lago is unreachable, stops the application, starts it again, and compares the numbers after Lago is back. */
public final class DurableMetering {

    private static final int EVENTS = Integer.getInteger("durable.count", 50_000);
    private static final int PER_REQUEST = Integer.getInteger("durable.perRequest", 10);
    private static final int PORT = Integer.getInteger("durable.port", 8080);
    private static final String ROW = "%-48s %,10d%n";

    private DurableMetering() {}

    public static void main(String[] args) throws Exception {
        Path work = Path.of(System.getProperty("example.work", "target/work"))
                .resolve(LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS")));
        Map<String, String> environment = System.getenv();
        if (environment.get("LAGO_API_KEY") != null) {
            serve(Path.of(System.getProperty("example.work", "target/work")).resolve("broker"), environment);
            return;
        }
        try (LagoSandbox sandbox = LagoSandbox.builder().journal(0).start()) {
            run(sandbox, work, Map.of("camel.component.lago.api-key", sandbox.apiKey(), "camel.component.lago.base-url",
                    sandbox.baseUrl()));
        }
    }

    /** Runs with a real Lago until the process is ended. */
    private static void serve(Path folder, Map<String, String> environment) throws Exception {
        Map<String, String> settings = new HashMap<>(Map.of("camel.component.lago.api-key", environment.get("LAGO_API_KEY")));
        if (environment.get("LAGO_BASE_URL") != null) {
            settings.put("camel.component.lago.base-url", environment.get("LAGO_BASE_URL"));
        }
        if (environment.get("LAGO_REGION") != null) {
            settings.put("camel.component.lago.region", environment.get("LAGO_REGION"));
        }
        try (Application application = Application.start(folder, PORT, settings)) {
            System.out.printf("Post usage to http://localhost:%d/usage. %,d requests wait in %s%n", PORT, application.waiting(),
                    folder);
            Thread.currentThread().join();
        }
    }

    private static void run(LagoSandbox sandbox, Path work, Map<String, String> settings) throws Exception {
        sandbox.faults().on(request -> request.path().contains("/events")).every().html(503);
        try (Application application = Application.start(work, PORT, settings)) {
            System.out.printf("Lago answers 503. Clients post %,d events, %d per request%n%n", EVENTS, PER_REQUEST);
            long start = System.nanoTime();
            new UsageClient(PORT).post(0, EVENTS, PER_REQUEST);
            System.out.printf(ROW, "events answered with 202", EVENTS);
            System.out.printf(ROW, "  per second", perSecond(EVENTS, start));
            System.out.printf(ROW, "requests that wait on disk", application.waiting());
        }
        sandbox.faults().clear();
        System.out.printf("%nThe application is stopped and started again. Lago is back%n%n");
        try (Application application = Application.start(work, PORT, settings)) {
            long start = System.nanoTime();
            while (application.waiting() > 0) {
                System.out.printf("%,9d requests wait%n", application.waiting());
                Thread.sleep(1_000);
            }
            System.out.printf(ROW, "events sent per second", perSecond(EVENTS, start));
        }
        long rejected = lines(work.resolve("rejected.jsonl"));
        System.out.printf("%n" + ROW + ROW, "events stored by Lago", sandbox.eventCount(),
                "rejected events in " + work.getFileName()
                        + "/rejected.jsonl",
                rejected);
        if (sandbox.eventCount() != UsageClient.good(EVENTS) || rejected != EVENTS - UsageClient.good(EVENTS)) {
            throw new IllegalStateException("The numbers do not match");
        }
        System.out.printf("%nAll numbers match.%n");
    }

    private static long perSecond(long count, long start) {
        return count * 1_000_000_000L / (System.nanoTime() - start);
    }

    static long lines(Path file) throws Exception {
        if (!Files.exists(file)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        }
    }
}
