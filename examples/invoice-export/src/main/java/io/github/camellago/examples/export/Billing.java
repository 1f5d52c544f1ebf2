package io.github.camellago.examples.export;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

import io.github.camellago.test.LagoSandbox;

/** Issues and pays invoices in the sandbox during the export. */
final class Billing {

    private final LagoSandbox sandbox;
    private final Random random = new Random(7);
    private final List<String> invoices = new ArrayList<>();

    Billing(LagoSandbox sandbox) {
        this.sandbox = sandbox;
    }

    void issue(int count) {
        String time = time();
        for (int i = 0; i < count; i++) {
            int number = invoices.size();
            invoices.add((String) sandbox.add("invoices", Map.of("number", "LAG-%05d".formatted(number), "status", "finalized",
                    "payment_status", "pending", "currency", "EUR", "total_amount_cents", 1000 + number, "customer",
                    Map.of("external_id", "customer-" + number % 20), "created_at", time)).get("lago_id"));
        }
    }

    void pay(int count) {
        String time = time();
        random.ints(0, invoices.size()).distinct().limit(count).forEach(
                i -> sandbox.update("invoices", invoices.get(i), Map.of("payment_status", "succeeded", "updated_at", time)));
    }

    /**
     * Advances the sandbox's clock, so that no two changes have the same time. Lago's times are in whole seconds, and the first download of an
     * invoice changes the invoice, too.
     */
    private String time() {
        sandbox.advance(Duration.ofSeconds(2));
        return sandbox.now().minusSeconds(1).truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
