package io.github.camellago.examples.metering;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camellago.test.LagoSandbox;
import io.github.camellago.test.LagoSandboxExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class UsageMeteringTest {

    private static final int LINES = 6_000;

    @RegisterExtension
    static LagoSandboxExtension lago = new LagoSandboxExtension(
            LagoSandbox.builder().clock(Clock.fixed(Instant.parse("2026-03-15T12:30:00Z"), ZoneOffset.UTC)));

    @TempDir
    Path work;

    @Test
    void deliversTheFileAndTheNumbersMatch(LagoSandbox sandbox) throws Exception {
        Progress progress = UsageMetering.run(LagoServer.of(sandbox), work, LINES);

        assertThat(progress.lines()).isEqualTo(LINES);
        assertThat(progress.accepted()).isEqualTo(sandbox.eventCount()).isEqualTo(progress.content().records());
        assertThat(progress.duplicates()).isEqualTo(45);
        assertThat(progress.rejected()).isEqualTo(4);
        assertThat(progress.unreadable()).isEqualTo(6);
        assertThat(unitsIn(sandbox)).isEqualTo(progress.content().units());
        assertThat(work.resolve("in/.done")).isDirectoryContaining("glob:**.csv");
    }

    @Test
    void writesUnreadableLinesAndRejectedEventsToFiles(LagoSandbox sandbox) throws Exception {
        UsageMetering.run(LagoServer.of(sandbox), work, LINES);

        assertThat(Files.readAllLines(work.resolve("unreadable.csv"))).hasSize(6)
                .anySatisfy(l -> assertThat(l).startsWith("line 139: 2 fields instead of 6: "))
                .anySatisfy(l -> assertThat(l).startsWith("line 1139: quantity is not a number: many: "))
                .anySatisfy(l -> assertThat(l).startsWith("line 2139: not CSV: "));
        List<JsonNode> rejected = Files.readAllLines(work.resolve("rejected.jsonl")).stream().map(UsageMeteringTest::json)
                .toList();
        assertThat(rejected).hasSize(4);
        assertThat(rejected).extracting(r -> r.get("reasons").toString())
                .containsOnly("{\"code\":[\"value_is_mandatory\"]}", "{\"timestamp\":[\"invalid_format\"]}");
        assertThat(rejected).allSatisfy(r -> assertThat(r.path("event").path("transaction_id").asText()).isNotEmpty());
    }

    @Test
    void writesEachInvoice(LagoSandbox sandbox) throws Exception {
        UsageMetering.run(LagoServer.of(sandbox), work, 100);

        List<Map<String, Object>> invoices = sandbox.records("invoices");
        assertThat(invoices).hasSize(Customer.ALL.size());
        for (Map<String, Object> invoice : invoices) {
            JsonNode written = json(Files.readString(work.resolve("invoices/" + invoice.get("lago_id") + ".json")));
            assertThat(written.get("number").asText()).isEqualTo(invoice.get("number"));
        }
    }

    @Test
    void createsNoInvoicesInARealLagoAndCanBeRepeated(LagoSandbox sandbox) throws Exception {
        sandbox.add("customers", Map.of("external_id", "acme"));
        sandbox.add("invoices", Map.of("number", "THEIRS-1"));
        LagoServer real = LagoServer.of(Map.of("LAGO_API_KEY", sandbox.apiKey(), "LAGO_BASE_URL", sandbox.baseUrl()),
                Clock.fixed(sandbox.now(), ZoneOffset.UTC));

        Progress first = UsageMetering.run(real, work.resolve("first"), LINES);
        Progress second = UsageMetering.run(real, work.resolve("second"), LINES);

        assertThat(sandbox.eventCount()).isEqualTo(first.accepted());
        // in batches with an invalid event, events that Lago already has may count as accepted
        assertThat(second.accepted() + second.duplicates()).isEqualTo(first.accepted() + first.duplicates());
        assertThat(second.duplicates()).isGreaterThan(second.accepted());
        assertThat(sandbox.records("invoices")).hasSize(1);
        assertThat(work.resolve("second/invoices")).isDirectoryContaining("glob:**.json");
        assertThat(real.name()).doesNotContain(sandbox.apiKey());
    }

    @Test
    void numbersMatchIfTheServerFailsTemporarily(LagoSandbox sandbox) throws Exception {
        sandbox.faults().on("POST", "/events/batch").nth(3).dropAfter();
        sandbox.faults().on("POST", "/events/batch").nth(7).status(503);
        sandbox.faults().on("POST", "/events/batch").nth(11).statusAfter(502);

        Progress progress = UsageMetering.run(LagoServer.of(sandbox), work, LINES);

        assertThat(sandbox.eventCount()).isEqualTo(progress.content().records());
    }

    @Test
    void failsIfLagosUsageDiffersFromTheFile(LagoSandbox sandbox) {
        // an event that another system sends for one of our customers
        String hour = UsageFile.run(sandbox.now());
        sandbox.add("events", Map.of("transaction_id", "stray", "code", "metering_api_calls", "external_subscription_id",
                "metering-acme-" + hour, "timestamp", sandbox.now().getEpochSecond(), "properties", Map.of("quantity", 1)));

        assertThatThrownBy(() -> UsageMetering.run(LagoServer.of(sandbox), work, 500))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageMatching(
                        "The numbers do not match: metering-acme used \\d+ of metering_api_calls, but Lago counts \\d+");
    }

    @Test
    void reconcileSendsWhatARestoredBackupLacks(LagoSandbox sandbox) throws Exception {
        Reconciliation result = UsageMetering.reconcile(LagoServer.of(sandbox), work, LINES);

        // the last of fourteen and a half days, repeated lines included
        assertThat(result.missing()).isBetween(LINES / 16L, LINES / 13L);
        assertThat(result.different()).isZero();
        assertThat(result.stored() + result.missing()).isEqualTo(LINES - 6 - 2);
        assertThat(sandbox.events())
                .hasSize((int) sandbox.events().stream().map(e -> e.get("transaction_id")).distinct().count());
        assertThat(unitsIn(sandbox)).isEqualTo(FileContent.of(new UsageFile(new Folders(work).delivered(sandbox.now()),
                UsageFile.run(sandbox.now()), null)).units());
        assertThat(result.toTable()).contains("missing", "Lago before", "metering-acme");
    }

    private static Map<CustomerMetric, BigDecimal> unitsIn(LagoSandbox sandbox) {
        return sandbox.events().stream().collect(Collectors.toMap(
                e -> new CustomerMetric(e.get("external_subscription_id").toString().replaceFirst("-\\d+$", ""),
                        e.get("code").toString()),
                e -> new BigDecimal(((Map<?, ?>) e.get("properties")).get("quantity").toString()), BigDecimal::add));
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (java.io.IOException e) {
            throw new AssertionError("Not JSON: " + text, e);
        }
    }
}
