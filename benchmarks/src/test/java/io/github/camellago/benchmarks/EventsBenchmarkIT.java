package io.github.camellago.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

class EventsBenchmarkIT {

    @Test
    void eachContestantInThisJvmDeliversWholeBatches() throws Exception {
        Settings settings = new Settings(Duration.ofMillis(200), 1, List.of(1), List.of("(a)", "(b)", "camel-lago"));
        try (ServerProcess server = ServerProcess.start(EventAnswers.class);
                DefaultCamelContext context = new DefaultCamelContext()) {
            server.delay(1);
            List<Contestant> contestants = EventsBenchmark.contestants(context, server, new SampleEvents(), settings);

            Map<String, List<Sample>> samples = Race.run(contestants, server, settings);

            assertThat(samples).hasSize(10).allSatisfy((name, list) -> {
                double perRequest = list.get(0).perSecond() / list.get(0).requestsPerSecond();
                // events of requests in flight are not counted yet
                assertThat(perRequest).isCloseTo(name.contains("split") ? 1 : SampleEvents.BATCH, withinPercentage(10));
            });
            for (Contestant contestant : contestants) {
                contestant.close();
            }
        }
    }
}
