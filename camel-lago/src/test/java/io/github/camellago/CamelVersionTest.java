package io.github.camellago;

import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A Camel that is too old is named at the start. */
class CamelVersionTest {

    @ParameterizedTest
    @ValueSource(strings = {"3.22.4", "4.0.0", "4.9.0", "4.14.2", "4.17.0", "4.17.0-SNAPSHOT", "4.14.0.redhat-00009"})
    void anOlderCamelIsRejected(String version) {
        assertThatThrownBy(() -> CamelVersion.requireSupported(version)).isInstanceOf(IllegalStateException.class)
                .hasMessage("camel-lago needs Camel 4.18 or later, but the application runs Camel " + version
                        + ". Upgrade Camel, for example the version of camel-bom");
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = {"4.18.0", "4.18.2", "4.22.0", "4.100.0", "5.0.0", "10.1", "4.18.0.redhat-00001", "4.23.0-SNAPSHOT",
            "UNKNOWN", "${project.version}"})
    void otherVersionsAreAccepted(String version) {
        assertThatCode(() -> CamelVersion.requireSupported(version)).doesNotThrowAnyException();
    }

    @Test
    void theComponentDoesNotStartOnAnOlderCamel() throws Exception {
        try (CamelContext context = new DefaultCamelContext() {
            @Override
            public String getVersion() {
                return "4.14.0";
            }
        }) {
            context.start();

            assertThatThrownBy(() -> context.getEndpoint("lago:events?apiKey=k")).rootCause()
                    .isInstanceOf(IllegalStateException.class).hasMessageContaining("runs Camel 4.14.0");
        }
    }
}
