package io.github.camellago.kafka.connect;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

import io.github.camellago.api.LagoCall;
import io.github.camellago.api.LagoObserver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what a task does, and shows it in JMX while the task runs. */
final class TaskMetrics implements LagoObserver, LagoTaskMXBean, AutoCloseable {

    /** The setting with the number of a task: Kafka Connect does not give it to the task. */
    static final String TASK = "lago.task";

    private static final Logger LOG = LoggerFactory.getLogger(TaskMetrics.class);

    private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();
    private static final Map<ObjectName, TaskMetrics> SHOWN = new HashMap<>();

    private final LongAdder requests = new LongAdder();
    private final LongAdder retries = new LongAdder();
    private final LongAdder waitMillis = new LongAdder();
    private final LongAdder accepted = new LongAdder();
    private final LongAdder duplicate = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final LongAdder complete = new LongAdder();
    private final LongAdder incomplete = new LongAdder();
    private ObjectName name;

    /** Shows the numbers of a task. A task of the same name that has not stopped yet is not shown any more. */
    void show(Map<String, String> properties) {
        try {
            name = new ObjectName("io.github.camellago:type=connect-task,connector="
                    + ObjectName.quote(properties.getOrDefault("name", "")) + ",task=" + properties.getOrDefault(TASK, "0"));
            synchronized (SHOWN) {
                if (SHOWN.put(name, this) != null) {
                    SERVER.unregisterMBean(name);
                }
                SERVER.registerMBean(this, name);
            }
        } catch (JMException e) {
            LOG.warn("The metrics of the task are not in JMX: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        synchronized (SHOWN) {
            if (name == null || !SHOWN.remove(name, this)) {
                return;
            }
            try {
                SERVER.unregisterMBean(name);
            } catch (JMException e) {
                LOG.warn("The metrics of the task remain in JMX: {}", e.getMessage());
            }
        }
    }

    @Override
    public void requested(LagoCall call, Outcome outcome, Duration took) {
        requests.increment();
    }

    @Override
    public void retrying(LagoCall call, Outcome outcome) {
        retries.increment();
    }

    @Override
    public void waited(LagoCall call, Duration wait) {
        waitMillis.add(wait.toMillis());
    }

    @Override
    public void events(long isAccepted, long isDuplicate, long isRejected) {
        accepted.add(isAccepted);
        duplicate.add(isDuplicate);
        rejected.add(isRejected);
    }

    @Override
    public void polled(Reader reader, PollOutcome outcome, int messages, Duration took) {
        (outcome == PollOutcome.COMPLETE ? complete : incomplete).increment();
    }

    @Override
    public long getRequests() {
        return requests.sum();
    }

    @Override
    public long getRetries() {
        return retries.sum();
    }

    @Override
    public long getRateLimitWaitMillis() {
        return waitMillis.sum();
    }

    @Override
    public long getAcceptedEvents() {
        return accepted.sum();
    }

    @Override
    public long getDuplicateEvents() {
        return duplicate.sum();
    }

    @Override
    public long getRejectedEvents() {
        return rejected.sum();
    }

    @Override
    public long getCompletePolls() {
        return complete.sum();
    }

    @Override
    public long getIncompletePolls() {
        return incomplete.sum();
    }
}
