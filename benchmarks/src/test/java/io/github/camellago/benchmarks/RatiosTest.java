package io.github.camellago.benchmarks;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import io.github.camellago.benchmarks.Ratios.Better;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RatiosTest {

    @TempDir
    Path directory;

    @Test
    void equalRunsPass() throws Exception {
        Path run = file("run", ratios(0.8, 1.5));

        assertThatCode(() -> Ratios.compareFiles(run.toString(), run.toString(), 0)).doesNotThrowAnyException();
    }

    @Test
    void aLowerRateFailsBeyondTheTolerance() throws Exception {
        String before = file("before", ratios(0.8, 1.5)).toString();
        String after = file("after", ratios(0.7, 1.5)).toString();

        assertThatCode(() -> Ratios.compareFiles(before, after, 0.15)).doesNotThrowAnyException();
        assertThatThrownBy(() -> Ratios.compareFiles(before, after, 0.1)).isInstanceOf(IllegalStateException.class)
                .hasMessage("1 ratios are worse by more than 10 %: events/s");
    }

    @Test
    void moreBytesFailBeyondTheTolerance() {
        assertThat(Ratios.compare(ratios(0.8, 1.5), ratios(0.8, 1.7), 0.1)).containsExactly("bytes");
        assertThat(Ratios.compare(ratios(0.8, 1.5), ratios(0.8, 1.6), 0.1)).isEmpty();
    }

    @Test
    void betterRatiosPass() {
        assertThat(Ratios.compare(ratios(0.8, 1.5), ratios(8, 0.15), 0)).isEmpty();
    }

    @Test
    void aMissingRatioFails() {
        Ratios after = new Ratios();
        after.add("events/s", 0.8, Better.HIGHER);
        after.add("bytes", Double.NaN, Better.LOWER);

        assertThat(Ratios.compare(ratios(0.8, 1.5), after, 100)).containsExactly("bytes");
    }

    @Test
    void contestantsAreComparedWithTheBaseline() {
        Ratios ratios = new Ratios();
        ratios.add("1 ms", Map.of("bare", List.of(new Sample(100, 1, 10, 2)), "mine", List.of(new Sample(80, 1, 15, 5))),
                "bare");

        assertThat(ratios.all()).containsOnly(
                Map.entry("1 ms: mine : bare, rate", new Ratios.Ratio(0.8, Better.HIGHER)),
                Map.entry("1 ms: mine : bare, CPU", new Ratios.Ratio(2.5, Better.LOWER)),
                Map.entry("1 ms: mine : bare, bytes", new Ratios.Ratio(1.5, Better.LOWER)));
    }

    private static Ratios ratios(double rate, double bytes) {
        Ratios ratios = new Ratios();
        ratios.add("events/s", rate, Better.HIGHER);
        ratios.add("bytes", bytes, Better.LOWER);
        return ratios;
    }

    private Path file(String name, Ratios ratios) throws Exception {
        File file = directory.resolve(name + ".json").toFile();
        ratios.write(file);
        return file.toPath();
    }
}
