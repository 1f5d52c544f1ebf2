package io.github.camellago.examples.kubernetes;

import io.github.camellago.examples.kubernetes.RollingUpdate.Result;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RollingUpdateIT {

    @Test
    void aRollingUpdateLosesNoWebhookAndBillsNothingTwice() throws Exception {
        Result result = RollingUpdate.run();

        assertThat(result.sent()).isPositive();
        assertThat(result.refused()).isZero();
        assertThat(result.billed()).isEqualTo(result.sent());
        assertThat(result.webhooks()).isPositive().isEqualTo(result.stored()).isEqualTo(result.invoices());
        assertThat(result.killed()).isZero();
    }
}
