package io.github.camellago.test;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Keeps the last requests, limited to {@code capacity} requests and {@value #MAX_CHARS} characters of bodies, and exact counts of all requests.
 */
final class Journal {

    private static final long MAX_CHARS = 32L << 20;

    private final int capacity;
    private final Deque<SandboxRequest> last = new ArrayDeque<>();
    private final Map<Integer, Long> byStatus = new TreeMap<>();
    private long count;
    private long chars;

    Journal(int capacity) {
        this.capacity = capacity;
    }

    synchronized void add(SandboxRequest request) {
        count++;
        byStatus.merge(request.status(), 1L, Long::sum);
        if (capacity == 0) {
            return;
        }
        last.addLast(request);
        chars += request.body().length();
        while (last.size() > capacity || chars > MAX_CHARS && last.size() > 1) {
            chars -= last.removeFirst().body().length();
        }
    }

    synchronized List<SandboxRequest> requests() {
        return List.copyOf(last);
    }

    synchronized long count() {
        return count;
    }

    synchronized long count(int status) {
        return byStatus.getOrDefault(status, 0L);
    }

    synchronized void clear() {
        last.clear();
        byStatus.clear();
        count = 0;
        chars = 0;
    }
}
