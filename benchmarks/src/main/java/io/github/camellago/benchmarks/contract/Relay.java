package io.github.camellago.benchmarks.contract;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * A proxy between the component and Prism. It removes {@code /api/v1}, which Prism's paths do not have, and stores Prism's verdict on each
 * request.
 */
final class Relay implements AutoCloseable {

    private static final String ROOT = "/api/v1";
    private static final String PRISMS_ERRORS = "https://stoplight.io/prism/errors#";
    private static final List<String> PASSED_ON = List.of("Authorization", "Content-Type", "Accept");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final HttpServer server;
    private final URI prism;
    private final List<Verdict> verdicts = new ArrayList<>();

    /**
     * Prism's verdict on a request.
     *
     * @param request  how the request violates the contract. Empty if it does not
     * @param response how the contract's own example response violates the contract
     */
    record Verdict(String call, int status, List<String> request, List<String> response) {}

    Relay(int prismPort) throws IOException {
        this.prism = URI.create("http://127.0.0.1:" + prismPort);
        this.server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", this::relay);
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "relay");
            thread.setDaemon(true);
            return thread;
        }));
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The verdicts since the last call of this method. */
    synchronized List<Verdict> take() {
        List<Verdict> taken = List.copyOf(verdicts);
        verdicts.clear();
        return taken;
    }

    private void relay(HttpExchange exchange) throws IOException {
        try (exchange) {
            String target = exchange.getRequestURI().toString();
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(prism + target.substring(ROOT.length())));
            byte[] body = exchange.getRequestBody().readAllBytes();
            request.method(exchange.getRequestMethod(),
                    body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
            PASSED_ON.forEach(name -> {
                String value = exchange.getRequestHeaders().getFirst(name);
                if (value != null) {
                    request.header(name, value);
                }
            });
            HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
            judge(exchange.getRequestMethod() + " " + target, response);
            response.headers().firstValue("Content-Type")
                    .ifPresent(type -> exchange.getResponseHeaders().set("Content-Type", type));
            exchange.sendResponseHeaders(response.statusCode(), response.body().length == 0 ? -1 : response.body().length);
            exchange.getResponseBody().write(response.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void judge(String call, HttpResponse<byte[]> response) throws IOException {
        List<String> request = new ArrayList<>();
        List<String> answer = new ArrayList<>();
        String violations = response.headers().firstValue("sl-violations").orElse("[]");
        JSON.readTree(violations).forEach(violation -> sort(violation, request, answer));
        JsonNode problem = problem(response);
        if (problem != null) {
            // VIOLATIONS lists violations of responses. Every other problem concerns the request
            boolean mixed = problem.path("type").asText().equals(PRISMS_ERRORS + "VIOLATIONS");
            problem.path("validation").forEach(violation -> {
                if (mixed) {
                    sort(violation, request, answer);
                } else {
                    request.add(describe(violation));
                }
            });
            if (request.isEmpty() && answer.isEmpty()) {
                request.add(problem.path("title").asText() + ": " + problem.path("detail").asText());
            }
        }
        verdicts.add(new Verdict(call, response.statusCode(), request, answer));
    }

    private static void sort(JsonNode violation, List<String> request, List<String> answer) {
        (violation.path("location").path(0).asText().equals("response") ? answer : request).add(describe(violation));
    }

    private static String describe(JsonNode violation) {
        return violation.path("location") + " " + violation.path("message").asText();
    }

    /** Prism's error response, or null if Prism answered as the contract says. */
    private static JsonNode problem(HttpResponse<byte[]> response) throws IOException {
        if (response.headers().firstValue("Content-Type").orElse("").startsWith("application/problem+json")) {
            JsonNode problem = JSON.readTree(response.body());
            return problem.path("type").asText().startsWith(PRISMS_ERRORS) ? problem : null;
        }
        return null;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
