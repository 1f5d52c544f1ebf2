package io.github.camellago.poll;

import java.util.concurrent.atomic.AtomicBoolean;

/** A record in flight. Its end is reported once. */
abstract class OneShotClaim implements Reading.Claim {

    private final AtomicBoolean over = new AtomicBoolean();

    @Override
    public final void processed() {
        if (over.compareAndSet(false, true)) {
            boolean stored = false;
            try {
                store();
                stored = true;
            } finally {
                if (!stored) {
                    onFailed();
                }
            }
            onProcessed();
        }
    }

    @Override
    public final void failed() {
        if (over.compareAndSet(false, true)) {
            onFailed();
        }
    }

    /** Stores that the record was processed. If this throws, the record counts as failed. */
    abstract void store();

    abstract void onProcessed();

    abstract void onFailed();
}
