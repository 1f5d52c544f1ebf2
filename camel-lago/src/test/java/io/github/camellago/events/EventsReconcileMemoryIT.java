package io.github.camellago.events;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.camellago.ChildProcess;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** A stream of events that is compared with Lago in a small heap, {@code -Dlago.stream.events=10000000} of them when there is the time. */
class EventsReconcileMemoryIT {

    private static final long EVENTS = Long.getLong("lago.stream.events", 100_000);

    @TempDir
    private Path directory;

    @Test
    void anIteratorIsComparedIn64Megabytes() throws Exception {
        File output = directory.resolve("output").toFile();
        Process process = ChildProcess.start(Child.class,
                List.of("-Xmx64m", "-XX:+ExitOnOutOfMemoryError", "-Dsun.net.httpserver.nodelay=true"), output, "" + EVENTS);

        assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();

        String said = Files.readString(output.toPath());
        long missing = (EVENTS + Child.EVERY - 1) / Child.EVERY;
        assertThat(said).contains("stored " + (EVENTS - missing) + ", missing " + missing + ", different 0, listed " + missing);
        assertThat(process.exitValue()).isZero();
        // three pages per 2,000 events, and a request per event that is missing
        long requests = Long.parseLong(said.replaceAll("(?s).*requests (\\d+).*", "$1"));
        assertThat(requests).isLessThanOrEqualTo(missing + 4 * (EVENTS / 2_000 + 1));
    }

    /** The process: compares events with those of a server that makes its list when it is asked. One event in {@link #EVERY} is missing there. */
    public static final class Child {

        static final long EVERY = 50;
        private static final long START = 1_760_000_000L;
        private static final long PER_SECOND = 10;
        private static final Pattern PARAMETER = Pattern.compile("(timestamp_from|timestamp_to|page|per_page)=([^&]+)");
        private static final AtomicLong REQUESTS = new AtomicLong();

        private Child() {}

        public static void main(String[] args) throws Exception {
            long count = Long.parseLong(args[0]);
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(Executors.newFixedThreadPool(4));
            server.createContext("/api/v1/events", exchange -> answer(exchange, count));
            server.start();
            try (DefaultCamelContext context = new DefaultCamelContext()) {
                context.start();
                Exchange done = context.createProducerTemplate().request(
                        "lago:events?operation=reconcile&apiKey=key&baseUrl=http://localhost:" + server.getAddress().getPort(),
                        e -> e.getMessage().setBody(LongStream.range(0, count).mapToObj(Child::event).iterator()));
                if (done.getException() != null) {
                    throw done.getException();
                }
                System.out.printf("stored %s, missing %s, different %s, listed %d; requests %d%n",
                        done.getMessage().getHeader("CamelLagoEventsStored"),
                        done.getMessage().getHeader("CamelLagoEventsMissing"),
                        done.getMessage().getHeader("CamelLagoEventsDifferent"), done.getMessage().getBody(List.class).size(),
                        REQUESTS.get());
            }
            System.exit(0);
        }

        private static Map<String, Object> event(long i) {
            return Map.of("transaction_id", "t-" + i, "external_subscription_id", "sub-" + i % 1000, "timestamp",
                    START + i / PER_SECOND, "code", "api_calls", "properties", Map.of("region", "eu", "tokens", i));
        }

        private static void answer(HttpExchange exchange, long count) throws IOException {
            REQUESTS.incrementAndGet();
            String query = exchange.getRequestURI().getRawQuery();
            boolean list = query != null;
            send(exchange, list ? 200 : 404,
                    list ? list(query, count) : "{\"status\":404,\"error\":\"Not Found\",\"code\":\"event_not_found\"}");
        }

        private static String list(String query, long count) {
            Map<String, String> parameters = PARAMETER.matcher(query.replace("%3A", ":")).results()
                    .collect(Collectors.toMap(m -> m.group(1), m -> m.group(2)));
            long from = (Instant.parse(parameters.get("timestamp_from")).getEpochSecond() - START) * PER_SECOND;
            long to = Math.min(count,
                    (Instant.parse(parameters.get("timestamp_to")).getEpochSecond() - START + 1) * PER_SECOND);
            long[] stored = LongStream.range(from, to).filter(i -> i % EVERY != 0).toArray();
            int size = Integer.parseInt(parameters.get("per_page"));
            int page = Integer.parseInt(parameters.get("page"));
            int end = stored.length - (page - 1) * size;
            StringBuilder events = new StringBuilder();
            for (int at = end - 1; at >= Math.max(0, end - size); at--) {
                long i = stored[at];
                events.append(events.isEmpty() ? "" : ",").append("{\"lago_id\":\"").append(i)
                        .append("\",\"transaction_id\":\"t-").append(i)
                        .append("\",\"external_subscription_id\":\"sub-").append(i % 1000)
                        .append("\",\"code\":\"api_calls\",\"timestamp\":\"")
                        .append(Instant.ofEpochSecond(START + i / PER_SECOND))
                        .append("\",\"properties\":{\"region\":\"eu\",\"tokens\":")
                        .append(i).append("}}");
            }
            return "{\"events\":[" + events + "],\"meta\":{\"next_page\":" + (end > size ? page + 1 : null)
                    + ",\"total_count\":"
                    + stored.length + "}}";
        }

        private static void send(HttpExchange exchange, int status, String json) throws IOException {
            byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        }
    }
}
