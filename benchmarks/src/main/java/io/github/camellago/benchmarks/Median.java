package io.github.camellago.benchmarks;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Medians of the rounds of a run. The median of an even number of values is the mean of the two in the middle. */
final class Median {

    private Median() {}

    static <T> double of(List<T> rounds, ToDoubleFunction<? super T> figure) {
        return of(rounds.stream().mapToDouble(figure));
    }

    /** The median of the ratios of {@code a} to {@code b}, round by round. */
    static <T> double ofRatios(List<T> a, List<T> b, ToDoubleFunction<? super T> figure) {
        return of(
                IntStream.range(0, a.size()).mapToDouble(i -> figure.applyAsDouble(a.get(i)) / figure.applyAsDouble(b.get(i))));
    }

    private static double of(DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
