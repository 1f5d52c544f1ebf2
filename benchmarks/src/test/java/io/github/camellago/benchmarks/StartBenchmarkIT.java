package io.github.camellago.benchmarks;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class StartBenchmarkIT {

    @Test
    void eachProcessSendsOneEvent() throws Exception {
        try (ServerProcess server = ServerProcess.start(EventAnswers.class)) {
            StartBenchmark.run(server, 0);

            assertThat(server.stats()).isEqualTo(new ServerProcess.Stats(2, 2));
        }
    }
}
