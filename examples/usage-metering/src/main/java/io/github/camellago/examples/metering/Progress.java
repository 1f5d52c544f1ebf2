package io.github.camellago.examples.metering;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.camellago.api.LagoEventsReport;

/** Counts what the routes do, and prints their progress. Thread-safe. */
class Progress {

    private static final long TIMEOUT_MINUTES = 10;
    private static final int STEP = 5_000;

    private final FileContent content;
    private final int maxQueries;
    private final CountDownLatch delivery = new CountDownLatch(1);
    private final CountDownLatch reading = new CountDownLatch(1);
    private final Map<String, Long> reasons = new TreeMap<>();
    private final Map<CustomerMetric, BigDecimal> units = new TreeMap<>();
    private final Map<CustomerMetric, BigDecimal> cents = new TreeMap<>();
    private long unreadable;
    private long accepted;
    private long duplicates;
    private long rejected;
    private int issued;
    private int invoices;
    private int queries;

    /** @param maxQueries how often to query the usage until it matches the file */
    Progress(FileContent content, int maxQueries) {
        this.content = content;
        this.maxQueries = maxQueries;
    }

    synchronized void delivered(int notRead, LagoEventsReport report) {
        long before = lines();
        unreadable += notRead;
        accepted += report.accepted();
        duplicates += report.duplicate();
        rejected += report.rejected().size();
        report.rejectedByReason().forEach((reason, count) -> reasons.merge(reason, count, Long::sum));
        if (before / STEP != lines() / STEP) {
            System.out.printf("%,9d lines processed, %,d events accepted%n", lines(), accepted);
        }
    }

    void fileDelivered() {
        delivery.countDown();
    }

    boolean awaitDelivery() throws InterruptedException {
        return delivery.await(TIMEOUT_MINUTES, TimeUnit.MINUTES);
    }

    synchronized void issued() {
        issued++;
    }

    synchronized void invoice() {
        invoices++;
    }

    void noMoreInvoices() {
        reading.countDown();
    }

    boolean awaitInvoices() throws InterruptedException {
        return reading.await(TIMEOUT_MINUTES, TimeUnit.MINUTES);
    }

    /** Stores a customer's current usage from Lago's answer. */
    synchronized void usage(Customer customer, Map<?, ?> usage) {
        for (Object charge : (List<?>) usage.get("charges_usage")) {
            Map<?, ?> line = (Map<?, ?>) charge;
            CustomerMetric metric = new CustomerMetric(customer.id(),
                    (String) ((Map<?, ?>) line.get("billable_metric")).get("code"));
            units.put(metric, new BigDecimal(line.get("units").toString()));
            cents.put(metric, new BigDecimal(line.get("amount_cents").toString()));
        }
    }

    /** Whether Lago has not counted all events yet, and the usage may be queried again. */
    synchronized boolean isUsageIncomplete() {
        return !content.units().keySet().stream().allMatch(this::matches) && queries < maxQueries;
    }

    /** Makes the next query of the usage the first one again. */
    synchronized void usageChanged() {
        queries = 0;
    }

    synchronized boolean queryAgain() {
        return queries++ == 0 || isUsageIncomplete();
    }

    /** Whether Lago's units match those of the file. */
    synchronized boolean matches(CustomerMetric metric) {
        return units(metric).compareTo(content.units().get(metric)) == 0;
    }

    synchronized BigDecimal units(CustomerMetric metric) {
        return units.getOrDefault(metric, BigDecimal.ZERO);
    }

    synchronized BigDecimal cents(CustomerMetric metric) {
        return cents.getOrDefault(metric, BigDecimal.ZERO);
    }

    /** The number of processed lines. */
    synchronized long lines() {
        return unreadable + accepted + duplicates + rejected;
    }

    FileContent content() {
        return content;
    }

    synchronized long unreadable() {
        return unreadable;
    }

    synchronized long accepted() {
        return accepted;
    }

    synchronized long duplicates() {
        return duplicates;
    }

    synchronized long rejected() {
        return rejected;
    }

    synchronized Map<String, Long> reasons() {
        return Map.copyOf(reasons);
    }

    synchronized int issuedInvoices() {
        return issued;
    }

    synchronized int invoices() {
        return invoices;
    }
}
