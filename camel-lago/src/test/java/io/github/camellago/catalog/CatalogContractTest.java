package io.github.camellago.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import io.github.camellago.catalog.Contract.Facts;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

import static org.assertj.core.api.Assertions.assertThat;

/** Compares the catalog with Lago's published contract. */
@EnabledIfSystemProperty(named = "lago.openapi", matches = ".+", disabledReason = "needs -Dlago.openapi=<Lago's openapi.yaml>")
class CatalogContractTest {

    /** The differences of Lago's server from its contract, with the reasons. The catalog follows the server. */
    private static final String DIFFERENCES = "contract-differences.txt";

    private static Map<String, Facts> contract;
    private static Map<String, Facts> catalog;

    @BeforeAll
    static void read() throws Exception {
        contract = new TreeMap<>(Contract.read(Path.of(System.getProperty("lago.openapi"))).operations());
        for (String line : differences()) {
            String[] parts = line.split(" \\| ");
            Facts documented = contract.get(parts[0]);
            for (String difference : parts[1].split(" ")) {
                Facts served = documented.with(difference);
                assertThat(served).as("%s: %s is a difference", parts[0], difference).isNotEqualTo(documented);
                documented = served;
            }
            contract.put(parts[0], documented);
        }
        catalog = new TreeMap<>();
        Catalog.get().entries().forEach(entry -> entry.operations().forEach(o -> {
            Facts former = catalog.put(o.method() + ' ' + o.path(), facts(o));
            assertThat(former).as("%s is in the catalog once", o.path()).isNull();
        }));
    }

    private static List<String> differences() throws IOException {
        try (InputStream in = CatalogContractTest.class.getResourceAsStream(DIFFERENCES)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().filter(l -> !l.startsWith("#")).toList();
        }
    }

    private static Facts facts(Operation o) {
        Set<String> query = o.query().stream().map(p -> text(p) + (p.required() ? "!" : ""))
                .collect(Collectors.toCollection(TreeSet::new));
        return new Facts(o.operationId(), in(o), o.body() == Operation.Body.REQUIRED, out(o), o.paged(), query);
    }

    /** The root keys of the body, a star for fields at the top, or null for no body. */
    static String in(Operation o) {
        String lists = lists(o);
        if (o.body() == Operation.Body.NONE) {
            return null;
        }
        return o.root() != null && lists != null
                ? o.root() + '|' + lists
                : o.root() != null ? o.root() : lists != null ? lists : "*";
    }

    /** The root key of the response or its media type, or null where it is empty. */
    static String out(Operation o) {
        return switch (o.answer()) {
            case EMPTY -> null;
            case TEXT -> "text/plain";
            case LIST -> o.answerRoot() + "[]";
            case OBJECT -> o.answerRoot() + (o.root() != null && lists(o) != null ? '|' + lists(o) : "");
        };
    }

    private static String lists(Operation o) {
        return o.batchRoot() == null ? null : o.batchRoot() + "[]";
    }

    static String text(QueryParameter parameter) {
        return parameter.name() + switch (parameter.kind()) {
            case SINGLE -> "";
            case ARRAY -> "[]";
            case MAP -> "{}";
        };
    }

    @Test
    void theCatalogHasEveryOperationAsTheContractSays() {
        Map<String, String> differences = new LinkedHashMap<>();
        contract.forEach((call, facts) -> {
            if (!facts.equals(catalog.get(call))) {
                differences.put(call, "\n  contract:  " + facts + "\n  catalog: " + catalog.get(call) + "\n");
            }
        });

        System.out.println("operations covered: " + (contract.size() - differences.size()) + " of " + contract.size());
        assertThat(differences).isEmpty();
        assertThat(contract).hasSizeGreaterThan(200);
    }

    @Test
    void everyNameOfTheContractIsUsedOnce() {
        assertThat(catalog.values().stream().map(Facts::operationId).filter(Objects::nonNull))
                .containsExactlyInAnyOrderElementsOf(contract.values().stream().map(Facts::operationId).toList());
    }
}
