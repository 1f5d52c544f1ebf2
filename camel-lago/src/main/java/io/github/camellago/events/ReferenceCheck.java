package io.github.camellago.events;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import com.fasterxml.jackson.core.JsonParser;
import io.github.camellago.events.ReferenceCache.Entry;

/** Checks that Lago has what events refer to. For one thread. */
final class ReferenceCheck {

    private final References references;
    private long now;
    private String code;
    private Entry<Metric> metric;
    private boolean unchecked;

    ReferenceCheck(References references) {
        this.references = references;
        proceed();
    }

    /** An event refers to something that is not known yet. */
    static final class Unresolved extends Exception {

        private static final long serialVersionUID = 1L;
        private final transient CompletableFuture<Void> lookup;

        Unresolved(CompletableFuture<Void> lookup) {
            super(null, null, false, false);
            this.lookup = lookup;
        }

        /** Completes when the event can be checked again, never with an exception. */
        CompletableFuture<Void> lookup() {
            return lookup;
        }
    }

    /** Takes the time for the events that follow. */
    void proceed() {
        now = references.now();
        code = null;
    }

    /** The code or subscription that is a parser's token. Most often the code is that of the event before. */
    String name(JsonParser parser) throws IOException {
        return references.names.of(parser, code);
    }

    /** The property that a metric aggregates, or null if it needs none or is not known. */
    String property(String metricCode) {
        Entry<Metric> entry = metric(metricCode);
        return entry == null || entry.value() == null ? null : entry.value().field();
    }

    /**
     * Checks an event.
     *
     * @param  problems   gets the reasons to reject it, by field
     * @param  timestamp  in seconds, or null if the event has none
     * @param  item       the event
     * @param  property   the kind of the property that {@link #property} names, or null if it names none
     * @throws Unresolved if something must be looked up first
     */
    void check(String metricCode, String subscription, Object timestamp, EventItem item, PropertyKind property,
            Map<String, List<String>> problems) throws Unresolved {
        unchecked = false;
        CompletableFuture<Void> first = checkMetric(metricCode, property, problems);
        CompletableFuture<Void> second = checkSubscription(subscription, timestamp, item, problems);
        if (first != null || second != null) {
            throw new Unresolved(first == null ? second : first);
        }
    }

    /** Whether Lago could not be asked for something that the last event refers to. */
    boolean isUnchecked() {
        return unchecked;
    }

    private <V> CompletableFuture<Void> lookUp(ReferenceCache<V> cache, String name) {
        CompletableFuture<Void> lookup = cache.lookUp(name, now);
        unchecked |= lookup == null;
        return lookup;
    }

    private static boolean isAfter(Object timestamp, EventItem item, Subscription ended) {
        Long millis = timestamp == null ? Long.valueOf(item.created()) : Timestamps.millis(timestamp);
        return millis != null && millis >= ended.endMillis();
    }

    private Entry<Metric> metric(String metricCode) {
        if (metric == null || !metricCode.equals(code)) {
            code = metricCode;
            metric = references.metrics.find(metricCode, now);
        }
        return metric;
    }

    private CompletableFuture<Void> checkMetric(String metricCode, PropertyKind property, Map<String, List<String>> problems) {
        Entry<Metric> entry = metric(metricCode);
        if (entry == null) {
            return lookUp(references.metrics, metricCode);
        }
        if (entry.value() == null) {
            problems.put("code", List.of(entry.problem()));
            return null;
        }
        Metric known = entry.value();
        boolean missing = known.field() != null && property == PropertyKind.MISSING;
        if (!missing && (known.field() == null || !known.numeric() || property == PropertyKind.NUMBER)) {
            return null;
        }
        if (!entry.isRecent(now)) {
            return lookUp(references.metrics, metricCode);
        }
        problems.put("properties." + known.field(), List.of((missing ? "missing" : "not a number") + ": the metric "
                + metricCode + " aggregates it (" + known.aggregation() + ")"));
        return null;
    }

    private CompletableFuture<Void> checkSubscription(String subscription, Object timestamp, EventItem item,
            Map<String, List<String>> problems) {
        Entry<Subscription> entry = references.subscriptions.find(subscription, now);
        if (entry == null) {
            return lookUp(references.subscriptions, subscription);
        }
        Subscription known = entry.value();
        if (known == null) {
            problems.put("external_subscription_id", List.of(entry.problem()));
        } else if (known.ended() != null && isAfter(timestamp, item, known)) {
            if (!entry.isRecent(now)) {
                return lookUp(references.subscriptions, subscription);
            }
            problems.put("external_subscription_id",
                    List.of("ended at Lago at " + known.ended() + ", before the event's timestamp"));
        }
        return null;
    }
}
