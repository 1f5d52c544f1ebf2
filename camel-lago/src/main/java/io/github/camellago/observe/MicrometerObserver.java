package io.github.camellago.observe;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

import io.github.camellago.api.LagoCall;
import io.github.camellago.api.LagoObserver;
import io.github.camellago.api.RateLimit;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;

/**
 * Records metrics in a Micrometer registry. All tags have a bounded number of values: Lago's resources as templates, operations,
 * outcomes, the application's component names and route ids, Lago's webhook types. Thread-safe.
 */
final class MicrometerObserver implements LagoObserver, AutoCloseable {

    static final String REQUESTS = "camel.lago.requests";
    static final String RETRIES = "camel.lago.retries";
    static final String RATE_LIMIT_WAIT = "camel.lago.rate.limit.wait";
    static final String RATE_LIMIT_REMAINING = "camel.lago.rate.limit.remaining";
    static final String EVENTS = "camel.lago.events";
    static final String PAGES = "camel.lago.pages";
    static final String RECORDS = "camel.lago.records";
    static final String POLL = "camel.lago.poll";
    static final String POLL_MESSAGES = "camel.lago.poll.messages";
    static final String POLL_LAG = "camel.lago.poll.lag";
    static final String POLL_AGE = "camel.lago.poll.age";
    static final String WEBHOOKS = "camel.lago.webhooks";

    private final MeterRegistry registry;
    private final Tags component;
    /** The values of the gauges, which are removed from the registry when the observer is closed. */
    private final Map<Object, Value> values = new ConcurrentHashMap<>();

    MicrometerObserver(MeterRegistry registry, String component) {
        this.registry = registry;
        this.component = Tags.of("component", component);
    }

    @Override
    public void requested(LagoCall call, Outcome outcome, Duration took) {
        Timer.builder(REQUESTS).description("Requests to Lago. Each attempt of a call is a request").tags(call(call, outcome))
                .register(registry).record(took);
    }

    @Override
    public void retrying(LagoCall call, Outcome outcome) {
        Counter.builder(RETRIES).description("Retries, by the outcome of the previous attempt")
                .tags(call(call, outcome)).register(registry).increment();
    }

    @Override
    public void waited(LagoCall call, Duration wait) {
        Timer.builder(RATE_LIMIT_WAIT).description("Waits for the next window of a rate limit").tags(limit(call))
                .register(registry).record(wait);
    }

    @Override
    public void rateLimit(LagoCall call, RateLimit rate) {
        if (rate.remaining() != null) {
            Tags tags = limit(call);
            value(RATE_LIMIT_REMAINING, tags, value -> Gauge.builder(RATE_LIMIT_REMAINING, value, v -> v.number)
                    .description("Requests left in the window of a rate limit, as Lago last reported").tags(tags)
                    .register(registry)).number = rate.remaining();
        }
    }

    @Override
    public void events(long accepted, long duplicate, long rejected) {
        events("accepted", accepted);
        events("duplicate", duplicate);
        events("rejected", rejected);
    }

    private void events(String outcome, long count) {
        Counter.builder(EVENTS).description("Usage events that were accepted, were duplicates or were rejected")
                .tags(component.and("outcome", outcome))
                .register(registry).increment(count);
    }

    @Override
    public void page(Reader reader, int records) {
        Counter.builder(PAGES).description("Pages that consumers have read").tags(reader(reader)).register(registry)
                .increment();
        Counter.builder(RECORDS).description("Records on the pages that consumers have read, delivered or not")
                .tags(reader(reader)).register(registry).increment(records);
    }

    @Override
    public void polled(Reader reader, PollOutcome outcome, int messages, Duration took) {
        Tags tags = reader(reader);
        Timer.builder(POLL).description("Polls").tags(tags.and("outcome", lower(outcome))).register(registry).record(took);
        Counter.builder(POLL_MESSAGES).description("Exchanges that polls have created").tags(tags).register(registry)
                .increment(messages);
        Value age = value(POLL_AGE, tags, value -> TimeGauge
                .builder(POLL_AGE, (Supplier<Number>) () -> System.nanoTime() - value.nanos, TimeUnit.NANOSECONDS)
                .description("Time since the last complete poll, or since the first poll").tags(tags)
                .register(registry));
        if (outcome == PollOutcome.COMPLETE) {
            age.nanos = System.nanoTime();
        }
    }

    @Override
    public void position(Reader reader, Instant newest, Instant done) {
        Tags tags = reader(reader);
        Duration lag = Duration.between(done == null ? newest : done, done == null ? Instant.now() : newest);
        value(POLL_LAG, tags, value -> TimeGauge
                .builder(POLL_LAG, (Supplier<Number>) () -> value.number, TimeUnit.MILLISECONDS)
                .description("Age difference between the newest processed record and the newest record read").tags(tags)
                .register(registry)).number = Math.max(0, lag.toMillis());
    }

    @Override
    public void webhook(String type, String verdict) {
        Counter.builder(WEBHOOKS).description("Webhooks received")
                .tags(component.and("type", type == null ? "unknown" : type, "verdict", verdict)).register(registry)
                .increment();
    }

    private Tags call(LagoCall call, Outcome outcome) {
        return component.and("resource", call.resource(), "operation", call.operation(), "outcome", lower(outcome));
    }

    private Tags limit(LagoCall call) {
        return component.and("limit", call.rateLimit());
    }

    private Tags reader(Reader reader) {
        return component.and("route", String.valueOf(reader.route()), "resource", reader.resource());
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private Value value(String name, Tags tags, Function<Value, Meter> gauge) {
        return values.computeIfAbsent(Map.entry(name, tags), key -> {
            Value value = new Value();
            value.meter = gauge.apply(value);
            return value;
        });
    }

    @Override
    public void close() {
        values.values().forEach(value -> registry.remove(value.meter));
        values.clear();
    }

    /** The value of a gauge. */
    private static final class Value {

        private Meter meter;
        private volatile double number;
        private volatile long nanos = System.nanoTime();
    }
}
