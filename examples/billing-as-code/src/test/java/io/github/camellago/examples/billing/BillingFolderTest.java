package io.github.camellago.examples.billing;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class BillingFolderTest {

    @TempDir
    Path folder;

    @Test
    void readsWhatOthersReferToFirst() throws Exception {
        write("coupons.yaml", "code: c");
        write("plans/b.yaml", "code: b");
        write("plans/a.yml", "- code: a1\n- code: a2");
        write("taxes.yaml", "[{code: vat, rate: 0.12345678901234567891}]");
        write("README.md", "not read");

        var all = new BillingFolder(folder).read();

        assertThat(all).extracting(Definition::name).containsExactly("taxes/vat", "plans/a1", "plans/a2", "plans/b",
                "coupons/c");
        assertThat(all.get(0).body()).isEqualTo(Map.of("code", "vat", "rate", new BigDecimal("0.12345678901234567891")));
    }

    @Test
    void refusesFilesThatWouldBeIgnored() throws Exception {
        write("plan.yaml", "code: a");

        assertThatThrownBy(() -> new BillingFolder(folder).read()).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("plan.yaml is of none of the known resources: [taxes, billable_metrics");
    }

    @Test
    void refusesObjectsWithoutCodeAndCodesThatAreDefinedTwice() throws Exception {
        write("plans/a.yaml", "name: A");
        assertThatThrownBy(() -> new BillingFolder(folder).read()).hasMessageContaining("a.yaml has an object without a code");

        write("plans/a.yaml", "code: x");
        write("plans/b.yaml", "code: x");
        assertThatThrownBy(() -> new BillingFolder(folder).read()).hasMessageContaining("b.yaml defines x of plans again");

        write("plans/b.yaml", "code: y\ncode: z");
        assertThatThrownBy(() -> new BillingFolder(folder).read()).hasMessageContaining("Duplicate field 'code'");
    }

    @Test
    void refusesAFolderThatDoesNotExist() {
        assertThatThrownBy(() -> new BillingFolder(folder.resolve("none")).read()).hasMessageContaining("none");
    }

    private void write(String file, String content) throws Exception {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, content);
    }
}
