package io.github.camellago.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ConnectBenchmarkIT {

    @Test
    void theLoopAndTheRouteSendTheEventsOfTheTopic() throws Exception {
        Settings settings = new Settings(Duration.ofMillis(200), 0, List.of(1), List.of("loop", "route"));
        try (KafkaTopic topic = new KafkaTopic(3_000); ServerProcess server = ServerProcess.start(EventAnswers.class)) {
            Map<String, List<Sample>> warmUp = Race.run(ConnectBenchmark.contestants(topic, server, settings), server,
                    settings);

            assertThat(warmUp).isEmpty();
            assertThat(server.stats().items()).isGreaterThanOrEqualTo(2 * 100);
        }
    }
}
