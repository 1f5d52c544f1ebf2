package io.github.camellago.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Answers a batch with all of its events, as Lago does. Counts events by their transaction_id. Has the metric and the subscriptions of the events. */
public final class EventAnswers implements FastServer.Answers {

    private static final byte[] MARK = "\"transaction_id\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ONE = bytes("{\"event\":" + event(0) + "}");
    /** by the number of events */
    private static final byte[][] MANY = IntStream.rangeClosed(0, 100).mapToObj(EventAnswers::many).toArray(byte[][]::new);
    private static final String META = "\"meta\":{\"next_page\":null,\"total_pages\":1}}";
    private static final byte[] METRICS = bytes("{\"billable_metrics\":[{\"lago_id\":\"m\",\"code\":\"api_calls\","
            + "\"aggregation_type\":\"sum_agg\",\"field_name\":\"tokens\"}]," + META);
    private static final byte[] SUBSCRIPTIONS = bytes("{\"subscriptions\":[" + IntStream.range(0, SampleEvents.SUBSCRIPTIONS)
            .mapToObj(i -> subscription("sub_" + i)).collect(Collectors.joining(",")) + "]," + META);

    @Override
    public byte[] to(String method, String target, byte[] body, int length, FastServer.Counts counts) {
        if (method.equals("GET")) {
            return target.contains("/billable_metrics") ? METRICS : subscriptions(target);
        }
        int events = count(body, length);
        counts.items(events);
        return target.endsWith("/batch") ? MANY[events] : ONE;
    }

    private static byte[] subscriptions(String target) {
        String path = target.split("[?]")[0];
        String name = path.substring(path.lastIndexOf('/') + 1);
        return name.equals("subscriptions") ? SUBSCRIPTIONS : bytes("{\"subscription\":" + subscription(name) + "}");
    }

    private static String subscription(String name) {
        return "{\"lago_id\":\"%s\",\"external_id\":\"%s\",\"status\":\"active\"}".formatted(name, name);
    }

    private static int count(byte[] body, int length) {
        int count = 0;
        for (int i = 0; i <= length - MARK.length; i++) {
            if (body[i] == '"' && body[i + 1] == 't' && body[i + 2] == 'r' && matches(body, i)) {
                count++;
                i += MARK.length;
            }
        }
        return count;
    }

    private static boolean matches(byte[] body, int at) {
        for (int i = 3; i < MARK.length; i++) {
            if (body[at + i] != MARK[i]) {
                return false;
            }
        }
        return true;
    }

    private static byte[] many(int events) {
        StringBuilder json = new StringBuilder("{\"events\":[");
        for (int i = 0; i < events; i++) {
            json.append(i == 0 ? "" : ",").append(event(i));
        }
        return bytes(json.append("]}").toString());
    }

    private static String event(int i) {
        return "{\"lago_id\":\"1a901a90-1a90-1a90-1a90-1a901a90%04d\",\"transaction_id\":\"018f2c1e-7d3a-7c44-9b1a-%012d\","
                .formatted(i, i)
                + "\"lago_customer_id\":null,\"code\":\"api_calls\",\"timestamp\":\"2025-10-09T08:53:20.000Z\","
                + "\"precise_total_amount_cents\":null,\"properties\":{\"region\":\"eu-west-1\",\"model\":\"large\","
                + "\"tokens\":1200,\"endpoint\":\"/v1/completions\"},\"lago_subscription_id\":null,"
                + "\"external_subscription_id\":\"sub_1\",\"created_at\":\"2025-10-09T08:53:21Z\"}";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
