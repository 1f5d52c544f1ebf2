package io.github.camellago.benchmarks;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MedianTest {

    @Test
    void ofAnEvenNumberOfRoundsIsTheMeanOfTheTwoInTheMiddle() {
        assertThat(Median.of(List.of(4.0, 1.0, 3.0), v -> v)).isEqualTo(3);
        assertThat(Median.of(List.of(4.0, 1.0, 3.0, 100.0), v -> v)).isEqualTo(3.5);
    }

    @Test
    void comparesRoundByRound() {
        assertThat(Median.ofRatios(List.of(2.0, 30.0, 8.0), List.of(1.0, 10.0, 2.0), v -> v)).isEqualTo(3);
    }
}
