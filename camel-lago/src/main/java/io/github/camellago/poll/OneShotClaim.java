package io.github.camellago.poll;

import java.util.concurrent.atomic.AtomicBoolean;

/** A record on its way whose end is told once. */
abstract class OneShotClaim implements Reading.HandOver {

    private final AtomicBoolean told = new AtomicBoolean();

    @Override
    public final void completed() {
        if (told.compareAndSet(false, true)) {
            boolean remembered = false;
            try {
                onCompleted();
                remembered = true;
            } finally {
                if (!remembered) {
                    onFailed();
                }
                over();
            }
        }
    }

    @Override
    public final void failed() {
        if (told.compareAndSet(false, true)) {
            try {
                onFailed();
            } finally {
                over();
            }
        }
    }

    abstract void onCompleted();

    void onFailed() {}

    /** It is no longer on its way. */
    abstract void over();
}
