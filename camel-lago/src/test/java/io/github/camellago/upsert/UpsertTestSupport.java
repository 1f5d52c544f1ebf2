package io.github.camellago.upsert;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import io.github.camellago.LagoConstants;
import io.github.camellago.RouteTestSupport;
import io.github.camellago.test.SandboxRequest;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

import static org.assertj.core.api.Assertions.assertThat;

/** Upserts through a producer, against the sandbox. */
abstract class UpsertTestSupport extends RouteTestSupport {

    protected String upsert(String resource, Map<String, ?> body) throws Exception {
        return result(sent("lago:" + resource + "?operation=upsert", body));
    }

    /** The same upsert in eight threads. One of them creates the object. */
    protected void upsertEightTimesAtOnce(String resource, Map<String, ?> body) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            CyclicBarrier start = new CyclicBarrier(8);
            List<Future<String>> results = IntStream.range(0, 8).mapToObj(i -> pool.submit(() -> {
                start.await();
                return upsert(resource, body);
            })).toList();
            for (Future<String> result : results) {
                assertThat(result.get()).isIn("created", "unchanged");
            }
        } finally {
            pool.shutdown();
        }
    }

    protected static String result(Exchange exchange) {
        return exchange.getMessage().getHeader(LagoConstants.RESULT, String.class);
    }

    /** The report of a dry run, which sends nothing but reads. */
    protected Map<String, Object> dryRun(String resource, Map<String, ?> body) throws Exception {
        long before = writes();
        Message message = sent("lago:" + resource + "?operation=upsert&dryRun=true", body).getMessage();
        assertThat(writes()).as("calls that change something").isEqualTo(before);
        Map<String, Object> report = map(message.getBody());
        assertThat(report).containsEntry("result", message.getHeader(LagoConstants.RESULT));
        return report;
    }

    /** The paths in the report of a dry run, with the values before and after. */
    protected static Map<String, List<Object>> changes(Map<String, Object> report) {
        Map<String, List<Object>> changes = new LinkedHashMap<>();
        for (Object change : (List<?>) report.get("changes")) {
            Map<String, Object> one = map(change);
            changes.put((String) one.get("path"), Arrays.asList(one.get("before"), one.get("after")));
        }
        return changes;
    }

    /** The number of calls that may change something. */
    protected static long writes() {
        return sandbox.requests().stream().filter(request -> !request.method().equals("GET")).count();
    }

    protected static List<String> writtenPaths() {
        return sandbox.requests().stream().filter(request -> !request.method().equals("GET"))
                .map(request -> request.method() + ' ' + request.path().replace("/api/v1/", "")).toList();
    }

    protected static SandboxRequest lastWrite() {
        return sandbox.requests().stream().filter(request -> !request.method().equals("GET")).reduce((a, b) -> b).orElseThrow();
    }

    protected static Map<String, Object> one(String collection, String code) {
        return sandbox.records(collection).stream()
                .filter(record -> code.equals(record.get(record.containsKey("external_id") ? "external_id" : "code")))
                .reduce((a, b) -> {
                    throw new AssertionError("two " + collection + " " + code);
                }).orElseThrow();
    }

    @SuppressWarnings("unchecked")
    protected static Map<String, Object> map(Object object) {
        return (Map<String, Object>) object;
    }

    /** A map with changes to another one. */
    protected static Map<String, Object> with(Map<String, ?> map, Object... changes) {
        Map<String, Object> changed = new LinkedHashMap<>(map);
        for (int i = 0; i < changes.length; i += 2) {
            changed.put((String) changes[i], changes[i + 1]);
        }
        return changed;
    }
}
