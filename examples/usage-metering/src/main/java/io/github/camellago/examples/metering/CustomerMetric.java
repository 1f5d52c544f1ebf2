package io.github.camellago.examples.metering;

import java.util.Comparator;

/** A customer and a metric that the customer uses. */
record CustomerMetric(String customer, String metric) implements Comparable<CustomerMetric> {

    private static final Comparator<CustomerMetric> ORDER = Comparator.comparing(CustomerMetric::customer)
            .thenComparing(CustomerMetric::metric);

    @Override
    public int compareTo(CustomerMetric other) {
        return ORDER.compare(this, other);
    }
}
