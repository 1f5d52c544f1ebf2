package io.github.camellago.test;

import java.util.Map;

/**
 * Something to look at: customers, metrics, a plan.
 */
final class DemoSeed {

    private DemoSeed() {}

    static void plant(LagoSandbox sandbox) {
        sandbox.add("customers", Map.of("external_id", "acme", "name", "Acme Inc."));
    }
}
