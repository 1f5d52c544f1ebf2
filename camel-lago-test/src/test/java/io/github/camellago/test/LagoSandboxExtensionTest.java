package io.github.camellago.test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.testkit.engine.EngineTestKit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

class LagoSandboxExtensionTest {

    static final List<LagoSandbox> SEEN = new ArrayList<>();

    private static void run(Class<?> tests, int succeeded) {
        SEEN.clear();
        EngineTestKit.engine("junit-jupiter").selectors(selectClass(tests)).execute().testEvents()
                .assertStatistics(statistics -> statistics.started(succeeded).succeeded(succeeded));
    }

    @Test
    void resetsTheSandboxOfAClassBeforeEachTest() {
        run(Injected.class, 3);
        assertThat(SEEN).hasSize(3).containsOnly(SEEN.get(0));
        assertThatThrownBy(() -> new Api(SEEN.get(0)).trySend("GET", "/customers", null))
                .isInstanceOf(IOException.class);
    }

    @Test
    void canBeRegisteredWithOptions() {
        run(Registered.class, 1);
        assertThat(SEEN).hasSize(1);
    }

    @ExtendWith(LagoSandboxExtension.class)
    static class Injected {

        static LagoSandbox shared;
        LagoSandbox own;

        private void use(LagoSandbox sandbox) {
            SEEN.add(sandbox);
            assertThat(own).isSameAs(sandbox);
            assertThat(shared).isSameAs(sandbox);
            assertThat(sandbox.records("customers")).isEmpty();
            sandbox.add("customers", Map.of("external_id", "a"));
        }

        @Test
        void first(LagoSandbox sandbox) {
            use(sandbox);
        }

        @Test
        void second(LagoSandbox sandbox) {
            use(sandbox);
        }

        @Nested
        class Inner {

            @Test
            void third(LagoSandbox sandbox) {
                use(sandbox);
            }
        }
    }

    static class Registered {

        @RegisterExtension
        static LagoSandboxExtension lago = new LagoSandboxExtension(LagoSandbox.builder().apiKey("k").maxBatchSize(1));

        @Test
        void test() {
            SEEN.add(lago.sandbox());
            assertThat(lago.sandbox().apiKey()).isEqualTo("k");
        }
    }
}
