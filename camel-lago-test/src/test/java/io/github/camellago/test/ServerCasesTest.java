package io.github.camellago.test;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

import static org.assertj.core.api.Assertions.assertThat;

/** Compares the sandbox with recorded answers of Lago's server, if available: {@code -Dlago.serverCases=<file>}. */
@EnabledIfSystemProperty(named = "lago.serverCases", matches = ".+", disabledReason = "needs -Dlago.serverCases=<file of server cases>")
class ServerCasesTest {

    @Test
    void answersLikeLagosServer() throws Exception {
        Map<String, List<JsonNode>> groups = ServerCases.read(Path.of(System.getProperty("lago.serverCases")));
        int steps = groups.values().stream().mapToInt(List::size).sum();
        List<String> wrong = new ArrayList<>();
        try (LagoSandbox sandbox = LagoSandbox.start()) {
            groups.values().forEach(group -> wrong.addAll(ServerCases.replay(sandbox, group)));
        }
        wrong.forEach(System.out::println);
        System.out.println("server cases: " + (steps - wrong.size()) + " of " + steps);
        assertThat(steps).isPositive();
        assertThat(wrong).isEmpty();
    }
}
