package io.github.camellago.examples.springboot;

import java.util.List;
import java.util.Map;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Serves the data of the page. */
@RestController
class PageController {

    private final UsageHistory usage;
    private final JdbcClient database;
    private final MeterRegistry metrics;

    PageController(UsageHistory usage, JdbcClient database, MeterRegistry metrics) {
        this.usage = usage;
        this.database = database;
        this.metrics = metrics;
    }

    @GetMapping("/api/board")
    Map<String, Object> board() {
        return Map.of("usage", usage.samples(), "invoices", invoices(), "events",
                Map.of("accepted", events("accepted"), "duplicate", events("duplicate"), "rejected", events("rejected")));
    }

    private List<Map<String, Object>> invoices() {
        return database.sql("select number, customer, status, payment_status, amount_cents, currency, issued from invoice"
                + " order by number desc limit 12").query().listOfRows();
    }

    private double events(String outcome) {
        return metrics.find("camel.lago.events").tag("outcome", outcome).counters().stream().mapToDouble(c -> c.count()).sum();
    }
}
