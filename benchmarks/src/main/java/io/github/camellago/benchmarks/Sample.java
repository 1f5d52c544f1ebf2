package io.github.camellago.benchmarks;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;

/**
 * The result of one run.
 *
 * @param perSecond         items per second
 * @param requestsPerSecond requests per second
 * @param bytesPerItem      bytes allocated in this JVM per item. NaN if a separate process did the work
 * @param cpuMicrosPerItem  CPU microseconds per item, with garbage collection and compilation, without the server
 */
record Sample(double perSecond, double requestsPerSecond, double bytesPerItem, double cpuMicrosPerItem) {

    private static final OperatingSystemMXBean OS = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Measures one run by the server's counts, or by the report of a separate process. */
    static Sample of(Contestant contestant, ServerProcess server, Duration time) throws Exception {
        ServerProcess.Stats before = server.stats();
        long itemsBefore = contestant.items();
        long cpu = OS.getProcessCpuTime();
        long allocated = allocated();
        long start = System.nanoTime();
        Contestant.Outside outside = contestant.run(time);
        double seconds = (System.nanoTime() - start) / 1e9;
        double bytes = allocated() - allocated;
        double cpuSeconds = (OS.getProcessCpuTime() - cpu) / 1e9;
        if (outside != null) {
            return new Sample(outside.items() / outside.seconds(), outside.requests() / outside.seconds(), Double.NaN,
                    outside.cpuSeconds() * 1e6 / outside.items());
        }
        ServerProcess.Stats after = server.stats();
        long items = itemsBefore < 0 ? after.items() - before.items() : contestant.items() - itemsBefore;
        long requests = after.requests() - before.requests();
        return new Sample(items / seconds, requests / seconds, bytes / items, cpuSeconds * 1e6 / items);
    }

    /** The medians of all figures. */
    static Sample median(List<Sample> samples) {
        return new Sample(Median.of(samples, Sample::perSecond), Median.of(samples, Sample::requestsPerSecond),
                Median.of(samples, Sample::bytesPerItem), Median.of(samples, Sample::cpuMicrosPerItem));
    }

    /** Bytes allocated by all live threads. The threads that do the work stay alive. */
    private static long allocated() {
        long sum = 0;
        for (long bytes : THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds())) {
            sum += Math.max(0, bytes);
        }
        return sum;
    }
}
