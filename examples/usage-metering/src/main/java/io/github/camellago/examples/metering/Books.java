package io.github.camellago.examples.metering;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.camellago.api.LagoEventsReport;

/** Counts what the routes do, and says how far they are. Thread-safe. */
class Books {

    private static final long PATIENCE_MINUTES = 10;
    private static final int STEP = 5_000;

    private final FileContent content;
    private final int mostLooks;
    private final CountDownLatch delivery = new CountDownLatch(1);
    private final CountDownLatch reading = new CountDownLatch(1);
    private final Map<String, Long> reasons = new TreeMap<>();
    private final Map<Metered, BigDecimal> units = new TreeMap<>();
    private final Map<Metered, BigDecimal> cents = new TreeMap<>();
    private long unreadable;
    private long accepted;
    private long duplicates;
    private long rejected;
    private int issued;
    private int invoices;
    private int looks;

    /** @param mostLooks how often to ask Lago for the usage before it is taken for its last word */
    Books(FileContent content, int mostLooks) {
        this.content = content;
        this.mostLooks = mostLooks;
    }

    synchronized void delivered(int notRead, LagoEventsReport report) {
        long before = lines();
        unreadable += notRead;
        accepted += report.accepted();
        duplicates += report.duplicate();
        rejected += report.rejected().size();
        report.rejectedByReason().forEach((reason, count) -> reasons.merge(reason, count, Long::sum));
        if (before / STEP != lines() / STEP) {
            System.out.printf("%,9d lines done, %,d events accepted%n", lines(), accepted);
        }
    }

    void fileDelivered() {
        delivery.countDown();
    }

    boolean awaitDelivery() throws InterruptedException {
        return delivery.await(PATIENCE_MINUTES, TimeUnit.MINUTES);
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
        return reading.await(PATIENCE_MINUTES, TimeUnit.MINUTES);
    }

    /** Enters a customer's current usage as Lago tells it. */
    synchronized void usage(Customer customer, Map<?, ?> usage) {
        for (Object charge : (List<?>) usage.get("charges_usage")) {
            Map<?, ?> line = (Map<?, ?>) charge;
            Metered metered = new Metered(customer.id(), (String) ((Map<?, ?>) line.get("billable_metric")).get("code"));
            units.put(metered, new BigDecimal(line.get("units").toString()));
            cents.put(metered, new BigDecimal(line.get("amount_cents").toString()));
        }
    }

    /** Whether to ask Lago for the usage once more: it may not have counted all events yet. */
    synchronized boolean usageLags() {
        return !content.units().keySet().stream().allMatch(this::matches) && looks < mostLooks;
    }

    synchronized boolean looksAgain() {
        return looks++ == 0 || usageLags();
    }

    /** Whether Lago has counted of it what the file says. */
    synchronized boolean matches(Metered metered) {
        return units(metered).compareTo(content.units().get(metered)) == 0;
    }

    synchronized BigDecimal units(Metered metered) {
        return units.getOrDefault(metered, BigDecimal.ZERO);
    }

    synchronized BigDecimal cents(Metered metered) {
        return cents.getOrDefault(metered, BigDecimal.ZERO);
    }

    /** The lines of the file that are dealt with. */
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
