package io.github.camellago.poll;

import java.util.concurrent.atomic.AtomicBoolean;

/** A record in flight. Its end is reported once. */
final class OneShotClaim implements Reading.Claim {

    private final Runnable store;
    private final Runnable onProcessed;
    private final Runnable onFailed;
    private final AtomicBoolean over = new AtomicBoolean();

    /** @param store stores that the record was processed. If this throws, the record counts as failed */
    OneShotClaim(Runnable store, Runnable onProcessed, Runnable onFailed) {
        this.store = store;
        this.onProcessed = onProcessed;
        this.onFailed = onFailed;
    }

    @Override
    public void processed() {
        if (over.compareAndSet(false, true)) {
            boolean stored = false;
            try {
                store.run();
                stored = true;
            } finally {
                if (!stored) {
                    onFailed.run();
                }
            }
            onProcessed.run();
        }
    }

    @Override
    public void failed() {
        if (over.compareAndSet(false, true)) {
            onFailed.run();
        }
    }
}
