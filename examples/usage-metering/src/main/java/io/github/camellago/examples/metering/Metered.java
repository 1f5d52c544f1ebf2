package io.github.camellago.examples.metering;

import java.util.Comparator;

/** One customer's use of one metric. */
record Metered(String customer, String metric) implements Comparable<Metered> {

    private static final Comparator<Metered> ORDER = Comparator.comparing(Metered::customer).thenComparing(Metered::metric);

    @Override
    public int compareTo(Metered other) {
        return ORDER.compare(this, other);
    }
}
