package io.github.camellago.benchmarks;

import java.nio.charset.StandardCharsets;

/** Answers a batch with all of its events, as Lago does. Counts events by their transaction_id. */
public final class EventAnswers implements FastServer.Answers {

    private static final byte[] MARK = "\"transaction_id\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ONE = bytes("{\"event\":" + event(0) + "}");
    private static final byte[] MANY = many();

    @Override
    public byte[] to(String method, String target, byte[] body, int length, FastServer.Counts counts) {
        int events = count(body, length);
        counts.items(events);
        return events == 1 ? ONE : MANY;
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

    private static byte[] many() {
        StringBuilder json = new StringBuilder("{\"events\":[");
        for (int i = 0; i < 100; i++) {
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
