package io.github.camellago.examples.kafka;

import java.util.ArrayList;
import java.util.List;

/** A usage record in Kafka. */
record UsageRecord(String key, String json) {

    /**
     * Creates sample records. One in a thousand is a duplicate, one in two thousand is not JSON or has no code, one in a thousand is of a region that
     * the metric does not have, and every second one has no transaction_id.
     */
    static List<UsageRecord> samples(String run, int count) {
        List<UsageRecord> records = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String subscription = "kafka-" + i % 50;
            if (i % 2_000 == 500) {
                records.add(new UsageRecord(subscription, "{ not JSON"));
            } else if (i % 2_000 == 1_500) {
                records.add(new UsageRecord(subscription, "{\"external_subscription_id\":\"" + subscription + "\"}"));
            } else if (i % 1_000 == 1) {
                records.add(records.get(i - 1));
            } else {
                records.add(new UsageRecord(subscription, event(run, i, subscription, i % 1_000 == 700 ? "moon" : "eu")));
            }
        }
        return records;
    }

    /** The number of events that Lago stores from that many samples. */
    static long good(int count) {
        return count - duplicates(count) - bad(count);
    }

    static long bad(int count) {
        return count(count, 2_000, 500) + count(count, 2_000, 1_500);
    }

    static long duplicates(int count) {
        return count(count, 1_000, 1);
    }

    /** The number of events that Lago stores and does not bill. */
    static long unbilled(int count) {
        return count(count, 1_000, 700);
    }

    private static long count(int count, int every, int from) {
        return count > from ? (count - from - 1) / every + 1 : 0;
    }

    private static String event(String run, int i, String subscription, String region) {
        return "{" + (i % 2 == 0 ? "\"transaction_id\":\"" + run + "-" + i + "\"," : "") + "\"external_subscription_id\":\""
                + subscription
                + "\",\"code\":\"api_calls\",\"properties\":{\"n\":" + i + ",\"region\":\"" + region + "\"}}";
    }
}
