package io.github.camellago.examples.billing;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.github.camellago.examples.billing.Options.Command;
import io.github.camellago.test.LagoSandbox;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

import static org.assertj.core.api.Assertions.assertThat;

/** A sandbox that is changed, and one to copy from. */
abstract class TwoSandboxes {

    static final Path FOLDER = Path.of("billing");

    static LagoSandbox lago;
    static LagoSandbox from;

    /** The output of the last run. */
    String output;

    @BeforeAll
    static void startSandboxes() {
        lago = LagoSandbox.start();
        from = LagoSandbox.start();
    }

    @AfterAll
    static void stopSandboxes() {
        lago.close();
        from.close();
    }

    @BeforeEach
    void resetSandboxes() {
        lago.reset();
        from.reset();
    }

    int run(Command command, String... flags) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            return BillingAsCode.run(options(command, flags), Accounts.of(lago, from), Clock.systemUTC(), out);
        } finally {
            output = bytes.toString(StandardCharsets.UTF_8);
        }
    }

    static Options options(Command command, String... flags) {
        return new Options(command, FOLDER, List.of(flags).contains("--apply"), List.of(flags).contains("--detailed-exitcode"));
    }

    static Map<String, Map<String, Object>> plans() {
        return byKey(lago, "plans", "code");
    }

    static Map<String, Map<String, Object>> byKey(LagoSandbox sandbox, String collection, String key) {
        return sandbox.records(collection).stream().collect(Collectors.toMap(record -> (String) record.get(key), r -> r));
    }

    /** The number of requests that could change something. */
    static long writes(LagoSandbox sandbox) {
        return sandbox.requests().stream().filter(request -> !request.method().equals("GET")).count();
    }

    static void fill() throws Exception {
        Demo.fill(options(Command.FILES), lago, false);
        Demo.fill(options(Command.FILES), from, true);
    }

    static void assertMigrated() {
        assertThat(byKey(lago, "customers", "external_id")).containsOnlyKeys("acme", "globex", "hooli", "initech", "umbrella",
                "vandelay");
        assertThat(byKey(lago, "customers", "external_id").get("acme").get("metadata").toString()).contains("value=crm-acme");
        assertThat(lago.records("wallets")).hasSize(6).allSatisfy(wallet -> assertThat(wallet)
                .containsEntry("credits_balance", "80.5").containsEntry("code", "prepaid"));
        Map<String, Map<String, Object>> sources = byKey(from, "subscriptions", "external_id");
        assertThat(lago.records("subscriptions")).hasSize(5)
                .allSatisfy(subscription -> assertThat(subscription).containsEntry("plan_code", "starter")
                        .containsEntry("billing_time", "anniversary").containsEntry("status", "active").containsEntry(
                                "subscription_at",
                                sources.get((String) subscription.get("external_id")).get("subscription_at")));
    }
}
