package io.github.camellago.events;

import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.github.camellago.LagoConfiguration;
import io.github.camellago.client.LagoClient;
import org.apache.camel.CamelContext;

/** The billable metrics and subscriptions at Lago to which events have referred. Thread-safe. */
public final class References implements AutoCloseable {

    final ReferenceCache<Metric> metrics;
    final ReferenceCache<Subscription> subscriptions;
    final RecentNames names = new RecentNames();
    private final CamelContext context;
    private final LagoClient client;
    private final LongSupplier nanoTime;
    private final ExecutorService executor;
    private volatile String account;

    /** @param nanoTime the time, as {@link System#nanoTime()} gives it */
    public References(CamelContext context, LagoConfiguration options, LagoClient client, LongSupplier nanoTime) {
        this.context = context;
        this.client = client;
        this.nanoTime = nanoTime;
        this.executor = context.getExecutorServiceManager().newCachedThreadPool(this, "LagoReferences");
        ReferenceCalls calls = new ReferenceCalls(client, options.getPerPage());
        int size = options.getReferencesCacheSize();
        long maxAge = TimeUnit.MILLISECONDS.toNanos(options.getReferencesMaxAge());
        this.metrics = new ReferenceCache<>("billable metrics", new MetricSource(calls, nanoTime), size, maxAge, executor,
                nanoTime);
        this.subscriptions = new ReferenceCache<>("subscriptions", new SubscriptionSource(calls), size, maxAge, executor,
                nanoTime);
    }

    /** A check for one thread. */
    ReferenceCheck check() {
        return new ReferenceCheck(this);
    }

    /** Lago could not be asked, and did not take events either: it is asked for what later events refer to. */
    void askAgain() {
        metrics.askAgain();
        subscriptions.askAgain();
    }

    /** The time. What another API key has found is forgotten first. */
    long now() {
        String key = client.keyInUse();
        if (!Objects.equals(key, account)) {
            synchronized (this) {
                if (account != null && !Objects.equals(key, account)) {
                    metrics.clear();
                    subscriptions.clear();
                }
                account = key;
            }
        }
        return nanoTime.getAsLong();
    }

    @Override
    public void close() {
        metrics.close();
        subscriptions.close();
        context.getExecutorServiceManager().shutdownNow(executor);
    }
}
