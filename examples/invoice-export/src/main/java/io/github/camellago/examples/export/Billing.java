package io.github.camellago.examples.export;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

import io.github.camellago.test.LagoSandbox;

/** What happens at Lago meanwhile: invoices are issued, and paid. */
final class Billing {

    private final LagoSandbox sandbox;
    private final Random random = new Random(7);
    private final List<String> invoices = new ArrayList<>();

    Billing(LagoSandbox sandbox) {
        this.sandbox = sandbox;
    }

    void issue(int count) {
        for (int i = 0; i < count; i++) {
            int number = invoices.size();
            invoices.add((String) sandbox.add("invoices", Map.of("number", "LAG-%05d".formatted(number), "status", "finalized",
                    "payment_status", "pending", "currency", "EUR", "total_amount_cents", 1000 + number, "customer",
                    Map.of("external_id", "customer-" + number % 20))).get("lago_id"));
        }
    }

    void pay(int count) {
        // Lago tells times in whole seconds
        sandbox.advance(Duration.ofSeconds(1));
        for (int i = 0; i < count; i++) {
            sandbox.update("invoices", invoices.get(random.nextInt(invoices.size())), Map.of("payment_status", "succeeded"));
        }
    }
}
