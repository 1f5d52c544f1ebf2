package io.github.camellago.benchmarks;

import java.io.File;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;

/** The ratios of a run: what contestants need, and how fast they are, compared with another contestant. They are written to a file as JSON. */
final class Ratios {

    /** What is better. */
    enum Better {
        HIGHER, LOWER
    }

    record Ratio(double value, Better better) {

        /** How much worse this is than another one: 0.1 is ten percent. Negative if it is better. */
        double worseThan(Ratio before) {
            return better == Better.HIGHER ? before.value / value - 1 : value / before.value - 1;
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Map<String, Ratio> all;

    Ratios() {
        this(new LinkedHashMap<>());
    }

    private Ratios(Map<String, Ratio> all) {
        this.all = all;
    }

    /** Adds a ratio. NaN, of what did not run, is not added. */
    void add(String name, double value, Better better) {
        if (!Double.isNaN(value)) {
            all.put(name, new Ratio(value, better));
        }
    }

    /** Adds the rates, the CPU time and the allocated bytes of all contestants, compared with one of them. */
    void add(String conditions, Map<String, List<Sample>> samples, String baseline) {
        if (!samples.containsKey(baseline)) {
            return;
        }
        for (String name : samples.keySet()) {
            if (!name.equals(baseline)) {
                String what = conditions + ": " + name + " : " + baseline + ", ";
                add(what + "rate", Race.ratio(samples, name, baseline, Sample::perSecond), Better.HIGHER);
                add(what + "CPU", Race.ratio(samples, name, baseline, Sample::cpuMicrosPerItem), Better.LOWER);
                add(what + "bytes", Race.ratio(samples, name, baseline, Sample::bytesPerItem), Better.LOWER);
            }
        }
    }

    Map<String, Ratio> all() {
        return all;
    }

    void write(File file) throws IOException {
        JSON.writeValue(file, all);
    }

    static Ratios read(File file) throws IOException {
        return new Ratios(JSON.readValue(file, new TypeReference<LinkedHashMap<String, Ratio>>() {
        }));
    }

    /**
     * Compares two runs, and prints a table.
     *
     * @param  tolerance how much worse a ratio may be: 0.1 is ten percent
     * @return           the names of the ratios that are worse, or that the later run lacks
     */
    static Set<String> compare(Ratios before, Ratios after, double tolerance) {
        Set<String> worse = new TreeSet<>();
        Table table = new Table("ratio", "before", "after", "");
        before.all.forEach((name, ratio) -> {
            Ratio now = after.all.get(name);
            boolean isWorse = now == null || !(now.worseThan(ratio) <= tolerance);
            if (isWorse) {
                worse.add(name);
            }
            table.row(name, ratio.value, now == null ? "missing" : now.value, isWorse ? "worse" : "");
        });
        System.out.println(table);
        return worse;
    }

    /** The command that compares two files. The process fails if a ratio is worse. */
    static void compareFiles(String before, String after, double tolerance) throws IOException {
        Set<String> worse = compare(read(new File(before)), read(new File(after)), tolerance);
        if (!worse.isEmpty()) {
            throw new IllegalStateException(worse.size() + " ratios are worse by more than "
                    + Math.round(100 * tolerance) + " %: " + String.join("; ", worse));
        }
    }
}
