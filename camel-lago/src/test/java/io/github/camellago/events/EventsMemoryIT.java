package io.github.camellago.events;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

import com.sun.net.httpserver.HttpServer;
import io.github.camellago.ChildProcess;
import io.github.camellago.api.LagoEventsReport;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** A stream of events in a small heap, {@code -Dlago.stream.events=10000000} of them when there is the time. */
class EventsMemoryIT {

    private static final String EVENTS = System.getProperty("lago.stream.events", "150000");

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"good", "bad"})
    void anIteratorThroughOneExchangeRunsIn64Megabytes(String kind) throws Exception {
        File output = directory.resolve("output").toFile();
        Process process = ChildProcess.start(Child.class,
                List.of("-Xmx64m", "-XX:+ExitOnOutOfMemoryError", "-Dsun.net.httpserver.nodelay=true"), output, EVENTS,
                kind);

        assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();

        String said = Files.readString(output.toPath());
        assertThat(said).contains(kind.equals("good")
                ? "accepted " + EVENTS + ", duplicate 0, rejected 0; received " + EVENTS
                : "accepted 0, duplicate 0, rejected " + EVENTS + "; received 0");
        assertThat(process.exitValue()).isZero();
    }

    /** The process: sends events to a server of its own that only counts them. */
    public static final class Child {

        private static final byte[] MARK = "\"transaction_id\"".getBytes(StandardCharsets.US_ASCII);
        private static final AtomicLong RECEIVED = new AtomicLong();

        private Child() {}

        public static void main(String[] args) throws Exception {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(Executors.newFixedThreadPool(4));
            server.createContext("/api/v1/events/batch", exchange -> {
                int count = count(exchange.getRequestBody());
                RECEIVED.addAndGet(count);
                byte[] answer = ("{\"events\":[" + String.join(",", Collections.nCopies(count, "{}")) + "]}")
                        .getBytes(StandardCharsets.US_ASCII);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, answer.length);
                exchange.getResponseBody().write(answer);
                exchange.close();
            });
            server.start();
            try (DefaultCamelContext context = new DefaultCamelContext()) {
                context.start();
                long start = System.nanoTime();
                LagoEventsReport report = context.createProducerTemplate().requestBody(
                        "lago:events?onRejected=report&apiKey=key&baseUrl=http://localhost:" + server.getAddress().getPort(),
                        LongStream.range(0, Long.parseLong(args[0])).mapToObj(i -> event(i, args[1])).iterator(),
                        LagoEventsReport.class);
                System.out.printf("%s; received %d; %d s%n", report, RECEIVED.get(),
                        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start));
            }
            System.exit(0);
        }

        private static Map<String, Object> event(long i, String kind) {
            return Map.of("transaction_id", "t-" + i, "external_subscription_id", "sub-" + i % 1000, "timestamp",
                    1_760_000_000L,
                    kind.equals("good") ? "code" : "no_code", "api_calls", "properties", Map.of("region", "eu", "tokens", i));
        }

        private static int count(InputStream body) throws IOException {
            byte[] json = body.readAllBytes();
            int count = 0;
            for (int i = 0; i + MARK.length <= json.length; i++) {
                if (json[i] == '"' && java.util.Arrays.equals(json, i, i + MARK.length, MARK, 0, MARK.length)) {
                    count++;
                }
            }
            return count;
        }
    }
}
