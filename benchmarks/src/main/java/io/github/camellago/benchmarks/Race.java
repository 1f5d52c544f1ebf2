package io.github.camellago.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Runs the contestants in turns, so that other load on the machine affects all of them alike. */
final class Race {

    private Race() {}

    /** Returns the samples of each contestant by name, in the order of the rounds. The first round is a warm-up and is not included. */
    static Map<String, List<Sample>> run(List<Contestant> contestants, ServerProcess server, Settings settings)
            throws Exception {
        Map<String, List<Sample>> samples = new LinkedHashMap<>();
        for (int round = 0; round <= settings.rounds(); round++) {
            for (Contestant contestant : contestants) {
                Sample sample = Sample.of(contestant, server, settings.time());
                System.err.printf("%s %-46s %,12.0f/s%n", round == 0 ? "warm-up " : "round " + round + ' ', contestant.name(),
                        sample.perSecond());
                if (round > 0) {
                    samples.computeIfAbsent(contestant.name(), n -> new ArrayList<>()).add(sample);
                }
                long late = server.quiet();
                if (late > 0) {
                    System.err.printf("%s sent %d more requests after its run had ended%n", contestant.name(), late);
                }
            }
        }
        return samples;
    }

    /** The median of the ratios of {@code a} to {@code b}, round by round. NaN if one of them did not run. */
    static double ratio(Map<String, List<Sample>> samples, String a, String b) {
        return ratio(samples, a, b, Sample::perSecond);
    }

    /** The median of the ratios of a figure. NaN if one of them did not run. */
    static double ratio(Map<String, List<Sample>> samples, String a, String b, ToDoubleFunction<Sample> figure) {
        List<Sample> mine = samples.get(a);
        List<Sample> theirs = samples.get(b);
        if (mine == null || theirs == null) {
            return Double.NaN;
        }
        return Median.ofRatios(mine, theirs, figure);
    }
}
