package io.github.camellago.upsert;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.camellago.api.LagoNotFoundException;
import io.github.camellago.api.LagoValidationException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Upserts at the same time, and upserts whose answers are lost, end in one object. */
class UpsertFaultsTest extends UpsertTestSupport {

    private static final Map<String, Object> TAX = Map.of("code", "vat", "name", "VAT", "rate", 20);
    private static final Map<String, Object> PLAN = Map.of("code", "basic", "name", "Basic", "interval", "monthly",
            "amount_cents", 1000, "amount_currency", "EUR", "pay_in_advance", false);
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
    void aNewChargeWhoseAnswerIsLostIsThereOnce() throws Exception {
        upsert("billable_metrics", Map.of("code", "calls", "name", "Calls", "aggregation_type", "count_agg"));
        upsert("plans", PLAN);
        Map<String, Object> charge = Map.of("billable_metric_code", "calls", "charge_model", "standard", "properties",
                Map.of("amount", "1"));
        sandbox.faults().on("PUT", "/plans/*").nth(1).dropAfter();

        assertThat(upsert("plans", with(PLAN, "charges", List.of(charge)))).isEqualTo("updated");

        assertThat((List<?>) one("plans", "basic").get("charges")).hasSize(1);
        assertThat(upsert("plans", with(PLAN, "charges", List.of(charge)))).isEqualTo("unchanged");
    }

    @Test
    void manyNewChargesWhoseAnswersAreLostAreThereOnce() throws Exception {
        List<Map<String, Object>> charges = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            upsert("billable_metrics", Map.of("code", "m" + i, "name", "M", "aggregation_type", "count_agg"));
            charges.add(Map.of("billable_metric_code", "m" + i, "charge_model", "standard", "properties",
                    Map.of("amount", "1")));
        }
        upsert("plans", PLAN);
        upsert("plans", with(PLAN, "charges", List.of(charges.get(0))));
        for (int i = 1; i < 12; i += 2) {
            sandbox.faults().on("POST", "/plans/*/charges").nth(i).dropAfter();
        }

        assertThat(upsert("plans", with(PLAN, "charges", charges))).isEqualTo("updated");

        assertThat((List<?>) one("plans", "basic").get("charges")).hasSize(6);
    }

    @Test
    void aChargeThatAnotherInstanceAddsMeanwhileIsThereOnce() throws Exception {
        upsert("billable_metrics", Map.of("code", "calls", "name", "Calls", "aggregation_type", "count_agg"));
        upsert("plans", PLAN);
        String before = sent("lago:plans?operation=get&id=basic&bodyType=JSON", null).getMessage().getBody(String.class);
        Map<String, Object> plan = with(PLAN, "charges", List.of(Map.of("billable_metric_code", "calls", "charge_model",
                "standard", "properties", Map.of("amount", "1"))));
        upsert("plans", plan);
        Object id = map(((List<?>) one("plans", "basic").get("charges")).get(0)).get("lago_id");
        sandbox.faults().on("GET", "/plans/*").nth(1).body("{\"plan\":" + before + "}");

        assertThat(upsert("plans", plan)).isEqualTo("unchanged");

        assertThat((List<?>) one("plans", "basic").get("charges")).hasSize(1).first()
                .extracting(charge -> map(charge).get("lago_id")).isEqualTo(id);
    }

    @Test
    void manyInstancesEndInOneObject() throws Exception {
        upsertEightTimesAtOnce("taxes", TAX);

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
