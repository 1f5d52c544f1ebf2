package io.github.camellago.benchmarks.contract;

import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.camellago.LagoComponent;
import io.github.camellago.catalog.BoundOperation;
import io.github.camellago.catalog.Catalog;
import io.github.camellago.catalog.PathTemplate;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * Sends each operation of the contract through a producer to Prism, with a body, ids and filters that are valid for the contract's schemas,
 * and reports Prism's verdicts. The bodies have no root keys, because the component adds them.
 */
public final class PrismRun {

    private PrismRun() {}

    /** Arguments: the path of the contract, and a folder to install Prism into. The exit code is 1 if a request violates the contract. */
    public static void main(String... args) throws Exception {
        Path file = Path.of(args.length == 0 ? "" : args[0]);
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("No file \"" + file + "\". Pass the path of Lago's openapi.yaml");
        }
        Path folder = Path.of(args.length < 2 ? "target/prism" : args[1]);
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        List<Contract.Call> calls = Contract.read(file).calls();
        boolean clean;
        try (Prism prism = Prism.start(folder, file, port); Relay relay = new Relay(port)) {
            clean = run(calls, relay);
        }
        System.exit(clean ? 0 : 1);
    }

    private static boolean run(List<Contract.Call> calls, Relay relay) {
        int accepted = 0;
        int answersAtFault = 0;
        List<String> rejected = new ArrayList<>();
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            LagoComponent lago = new LagoComponent(context);
            lago.getConfiguration().setBaseUrl(relay.url());
            lago.getConfiguration().setApiKey("prism");
            lago.getConfiguration().setMaxRetries(0);
            context.addComponent("lago", lago);
            context.start();
            ProducerTemplate template = context.createProducerTemplate();
            for (Contract.Call call : calls) {
                Exception failure = send(template, call);
                List<Relay.Verdict> verdicts = relay.take();
                List<String> violations = new ArrayList<>();
                if (verdicts.isEmpty()) {
                    violations.add("nothing was sent: " + failure);
                }
                verdicts.forEach(v -> violations.addAll(v.request()));
                if (violations.isEmpty()) {
                    accepted++;
                    answersAtFault += verdicts.stream().anyMatch(v -> !v.response().isEmpty()) ? 1 : 0;
                } else {
                    rejected.add(call.method() + " " + call.path() + ": " + violations);
                }
            }
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        rejected.forEach(r -> System.out.println("rejected: " + r));
        System.out.printf("Prism: %d of %d operations accepted, %d requests violate the contract"
                + " (for %d of the accepted operations, the contract's own example response violates its schema)%n", accepted,
                calls.size(),
                rejected.size(), answersAtFault);
        return rejected.isEmpty();
    }

    /** Sends one call. Prism judges the request, so an exception matters only if nothing was sent. */
    private static Exception send(ProducerTemplate template, Contract.Call call) {
        BoundOperation bound = operation(call);
        if (bound == null) {
            return new IllegalStateException("not in the catalog");
        }
        Map<String, Object> headers = new LinkedHashMap<>();
        Map<String, Object> filters = new LinkedHashMap<>();
        for (Contract.Parameter parameter : call.parameters()) {
            if (parameter.in().equals("path")) {
                headers.put("CamelLagoPath." + parameter.name(), parameter.sample());
            } else if (parameter.in().equals("query") && !parameter.name().matches("page|per_page")) {
                filters.put(parameter.name(), parameter.sample());
            }
        }
        headers.put("CamelLagoFilter", filters);
        Object body = body(bound, call.body());
        return template.request("lago:" + call.path() + "?operation=" + bound.name(), exchange -> {
            exchange.getMessage().setBody(body);
            exchange.getMessage().setHeaders(headers);
        }).getException();
    }

    private static BoundOperation operation(Contract.Call call) {
        return Catalog.get().find(PathTemplate.of(call.path())).direct(call.method());
    }

    private static Object body(BoundOperation bound, Object body) {
        for (String root : new String[]{bound.operation().root(), bound.operation().batchRoot()}) {
            if (body instanceof Map<?, ?> map && map.size() == 1 && map.containsKey(root)) {
                return map.get(root);
            }
        }
        return body;
    }
}
