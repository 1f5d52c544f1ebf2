package io.github.camellago.examples.warehouse;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.camellago.LagoConstants;
import org.apache.camel.Message;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;

/** Compares the tables with Lago, row by row: reads all lists once more, with nothing in common with the mirror but the component. */
final class Comparison {

    private static final JsonMapper JSON = JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private Comparison() {}

    /**
     * The rows of a table that differ from Lago's records.
     *
     * @param records the number of records at Lago
     * @param missing the records without a row, or with one that is marked as deleted
     * @param surplus the rows without a record that are not marked as deleted
     * @param changed the rows with another version of their record
     */
    record Difference(String table, int records, List<String> missing, List<String> surplus, List<String> changed) {

        boolean isNone() {
            return missing.isEmpty() && surplus.isEmpty() && changed.isEmpty();
        }
    }

    /** Compares each list. */
    static List<Difference> compare(Database database, List<MirroredList> lists, Map<String, String> environment)
            throws Exception {
        Map<String, Map<String, Integer>> source = read(lists, environment);
        List<Difference> differences = new ArrayList<>();
        for (MirroredList list : lists) {
            Map<String, Integer> records = source.get(list.table());
            Map<String, Integer> rows = new HashMap<>();
            database.forEachRecord(list.table(), (key, record) -> {
                int content = content(record);
                rows.put(list.keys().isEmpty() ? String.valueOf(content) : key, content);
            });
            differences.add(new Difference(list.table(), records.size(), without(records, rows), without(rows, records),
                    records.keySet().stream().filter(key -> rows.containsKey(key) && !rows.get(key).equals(records.get(key)))
                            .toList()));
        }
        return differences;
    }

    private static List<String> without(Map<String, Integer> some, Map<String, Integer> others) {
        return some.keySet().stream().filter(key -> !others.containsKey(key)).toList();
    }

    /** The contents of Lago's records by key, for each table. */
    private static Map<String, Map<String, Integer>> read(List<MirroredList> lists, Map<String, String> environment)
            throws Exception {
        Map<String, Map<String, Integer>> source = new TreeMap<>();
        lists.forEach(list -> source.put(list.table(), new ConcurrentHashMap<>()));
        Set<MirroredList> open = ConcurrentHashMap.newKeySet();
        open.addAll(lists);
        CountDownLatch read = new CountDownLatch(lists.size());
        Main lago = new Main();
        LagoServer.options(environment).forEach((option, value) -> lago.addInitialProperty((String) option, (String) value));
        lago.configure().addRoutesBuilder(new RouteBuilder() {
            @Override
            public void configure() {
                for (MirroredList list : lists) {
                    from(list.uriOfAll() + "&bodyType=JSON&sendPollComplete=true"
                            + "&initialDelay=0&delay=10000&prefetchPages=0&perPage=500").process(exchange -> {
                                if (exchange.getMessage().getHeader(LagoConstants.POLL_COMPLETE) == null) {
                                    put(list, source.get(list.table()), exchange.getMessage());
                                } else if (open.remove(list)) {
                                    read.countDown();
                                }
                            });
                }
            }
        });
        lago.start();
        try {
            if (!read.await(30, TimeUnit.MINUTES)) {
                throw new TimeoutException(
                        "Cannot read for the comparison: " + open.stream().map(MirroredList::table).toList());
            }
        } finally {
            lago.stop();
        }
        return source;
    }

    private static void put(MirroredList list, Map<String, Integer> records, Message message) throws JsonProcessingException {
        String record = message.getBody(String.class);
        int content = content(record);
        JsonNode fields = JSON.readTree(record);
        List<String> key = new ArrayList<>();
        for (String name : list.keys()) {
            String value = name.startsWith("path_")
                    ? message.getHeader(LagoConstants.PATH_PREFIX + name.substring(5), String.class)
                    : fields.path(name).asText("");
            key.add(value.replace("%", "%25").replace("/", "%2F"));
        }
        records.put(key.isEmpty() ? String.valueOf(content) : String.join("/", key), content);
    }

    /** Stands for the content of a record, in whatever order its fields are and however its numbers are written. */
    private static int content(String record) throws JsonProcessingException {
        return content(JSON.readTree(record));
    }

    private static int content(JsonNode node) {
        int content = node.getNodeType().ordinal();
        if (node.isNumber()) {
            BigDecimal number = node.decimalValue();
            return content * 31 + (number.signum() == 0 ? 0 : number.stripTrailingZeros().hashCode());
        } else if (node.isObject()) {
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                content += field.getKey().hashCode() * 31 ^ content(field.getValue());
            }
            return content;
        }
        for (JsonNode element : node) {
            content = content * 31 + content(element);
        }
        return node.isArray() ? content : content * 31 + node.asText().hashCode();
    }
}
