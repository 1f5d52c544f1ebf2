package io.github.camellago.observe;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

import io.github.camellago.client.CallName;
import io.github.camellago.client.LagoObserver;
import io.github.camellago.client.LagoRequest;
import io.github.camellago.client.RateLimit;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;

/**
 * Counts and times in a Micrometer registry. The values of all tags are few and known beforehand: Lago's resources as templates,
 * operations, outcomes, the application's own component names and route ids, Lago's webhook types. Thread-safe.
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
    static final String POLL_HANDED = "camel.lago.poll.messages";
    static final String POLL_LAG = "camel.lago.poll.lag";
    static final String POLL_AGE = "camel.lago.poll.age";
    static final String WEBHOOKS = "camel.lago.webhooks";

    private final MeterRegistry registry;
    private final Tags component;
    /** What gauges show. They go when this observer goes, or they would show it for ever. */
    private final Map<Object, Value> values = new ConcurrentHashMap<>();

    MicrometerObserver(MeterRegistry registry, String component) {
        this.registry = registry;
        this.component = Tags.of("component", component);
    }

    @Override
    public void requested(LagoRequest request, Outcome outcome, Duration took) {
        Timer.builder(REQUESTS).description("Requests to Lago, each try of a call being one").tags(call(request, outcome))
                .register(registry).record(took);
    }

    @Override
    public void retrying(LagoRequest request, Outcome outcome) {
        Counter.builder(RETRIES).description("Requests that were sent again, by the outcome of the try before")
                .tags(call(request, outcome)).register(registry).increment();
    }

    @Override
    public void waited(LagoRequest request, Duration wait) {
        Timer.builder(RATE_LIMIT_WAIT).description("Waits for the next window of a rate limit").tags(limit(request))
                .register(registry).record(wait);
    }

    @Override
    public void rateLimit(LagoRequest request, RateLimit rate) {
        if (rate.remaining() != null) {
            Tags tags = limit(request);
            value(RATE_LIMIT_REMAINING, tags, value -> Gauge.builder(RATE_LIMIT_REMAINING, value, Value::number)
                    .description("Requests left in the window of a rate limit, as Lago last said").tags(tags)
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
        Counter.builder(EVENTS).description("Usage events that were settled").tags(component.and("outcome", outcome))
                .register(registry).increment(count);
    }

    @Override
    public void page(Reader reader, int records) {
        Counter.builder(PAGES).description("Pages that consumers have read").tags(reader(reader)).register(registry)
                .increment();
        Counter.builder(RECORDS).description("Records on the pages that consumers have read, due or not")
                .tags(reader(reader)).register(registry).increment(records);
    }

    @Override
    public void polled(Reader reader, PollOutcome outcome, int handed, Duration took) {
        Tags tags = reader(reader);
        Timer.builder(POLL).description("Polls").tags(tags.and("outcome", lower(outcome))).register(registry).record(took);
        Counter.builder(POLL_HANDED).description("Messages that polls have made").tags(tags).register(registry)
                .increment(handed);
        Value age = value(POLL_AGE, tags, value -> TimeGauge
                .builder(POLL_AGE, (Supplier<Number>) () -> System.nanoTime() - value.nanos, TimeUnit.NANOSECONDS)
                .description("Time since the last poll that handed over all there was, or since the first poll").tags(tags)
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
                .builder(POLL_LAG, (Supplier<Number>) value::number, TimeUnit.MILLISECONDS)
                .description("By how much the newest record completed is older than the newest that Lago has").tags(tags)
                .register(registry)).number = Math.max(0, lag.toMillis());
    }

    @Override
    public void webhook(String type, String verdict) {
        Counter.builder(WEBHOOKS).description("Webhooks that came in")
                .tags(component.and("type", type == null ? "unknown" : type, "verdict", verdict)).register(registry)
                .increment();
    }

    private Tags call(LagoRequest request, Outcome outcome) {
        CallName name = CallName.of(request);
        return component.and("resource", name.resource(), "operation", name.operation(), "outcome", lower(outcome));
    }

    private Tags limit(LagoRequest request) {
        return component.and("limit", lower(request.rateLimit()));
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

    /** What a gauge shows. */
    private static final class Value {

        private Meter meter;
        private volatile double number;
        private volatile long nanos = System.nanoTime();

        double number() {
            return number;
        }
    }
}
