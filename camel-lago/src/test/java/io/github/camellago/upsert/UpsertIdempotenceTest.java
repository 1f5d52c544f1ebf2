package io.github.camellago.upsert;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Random configurations: the second time, nothing is sent, however the configuration is written. */
class UpsertIdempotenceTest extends UpsertTestSupport {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void theSecondTimeNothingIsSent(long seed) throws Exception {
        Configurations configurations = new Configurations(seed);
        for (int i = 0; i < 3; i++) {
            Map<String, List<Map<String, Object>>> configuration = configurations.next();
            Map<String, String> planned = apply(configuration, "&dryRun=true");
            Map<String, String> results = apply(configuration, "");
            if (i > 0) {
                assertThat(results).isEqualTo(planned).containsValue("updated").doesNotContainValue("created");
            } else {
                assertThat(results.values()).containsOnly("created");
            }
            long writes = writes();
            assertThat(apply(configuration, "").values()).containsOnly("unchanged");
            configuration.replaceAll((resource, bodies) -> bodies.stream()
                    .map(body -> map(configurations.rewritten("", body))).toList());
            assertThat(apply(configuration, "").values()).containsOnly("unchanged");
            assertThat(writes()).isEqualTo(writes);
        }
    }

    private Map<String, String> apply(Map<String, List<Map<String, Object>>> configuration, String options) throws Exception {
        Map<String, String> results = new HashMap<>();
        for (Map.Entry<String, List<Map<String, Object>>> resource : configuration.entrySet()) {
            for (Map<String, Object> body : resource.getValue()) {
                String uri = "lago:" + resource.getKey() + "?operation=upsert" + options;
                results.put(resource.getKey() + ' ' + body.getOrDefault("code", body.get("external_id")),
                        result(sent(uri, body)));
            }
        }
        return results;
    }
}
