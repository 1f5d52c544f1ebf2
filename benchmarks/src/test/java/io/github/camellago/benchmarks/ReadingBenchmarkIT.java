package io.github.camellago.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ReadingBenchmarkIT {

    @Test
    void eachContestantInThisJvmReadsWholeLists() throws Exception {
        Settings settings = new Settings(Duration.ofMillis(50), 1, List.of(1), List.of("(a)", "(b)", "camel-lago"));
        try (ServerProcess server = ServerProcess.start(InvoicePages.class);
                DefaultCamelContext context = new DefaultCamelContext()) {
            List<Contestant> contestants = ReadingBenchmark.contestants(context, server, settings);
            ServerProcess.Stats before = server.stats();

            Map<String, List<Sample>> samples = Race.run(contestants, server, settings);

            assertThat(samples).hasSize(8);
            long pages = server.stats().requests() - before.requests();
            assertThat(pages % InvoicePages.PAGES).isZero();
            assertThat(server.stats().items() - before.items()).isEqualTo(pages * InvoicePages.PER_PAGE);
            for (Contestant contestant : contestants) {
                contestant.close();
            }
        }
    }
}
