package io.github.camellago.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

import io.github.camellago.test.LagoSandbox;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Lago's official JavaScript client makes all its calls against the sandbox, and can read all answers. */
class JavaScriptClientCallsIT {

    private static final Path SOURCES = Path.of("javascript-client");
    private static final Path DIRECTORY = Path.of("target", "javascript-client");

    /** The output and the exit code of a process. */
    private record Result(int code, String output) {}

    @Test
    void lagosJavaScriptClientReadsAllAnswers() throws Exception {
        install();
        try (LagoSandbox sandbox = LagoSandbox.start()) {
            addRecords(sandbox);
            Result result = run(List.of("node", "run.mjs", sandbox.baseUrl(), sandbox.apiKey()));
            System.out.println(result.output());
            assertThat(result.output()).contains("calls whose answer Lago's client could not read: 0");
            assertThat(result.code()).isZero();
        }
    }

    /** Adds records that the API cannot create. */
    private static void addRecords(LagoSandbox sandbox) {
        sandbox.add("customers",
                Map.of("external_id", "seeded", "name", "Seeded", "currency", "EUR", "email", "seeded@example.com"));
        for (int i = 0; i < 2; i++) {
            sandbox.add("payment_methods", Map.of("external_customer_id", "seeded", "provider_method_id", "pm_" + i));
            invoice(sandbox, Map.of("status", "draft"));
        }
        invoice(sandbox, Map.of("status", "failed"));
        invoice(sandbox, Map.of("status", "finalized", "payment_overdue", true, "total_amount_cents", 100,
                "total_due_amount_cents", 100, "ready_for_payment_processing", true));
        sandbox.add("fees", Map.of("external_customer_id", "seeded", "amount_cents", 100, "invoiceable", false, "item",
                Map.of("type", "charge", "code", "c", "name", "C", "lago_item_id", UUID.randomUUID().toString(), "item_type",
                        "BillableMetric")));
        Object addOn = sandbox.add("add_ons", Map.of("code", "quoted", "name", "Quoted", "amount_cents", 100, "amount_currency",
                "EUR")).get("lago_id");
        for (int i = 0; i < 4; i++) {
            sandbox.add("quotes",
                    Map.of("external_customer_id", "seeded", "owners", List.of("sales@example.com"), "billing_items",
                            Map.of("addOns", List.of(Map.of("id", addOn, "localId", "1", "type", "add_on", "payload",
                                    Map.of("code", "quoted", "units", 1, "unitAmountCents", 100, "totalAmountCents", 100))))));
        }
    }

    private static void invoice(LagoSandbox sandbox, Map<String, Object> fields) {
        List<Map.Entry<String, Object>> entries = new ArrayList<>(fields.entrySet());
        entries.addAll(
                Map.<String, Object>of("external_customer_id", "seeded", "invoice_type", "subscription", "currency", "EUR",
                        "number", "SEED-1").entrySet());
        sandbox.add("invoices", Map.ofEntries(entries.toArray(Map.Entry[]::new)));
    }

    private static void install() throws IOException, InterruptedException {
        assumeTrue(isThere("node") && isThere("npm"), "needs node and npm");
        Files.createDirectories(DIRECTORY);
        try (Stream<Path> files = Files.list(SOURCES)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, DIRECTORY.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        if (!Files.isDirectory(DIRECTORY.resolve("node_modules/typescript"))) {
            Result installed = run(List.of("npm", "ci", "--no-audit", "--no-fund"));
            assumeTrue(installed.code() == 0, "npm cannot install Lago's JavaScript client: " + installed.output());
        }
    }

    private static boolean isThere(String command) throws InterruptedException {
        try {
            return run(List.of(command, "--version")).code() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static Result run(List<String> command) throws IOException, InterruptedException {
        Path directory = Files.isDirectory(DIRECTORY) ? DIRECTORY : Path.of("");
        Process process = new ProcessBuilder(command).directory(directory.toAbsolutePath().toFile()).redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output);
    }
}
