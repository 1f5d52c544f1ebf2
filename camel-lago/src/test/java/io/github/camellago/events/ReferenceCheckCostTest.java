package io.github.camellago.events;

import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.ThreadMXBean;
import io.github.camellago.LagoEndpoint;
import io.github.camellago.UnknownFields;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The cost of {@code checkReferences=true} for an event whose names are known. {@code -Dlago.cost.rounds=4000} measures CPU time. */
class ReferenceCheckCostTest extends ReferencesTestSupport {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int ROUNDS = Integer.getInteger("lago.cost.rounds", 200);
    private static final int BLOCK = 200;
    private static final int SUBSCRIPTIONS = 1_000;
    private static final String URI = "lago:events?checkReferences=true";

    /** Nanoseconds and bytes per event of each block, without and with the check. */
    private record Cost(List<Long> nanos, List<Long> bytes) {

        static Cost empty() {
            return new Cost(new ArrayList<>(), new ArrayList<>());
        }

        /** A tenth of the blocks took less. */
        static long low(List<Long> values) {
            return values.stream().sorted().toList().get(values.size() / 10);
        }
    }

    @Test
    void knownNamesAllocateFewBytes() throws Exception {
        sandbox.addAll("subscriptions", IntStream.range(0, SUBSCRIPTIONS)
                .mapToObj(i -> Map.of("external_id", "sub_" + i, "status", "active")).toList());
        List<Object> maps = new ArrayList<>();
        List<Object> json = new ArrayList<>();
        for (int i = 0; i < 10 * SUBSCRIPTIONS; i++) {
            Map<String, Object> properties = new LinkedHashMap<>();
            properties.put("region", "eu-west-1");
            properties.put("gb", i % 5000);
            properties.put("endpoint", "/v1/completions");
            maps.add(event("018f2c1e-7d3a-7c44-9b1a-%012d".formatted(i), "storage", "sub_" + i % SUBSCRIPTIONS, properties));
            json.add(new ObjectMapper().writeValueAsBytes(maps.get(i)));
        }
        sent(URI, maps);
        Field field = LagoEndpoint.class.getDeclaredField("references");
        field.setAccessible(true);
        References references = (References) field.get(context.getEndpoint(URI));

        assertThat(moreBytes("Maps", maps, references)).isLessThan(64);
        assertThat(moreBytes("JSON", json, references)).isLessThan(64);
    }

    private static long moreBytes(String form, List<Object> events, References references) throws Exception {
        EventCodec codec = new EventCodec();
        List<Cost> costs = List.of(Cost.empty(), Cost.empty());
        for (int round = 0; round < 2 * ROUNDS; round++) {
            boolean checked = round % 2 == 1;
            ReferenceCheck check = checked ? references.check() : null;
            int from = round / 2 * BLOCK % events.size();
            long bytes = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
            long nanos = THREADS.getCurrentThreadCpuTime();
            for (int i = from; i < from + BLOCK; i++) {
                EventEncoder.encode(new EventItem(i, events.get(i), "", 0), UnknownFields.REJECT, check, codec);
            }
            nanos = THREADS.getCurrentThreadCpuTime() - nanos;
            bytes = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - bytes;
            if (round > ROUNDS) {
                // the code is compiled now
                costs.get(round % 2).nanos().add(nanos / BLOCK);
                costs.get(round % 2).bytes().add(bytes / BLOCK);
            }
        }
        System.out.printf("from %s: %d ns without, %d ns with checkReferences%n", form, Cost.low(costs.get(0).nanos()),
                Cost.low(costs.get(1).nanos()));
        return Cost.low(costs.get(1).bytes()) - Cost.low(costs.get(0).bytes());
    }
}
