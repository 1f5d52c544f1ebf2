package io.github.camellago.test;

import java.io.File;
import java.time.Clock;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.camellago.test.domain.Lago;
import io.github.camellago.test.server.Pager;
import io.github.camellago.test.server.SandboxClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.yaml.snakeyaml.LoaderOptions;

import static org.assertj.core.api.Assertions.assertThat;

/** Compares the sandbox with Lago's published contract, if it is available: {@code -Dlago.openapi=<file>}. */
@EnabledIfSystemProperty(named = "lago.openapi", matches = ".+", disabledReason = "needs -Dlago.openapi=<Lago's openapi.yaml>")
class ContractTest {

    @Test
    void servesEachOperationOfTheContract() throws Exception {
        Lago lago = new Lago(new SandboxClock(Clock.systemUTC()), LagoSandbox.builder().variant(),
                new Pager(false),
                "http://localhost");
        Set<String> served = lago.router("v1").routes().stream().map(route -> route.method() + " " + shape(route.template()))
                .collect(Collectors.toCollection(TreeSet::new));
        JsonNode contract = YAMLMapper.builder(YAMLFactory.builder()
                .loaderOptions(loaderOptions()).build()).build().readTree(new File(System.getProperty("lago.openapi")));
        Set<String> documented = new TreeSet<>();
        for (var path : contract.get("paths").properties()) {
            for (var operation : path.getValue().properties()) {
                if (operation.getValue().has("responses")) {
                    documented.add(operation.getKey().toUpperCase() + " " + shape(path.getKey()));
                }
            }
        }
        Set<String> both = new TreeSet<>(documented);
        both.retainAll(served);
        System.out.println("operations served by the sandbox: " + both.size() + " of " + documented.size());
        assertThat(documented).hasSizeGreaterThan(200);
        assertThat(served).containsAll(documented);
    }

    private static LoaderOptions loaderOptions() {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(10_000_000);
        return options;
    }

    private static String shape(String path) {
        return path.replaceAll("\\{[^}]*}", "{}");
    }
}
