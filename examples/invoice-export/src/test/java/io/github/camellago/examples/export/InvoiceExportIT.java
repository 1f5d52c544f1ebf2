package io.github.camellago.examples.export;

import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class InvoiceExportIT {

    @TempDir
    Path work;

    @Test
    void exportsEachInvoiceOnceAndUpToDate() throws Exception {
        try (LagoServer lago = LagoServer.of(Map.of())) {
            Result result = InvoiceExport.run(lago, work, 120);

            assertThat(result.isRight()).as(result.toTable()).isTrue();
            assertThat(result.lago()).hasSize(170);
            assertThat(result.deliveries()).containsOnlyKeys("first", "second");
            // one invoice was in flight when the first instance was killed
            assertThat(result.repeated()).isLessThanOrEqualTo(1);
        }
    }
}
