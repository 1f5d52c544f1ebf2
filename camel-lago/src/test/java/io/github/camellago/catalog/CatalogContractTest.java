package io.github.camellago.catalog;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

import io.github.camellago.catalog.Contract.Facts;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the catalogue against Lago's published contract, in both directions: what one has and the other has not, or says otherwise,
 * fails here.
 */
@EnabledIfSystemProperty(named = "lago.openapi", matches = ".+", disabledReason = "needs -Dlago.openapi=<Lago's openapi.yaml>")
class CatalogContractTest {

    /** Calls that Lago serves although its contract does not have them. */
    private static final Set<String> NOT_IN_THE_CONTRACT = Set.of("GET organizations",
            "POST payment_receipts/{lago_id}/download");

    /** Where Lago's server is known to behave otherwise than its contract says. */
    private static final Map<String, UnaryOperator<Facts>> SERVER_DIFFERS = Map.of(
            // wrapped by the server, documented without a root key
            "POST billing_entities", facts -> facts.withOut("billing_entity"),
            "PUT billing_entities/{code}", facts -> facts.withIn("billing_entity").withBodyRequired().withOut("billing_entity"),
            "GET payments/{lago_id}", facts -> facts.withOut("payment"),
            "GET payment_requests/{lago_id}", facts -> facts.withOut("payment_request"),
            "GET wallet_transactions/{lago_id}", facts -> facts.withOut("wallet_transaction"),
            // paged by the server, documented without pages
            "GET subscriptions/{external_id}/alerts", Facts::withPages,
            "GET customers/{external_customer_id}/wallets/{wallet_code}/alerts", Facts::withPages);

    /** What stands beside the root key in these calls' bodies; the root key is put on all the same. */
    private static final Map<String, String> BESIDE_THE_ROOT = Map.of("POST subscriptions", "subscription",
            "PUT subscriptions/{external_id}",
            "subscription");

    private static Map<String, Facts> contract;
    private static Map<String, Facts> catalogue;

    @BeforeAll
    static void read() throws Exception {
        contract = new TreeMap<>(Contract.read(Path.of(System.getProperty("lago.openapi"))).operations());
        SERVER_DIFFERS.forEach((call, difference) -> {
            Facts documented = contract.get(call);
            assertThat(difference.apply(documented)).as("%s differs from the contract", call).isNotEqualTo(documented);
            contract.put(call, difference.apply(documented));
        });
        BESIDE_THE_ROOT.forEach((call, root) -> contract.computeIfPresent(call, (c, facts) -> facts.withIn(root)));
        catalogue = new TreeMap<>();
        Catalog.get().entries().forEach(entry -> entry.operations().forEach(o -> {
            Facts former = catalogue.put(o.method() + ' ' + o.path(), facts(o));
            assertThat(former).as("%s is in the catalogue once", o.path()).isNull();
        }));
    }

    private static Facts facts(Operation o) {
        String lists = o.batchRoot() == null ? null : o.batchRoot() + "[]";
        String in = o.root() != null && lists != null
                ? o.root() + '|' + lists
                : o.root() != null ? o.root() : lists != null ? lists : "*";
        String out = switch (o.answer()) {
            case EMPTY -> null;
            case TEXT -> "text/plain";
            case LIST -> o.answerRoot() + "[]";
            case OBJECT -> o.answerRoot() + (o.root() != null && lists != null ? '|' + lists : "");
        };
        Set<String> query = o.query().stream().map(p -> p.name() + switch (p.kind()) {
            case SINGLE -> "";
            case ARRAY -> "[]";
            case MAP -> "{}";
        } + (p.required() ? "!" : "")).collect(Collectors.toCollection(TreeSet::new));
        return new Facts(o.operationId(), o.body() == Operation.Body.NONE ? null : in, o.body() == Operation.Body.REQUIRED, out,
                o.paged(), query);
    }

    @Test
    void theCatalogueHasEveryOperationAsTheContractSays() {
        Map<String, String> differences = new LinkedHashMap<>();
        contract.forEach((call, facts) -> {
            if (!facts.equals(catalogue.get(call))) {
                differences.put(call, "\n  contract:  " + facts + "\n  catalogue: " + catalogue.get(call) + "\n");
            }
        });

        System.out.println("operations covered: " + (contract.size() - differences.size()) + " of " + contract.size());
        assertThat(differences).isEmpty();
        assertThat(contract).hasSizeGreaterThan(200);
    }

    @Test
    void theCatalogueHasNoOperationThatTheContractLacks() {
        Set<String> more = new TreeSet<>(catalogue.keySet());
        more.removeAll(contract.keySet());

        assertThat(more).containsExactlyInAnyOrderElementsOf(NOT_IN_THE_CONTRACT);
    }
}
