package io.github.camellago.kafka.connect;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.apache.kafka.connect.source.SourceRecord;

/** The records that Kafka Connect can take. Limited: a thread that adds a record waits until there is room. Thread-safe. */
final class Outbox {

    private final int limit;
    private final Deque<SourceRecord> records = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private RuntimeException failure;
    private boolean closed;

    Outbox(int limit) {
        this.limit = limit;
    }

    /** Waits until there is room. */
    void awaitRoom() throws InterruptedException {
        lock.lock();
        try {
            while (records.size() >= limit && !closed) {
                changed.await();
            }
            if (closed) {
                throw new IllegalStateException("The task stops");
            }
        } finally {
            lock.unlock();
        }
    }

    void add(SourceRecord record) {
        lock.lock();
        try {
            records.add(record);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Makes {@link #take} fail. */
    void fail(RuntimeException reason) {
        lock.lock();
        try {
            failure = reason;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for records. Null if none arrive in time. */
    List<SourceRecord> take(int most, long millis) throws InterruptedException {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(millis);
            while (records.isEmpty() && failure == null && !closed && left > 0) {
                left = changed.awaitNanos(left);
            }
            if (records.isEmpty()) {
                if (failure != null) {
                    throw failure;
                }
                return null;
            }
            List<SourceRecord> taken = new ArrayList<>(Math.min(most, records.size()));
            while (taken.size() < most && !records.isEmpty()) {
                taken.add(records.poll());
            }
            changed.signalAll();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
