package io.github.camellago.webhook;

import java.util.concurrent.TimeUnit;

import io.github.camellago.operation.BeforeStop;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.spi.ShutdownStrategy;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * The webhooks that are being processed. A stop of the context waits until they are answered, because some HTTP servers close their connections as soon as
 * their route stops. Thread-safe.
 */
final class WebhooksInFlight {

    /** Lago waits no longer for an answer. */
    private static final long LAGO_WAITS = TimeUnit.SECONDS.toNanos(30);
    /** Jetty and Undertow send an answer a moment after its exchange is done. */
    private static final long ANSWER_IS_SENT = TimeUnit.SECONDS.toNanos(1);

    private final CamelContext context;
    private final BeforeStop beforeStop = new BeforeStop(this::stopping, this::await);
    private int count;
    private boolean stopping;
    private long deadline;

    WebhooksInFlight(CamelContext context) {
        this.context = context;
    }

    synchronized void start() {
        stopping = false;
        context.addLifecycleStrategy(beforeStop);
    }

    void stop() {
        context.getLifecycleStrategies().remove(beforeStop);
    }

    /** Adds a webhook until its answer is written. Returns false if the context is stopping: the webhook is not to be processed. */
    synchronized boolean add(Exchange exchange) {
        if (stopping) {
            return false;
        }
        if (exchange.getUnitOfWork() != null) {
            count++;
            exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
                @Override
                public void onDone(Exchange done) {
                    remove();
                }

                @Override
                public boolean allowHandover() {
                    return false;
                }
            });
        }
        return true;
    }

    private synchronized void remove() {
        count--;
        notifyAll();
    }

    private synchronized void stopping() {
        ShutdownStrategy shutdown = context.getShutdownStrategy();
        stopping = true;
        deadline = System.nanoTime() + Math.min(LAGO_WAITS, shutdown.getTimeUnit().toNanos(shutdown.getTimeout()));
    }

    private synchronized void await() {
        try {
            boolean any = count > 0;
            while (count > 0 && deadline - System.nanoTime() > 0) {
                waitUntil(deadline);
            }
            if (any) {
                long sent = Math.min(deadline, System.nanoTime() + ANSWER_IS_SENT);
                while (sent - System.nanoTime() > 0) {
                    waitUntil(sent);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void waitUntil(long time) throws InterruptedException {
        TimeUnit.NANOSECONDS.timedWait(this, time - System.nanoTime());
    }
}
