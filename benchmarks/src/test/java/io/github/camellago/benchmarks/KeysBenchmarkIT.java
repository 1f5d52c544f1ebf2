package io.github.camellago.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class KeysBenchmarkIT {

    @Test
    void allKeysShareOneEndpoint() throws Exception {
        Settings settings = new Settings(Duration.ofMillis(50), 1, List.of(1), List.of());
        try (ServerProcess server = ServerProcess.start(EventAnswers.class);
                DefaultCamelContext context = new DefaultCamelContext()) {

            Map<String, List<Sample>> samples = Race.run(KeysBenchmark.contestants(context, server), server, settings);

            assertThat(samples).hasSize(4);
            assertThat(context.getEndpoints()).filteredOn(endpoint -> endpoint.getEndpointUri().startsWith("lago:")).hasSize(1);
        }
    }
}
