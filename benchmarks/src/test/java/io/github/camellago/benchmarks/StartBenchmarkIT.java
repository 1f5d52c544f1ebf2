package io.github.camellago.benchmarks;

import io.github.camellago.benchmarks.StartBenchmark.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

class StartBenchmarkIT {

    @ParameterizedTest
    @EnumSource(names = {"EVENT", "SPRING_BOOT"})
    void eachProcessSendsOneEvent(Program program) throws Exception {
        try (ServerProcess server = program.server()) {
            StartBenchmark.run(program, server, 0);

            assertThat(server.stats()).isEqualTo(new ServerProcess.Stats(2, 2));
        }
    }

    @Test
    void eachProcessReadsARecord() throws Exception {
        try (ServerProcess server = Program.RECORD.server()) {
            StartBenchmark.run(Program.RECORD, server, 0);

            // the process ends with the first record, and may fetch a page ahead before that
            assertThat(server.stats().requests()).isBetween(2L, 4L);
        }
    }
}
