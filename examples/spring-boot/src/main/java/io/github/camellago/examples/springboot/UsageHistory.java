package io.github.camellago.examples.springboot;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.springframework.stereotype.Component;

/** Samples of each customer's usage and amount over the last minutes. */
@Component
public class UsageHistory {

    private static final Duration KEPT = Duration.ofMinutes(3);

    private final Map<String, Deque<Sample>> samples = new TreeMap<>();

    /** A sample: units by metric, and the amount in cents. */
    record Sample(Instant at, Map<String, BigDecimal> units, BigDecimal amountCents, String currency) {}

    /** Adds an answer of Lago. */
    public synchronized void add(String customer, Map<String, Object> usage) {
        Map<String, BigDecimal> units = new TreeMap<>();
        for (Object charge : (List<?>) usage.get("charges_usage")) {
            Map<?, ?> of = (Map<?, ?>) charge;
            units.merge(String.valueOf(((Map<?, ?>) of.get("billable_metric")).get("code")),
                    new BigDecimal(String.valueOf(of.get("units"))), BigDecimal::add);
        }
        Deque<Sample> history = samples.computeIfAbsent(customer, c -> new ArrayDeque<>());
        Instant now = Instant.now();
        history.add(new Sample(now, units, new BigDecimal(String.valueOf(usage.get("amount_cents"))),
                String.valueOf(usage.get("currency"))));
        while (history.peek().at().isBefore(now.minus(KEPT))) {
            history.poll();
        }
    }

    synchronized Map<String, List<Sample>> samples() {
        Map<String, List<Sample>> copy = new TreeMap<>();
        samples.forEach((customer, history) -> copy.put(customer, new ArrayList<>(history)));
        return copy;
    }
}
