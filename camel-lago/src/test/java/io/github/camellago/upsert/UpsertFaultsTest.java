package io.github.camellago.upsert;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import io.github.camellago.api.LagoNotFoundException;
import io.github.camellago.api.LagoValidationException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Upserts at the same time, and upserts whose answers are lost, end in one object. */
class UpsertFaultsTest extends UpsertTestSupport {

    private static final Map<String, Object> TAX = Map.of("code", "vat", "name", "VAT", "rate", 20);
    private static final String NO_TAX = "{\"status\":404,\"error\":\"Not Found\",\"code\":\"tax_not_found\"}";

    @Test
    void aCreateWhoseAnswerIsLostIsCreated() throws Exception {
        sandbox.faults().on("POST", "/taxes").nth(1).dropAfter();

        assertThat(upsert("taxes", TAX)).isEqualTo("created");
        assertThat(one("taxes", "vat")).containsEntry("name", "VAT");
        assertThat(upsert("taxes", TAX)).isEqualTo("unchanged");
    }

    @Test
    void anUpdateWhoseAnswerIsLostIsUpdated() throws Exception {
        upsert("taxes", TAX);
        sandbox.faults().on("PUT", "/taxes/*").nth(1).dropAfter();

        assertThat(upsert("taxes", with(TAX, "rate", 21))).isEqualTo("updated");
        assertThat(upsert("taxes", with(TAX, "rate", 21))).isEqualTo("unchanged");
    }

    @Test
    void anObjectThatAnotherInstanceCreatesMeanwhileIsLookedUp() throws Exception {
        upsert("taxes", TAX);
        sandbox.faults().on("GET", "/taxes/*").nth(1).status(404).body(NO_TAX);

        assertThat(upsert("taxes", TAX)).isEqualTo("unchanged");

        sandbox.faults().on("GET", "/taxes/*").nth(1).status(404).body(NO_TAX);

        assertThat(upsert("taxes", with(TAX, "rate", 21))).isEqualTo("updated");
        assertThat(one("taxes", "vat").get("rate")).hasToString("21");
    }

    @Test
    void aCustomerThatAnotherInstanceCreatesMeanwhileStaysOne() throws Exception {
        upsert("customers", Map.of("external_id", "acme", "name", "Acme", "city", "Ulm"));
        sandbox.faults().on("GET", "/customers/*").nth(1).status(404)
                .body("{\"status\":404,\"error\":\"Not Found\",\"code\":\"customer_not_found\"}");

        upsert("customers", Map.of("external_id", "acme", "name", "Acme SE"));

        assertThat(one("customers", "acme")).containsEntry("name", "Acme SE").containsEntry("city", "Ulm");
    }

    @Test
    void manyInstancesEndInOneObject() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<String>> results = IntStream.range(0, 8).mapToObj(i -> pool.submit(() -> {
                start.await();
                return upsert("taxes", TAX);
            })).toList();
            start.countDown();
            for (Future<String> result : results) {
                assertThat(result.get()).isIn("created", "unchanged");
            }
        } finally {
            pool.shutdown();
        }
        assertThat(one("taxes", "vat")).containsEntry("name", "VAT");
    }

    @Test
    void aRefusalIsThrown() {
        assertThat(send("lago:taxes?operation=upsert", Map.of("code", "vat", "name", "VAT")).getException())
                .isInstanceOf(LagoValidationException.class).hasMessageContaining("rate");
        assertThat(sandbox.records("taxes")).isEmpty();
    }

    @Test
    void aPathThatLagoDoesNotHaveIsNoMissingObject() {
        sandbox.faults().on("GET", "/taxes/*").every().status(404)
                .body("{\"status\":404,\"error\":\"Not Found\",\"code\":\"resource_not_found\"}");

        assertThat(send("lago:taxes?operation=upsert", TAX).getException()).isInstanceOf(LagoNotFoundException.class);
        assertThat(send("lago:taxes?operation=upsert&dryRun=true", TAX).getException())
                .isInstanceOf(LagoNotFoundException.class);
        assertThat(writes()).isZero();
    }
}
