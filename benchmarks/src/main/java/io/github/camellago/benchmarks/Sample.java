package io.github.camellago.benchmarks;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.function.ToDoubleFunction;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;

/**
 * What one run came to.
 *
 * @param perSecond         items per second
 * @param requestsPerSecond requests per second
 * @param bytesPerItem      bytes allocated in this JVM for each item, NaN where the work is done elsewhere
 * @param cpuMicrosPerItem  microseconds of CPU for each item, the server's left out, garbage collection and compilation included
 */
record Sample(double perSecond, double requestsPerSecond, double bytesPerItem, double cpuMicrosPerItem) {

    private static final OperatingSystemMXBean OS = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Measures one run, by what the server saw of it, or by what a process of its own tells. */
    static Sample of(Contestant contestant, ServerProcess server, Duration time) throws Exception {
        ServerProcess.Stats before = server.stats();
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
        long items = after.items() - before.items();
        long requests = after.requests() - before.requests();
        return new Sample(items / seconds, requests / seconds, bytes / items, cpuSeconds * 1e6 / items);
    }

    /** The median of each figure. */
    static Sample median(List<Sample> samples) {
        return new Sample(median(samples, Sample::perSecond), median(samples, Sample::requestsPerSecond),
                median(samples, Sample::bytesPerItem), median(samples, Sample::cpuMicrosPerItem));
    }

    static double median(List<Sample> samples, ToDoubleFunction<Sample> figure) {
        double[] sorted = samples.stream().mapToDouble(figure).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** Bytes allocated by all threads that live: those that do the work live on. */
    private static long allocated() {
        long sum = 0;
        for (long bytes : THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds())) {
            sum += Math.max(0, bytes);
        }
        return sum;
    }
}
