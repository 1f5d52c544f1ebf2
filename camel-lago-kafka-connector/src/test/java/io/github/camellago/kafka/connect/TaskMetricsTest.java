package io.github.camellago.kafka.connect;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;

import javax.management.InstanceNotFoundException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

import io.github.camellago.test.LagoSandbox;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TaskMetricsTest {

    private static final String EVENT = "{\"transaction_id\":\"%s\",\"external_subscription_id\":\"sub-1\",\"code\":\"api_calls\"}";

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();

    @Test
    void showsTheNumbersOfARunningTaskInJmx() throws Exception {
        try (LagoSandbox sandbox = LagoSandbox.start()) {
            LagoEventsSinkConnector connector = new LagoEventsSinkConnector();
            connector.start(
                    Map.of("name", "metering, eu", "lago.api.key", sandbox.apiKey(), "lago.base.url", sandbox.baseUrl()));
            ObjectName name = new ObjectName("io.github.camellago:type=connect-task,connector=\"metering, eu\",task=1");
            LagoEventsSinkTask old = task(connector);
            LagoEventsSinkTask task = task(connector);
            old.stop();

            task.put(List.of(record(0, EVENT.formatted("a")), record(1, "{\"code\":\"x\"}"), record(2, "{")));
            task.put(List.of(record(0, EVENT.formatted("a"))));

            assertThat(server.getAttribute(name, "AcceptedEvents")).isEqualTo(1L);
            assertThat(server.getAttribute(name, "DuplicateEvents")).isEqualTo(1L);
            assertThat(server.getAttribute(name, "RejectedEvents")).isEqualTo(1L);
            assertThat((Long) server.getAttribute(name, "Requests")).isGreaterThanOrEqualTo(2);
            task.stop();
            assertThatThrownBy(() -> server.getMBeanInfo(name)).isInstanceOf(InstanceNotFoundException.class);
        }
    }

    private static LagoEventsSinkTask task(LagoEventsSinkConnector connector) {
        LagoEventsSinkTask task = new LagoEventsSinkTask();
        task.initialize(new TestSinkContext().get());
        task.start(connector.taskConfigs(2).get(1));
        return task;
    }

    private static SinkRecord record(long offset, String value) {
        return new SinkRecord("usage", 0, null, null, null, value, offset, 1_760_000_000_000L, TimestampType.CREATE_TIME);
    }
}
