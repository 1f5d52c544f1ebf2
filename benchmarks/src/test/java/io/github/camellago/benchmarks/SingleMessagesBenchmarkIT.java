package io.github.camellago.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SingleMessagesBenchmarkIT {

    @Test
    void eachContestantInThisJvmDeliversEvents() throws Exception {
        Settings settings = new Settings(Duration.ofMillis(50), 1, List.of(1),
                List.of("delivered", "received", "(b)", "no endpoint", "does nothing"));
        try (ServerProcess server = ServerProcess.start(EventAnswers.class);
                DefaultCamelContext context = new DefaultCamelContext()) {
            SingleMessages routes = new SingleMessages(server.url(), SingleMessagesBenchmark.CONCURRENCY);
            List<Contestant> contestants = SingleMessagesBenchmark.contestants(context, server, routes, new SampleEvents(),
                    settings);

            Map<String, List<Sample>> samples = Race.run(contestants, server, settings);

            assertThat(samples).hasSize(10)
                    .allSatisfy((name, list) -> assertThat(list.get(0).perSecond()).as(name).isPositive());
            assertThat(routes.failed()).isZero();
            for (Contestant contestant : contestants) {
                contestant.close();
            }
        }
    }

    @Test
    void aThinStreamMeasuresEachMessage() throws Exception {
        try (ServerProcess server = ServerProcess.start(EventAnswers.class);
                DefaultCamelContext context = new DefaultCamelContext()) {
            SampleEvents events = new SampleEvents();
            SingleMessagesBenchmark.contestants(context, server,
                    new SingleMessages(server.url(), SingleMessagesBenchmark.CONCURRENCY), events,
                    new Settings(Duration.ofMillis(50), 1, List.of(1), List.of("none")));
            try (ThinStream stream = new ThinStream(context, server.url(), events, 100)) {
                assertThat(stream.bare(Duration.ofMillis(50)).quantile(0.5)).isPositive();
                Latencies latencies = stream.component(Duration.ofMillis(100));
                assertThat(latencies.quantile(0.5)).isPositive().isLessThanOrEqualTo(latencies.quantile(0.99));
            }
            assertThat(server.stats().items()).isGreaterThanOrEqualTo(10);
        }
    }
}
