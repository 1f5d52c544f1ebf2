package io.github.camellago.test;

import java.io.File;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.camellago.test.domain.Lago;
import io.github.camellago.test.domain.PdfDelay;
import io.github.camellago.test.domain.Variant;
import io.github.camellago.test.server.Pager;
import io.github.camellago.test.server.SandboxClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.yaml.snakeyaml.LoaderOptions;

import static org.assertj.core.api.Assertions.assertThat;

/** Holds the sandbox against Lago's published contract, where that is at hand: {@code -Dlago.openapi=<file>}. */
@EnabledIfSystemProperty(named = "lago.openapi", matches = ".+")
class ContractTest {

    @Test
    void everyOperationOfTheContractIsServed() throws Exception {
        Lago lago = new Lago(new SandboxClock(Clock.systemUTC()), new Variant(100, false, false, true, PdfDelay.NONE),
                new Pager(false),
                "http://localhost");
        Set<String> served = lago.router().routes().stream().map(route -> route.method() + " " + shape(route.template()))
                .collect(Collectors.toSet());
        JsonNode contract = YAMLMapper.builder(YAMLFactory.builder()
                .loaderOptions(loaderOptions()).build()).build().readTree(new File(System.getProperty("lago.openapi")));
        List<String> missing = new ArrayList<>();
        int operations = 0;
        for (var path : contract.get("paths").properties()) {
            for (var operation : path.getValue().properties()) {
                if (operation.getValue().has("responses")) {
                    operations++;
                    String wanted = operation.getKey().toUpperCase() + " " + shape(path.getKey());
                    if (!served.contains(wanted)) {
                        missing.add(wanted);
                    }
                }
            }
        }
        assertThat(operations).isGreaterThan(200);
        assertThat(missing).isEmpty();
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
