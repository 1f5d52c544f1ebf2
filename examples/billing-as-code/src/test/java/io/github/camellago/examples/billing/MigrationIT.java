package io.github.camellago.examples.billing;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.github.camellago.examples.billing.Options.Command;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A migration whose process is killed. */
class MigrationIT extends TwoSandboxes {

    @TempDir
    Path work;

    @Test
    void continuesAfterTheProcessWasKilled() throws Exception {
        fill();
        // killed while Lago's answer is on its way: the object exists, and nobody knows
        lago.faults().on("POST", "/customers/*/wallets").nth(3).delay(Duration.ofMinutes(2));
        killDuring("wallets", 3);
        lago.faults().on("POST", "/subscriptions").nth(2).delay(Duration.ofMinutes(2));
        killDuring("subscriptions", 2);
        lago.faults().clear();

        assertThat(run(Command.MIGRATE, "--apply")).isZero();

        assertThat(output).contains("+ 3 to create, ~ 0 to update, 14 unchanged");
        assertMigrated();
    }

    /** Runs the program in a process of its own, and kills it when Lago has got so many of its requests. */
    private void killDuring(String collection, int requests) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), BillingAsCode.class.getName(),
                "migrate",
                "--apply");
        builder.environment().putAll(Map.of("LAGO_API_KEY", lago.apiKey(), "LAGO_BASE_URL", lago.baseUrl(),
                "LAGO_FROM_API_KEY", from.apiKey(), "LAGO_FROM_BASE_URL", from.baseUrl()));
        File log = work.resolve(collection + ".log").toFile();
        Process process = builder.redirectErrorStream(true).redirectOutput(log).start();
        try {
            await().atMost(Duration.ofMinutes(2)).until(() -> lago.records(collection).size() == requests);
            assertThat(process.isAlive()).as("still waits for the answer: %s", log).isTrue();
        } finally {
            process.destroyForcibly().waitFor(1, TimeUnit.MINUTES);
        }
    }
}
