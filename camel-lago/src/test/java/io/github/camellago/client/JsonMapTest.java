package io.github.camellago.client;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import com.fasterxml.jackson.core.JsonParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Maps with shared keys are like the LinkedHashMaps that Jackson makes. */
class JsonMapTest {

    private static final String MANY = "{\"a\":1,\"b\":\"x\",\"c\":null,\"d\":true,\"e\":1.50,\"f\":[],\"g\":{},\"h\":2,\"i\":3,\"j\":\"y\"}";

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[{}]", "[{\"a\":1},{\"a\":2},{\"a\":\"b\"}]", "[" + MANY + "," + MANY + "]",
            "[{\"a\":1,\"b\":2},{\"a\":1},{\"a\":1,\"b\":2,\"c\":3},{\"b\":1,\"a\":2},{}]",
            "[{\"a\":1,\"a\":2},{\"a\":1,\"a\":2},{\"a\":3}]",
            "[{\"a\":{\"a\":{\"a\":1,\"b\":2}}},{\"a\":{\"a\":{\"a\":1,\"b\":2}}}]",
            "[{\"a\":[{\"x\":\"eur\"},{\"x\":\"eur\"},{\"x\":\"usd\"},{\"x\":\"us\"},{\"x\":\"\"},{\"x\":\"\"}]}]",
            "[{\"x\":\"\u00fc\ud83d\ude00\"},{\"x\":\"\u00fc\ud83d\ude00\"},{\"x\":\"\\u00fc\\n\"}]",
            "[{\"n\":12345678901234567890123,\"m\":9007199254740993,\"d\":0.1000,\"e\":1E+2,\"t\":1,\"f\":false}]",
            "[1,\"a\",null,[[1]],true]"})
    void isReadAsJacksonReadsIt(String json) throws Exception {
        Object expected = Json.mapper().readValue(json, Object.class);

        Object read = read(json);

        assertThat(read).isEqualTo(expected).hasSameHashCodeAs(expected).hasToString(expected.toString());
        assertThat(expected).isEqualTo(read);
        assertThat(Json.mapper().writeValueAsString(read)).isEqualTo(Json.mapper().writeValueAsString(expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":1", "{\"a\"", "{\"a\":[1,", "[{\"a\":1},", "{\"a\":nope}", "{a:1}"})
    void brokenJsonFails(String json) {
        assertThatThrownBy(() -> read(json)).isInstanceOf(java.io.IOException.class);
    }

    @Test
    void sharesKeysAndEqualShortTexts() throws Exception {
        List<?> list = (List<?>) read("[{\"a\":\"eur\"},{\"a\":\"eur\"}]");

        Map<?, ?> first = (Map<?, ?>) list.get(0);
        Map<?, ?> second = (Map<?, ?>) list.get(1);
        assertThat(first.keySet().iterator().next()).isSameAs(second.keySet().iterator().next());
        assertThat(first.get("a")).isSameAs(second.get("a"));
    }

    @Test
    void aChangeDoesNotReachOtherMaps() throws Exception {
        List<?> list = (List<?>) read("[{\"a\":1,\"b\":2},{\"a\":1,\"b\":2}]");
        @SuppressWarnings("unchecked")
        Map<String, Object> first = (Map<String, Object>) list.get(0);

        first.put("a", 7);
        first.put("c", 8);
        first.remove("b");

        assertThat(first).containsExactly(Map.entry("a", 7), Map.entry("c", 8));
        assertThat(list.get(1)).isEqualTo(Map.of("a", 1, "b", 2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"a\":1,\"b\":2,\"c\":3}", MANY})
    void changesLikeALinkedHashMap(String json) throws Exception {
        Random random = new Random(1);
        for (int run = 0; run < 500; run++) {
            Map<String, Object> map = object(json);
            Map<String, Object> expected = new LinkedHashMap<>(map);
            for (int step = 0; step < 12; step++) {
                String key = String.valueOf((char) ('a' + random.nextInt(12)));
                switch (random.nextInt(9)) {
                    case 0 -> assertThat(map.put(key, step)).isEqualTo(expected.put(key, step));
                    case 1 -> assertThat(map.remove(key)).isEqualTo(expected.remove(key));
                    case 2 -> assertThat(map.get(key)).isEqualTo(expected.get(key));
                    case 3 -> assertThat(map.containsKey(key)).isEqualTo(expected.containsKey(key));
                    case 4 -> assertThat(removeEverySecond(map)).isEqualTo(removeEverySecond(expected));
                    case 5 -> {
                        map.replaceAll((k, v) -> k);
                        expected.replaceAll((k, v) -> k);
                    }
                    case 6 -> assertThat(map.keySet().remove(key)).isEqualTo(expected.keySet().remove(key));
                    case 7 -> assertThat(map.putIfAbsent(key, step)).isEqualTo(expected.putIfAbsent(key, step));
                    default -> {
                        if (random.nextInt(4) == 0) {
                            map.clear();
                            expected.clear();
                        }
                    }
                }
                assertThat(new ArrayList<>(map.entrySet())).isEqualTo(new ArrayList<>(expected.entrySet()));
                assertThat(map).hasSameSizeAs(expected).isEqualTo(expected);
                assertThat(map.values()).containsExactlyElementsOf(expected.values());
            }
        }
    }

    @Test
    void isSerializedAsALinkedHashMap() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object("{\"a\":{\"b\":1},\"c\":[{\"d\":null}]}"));
        }

        Object copy = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();

        assertThat(copy).isInstanceOf(LinkedHashMap.class).isEqualTo(object("{\"a\":{\"b\":1},\"c\":[{\"d\":null}]}"));
    }

    @Test
    void anIteratorRemovesOnlyWhatItHasReturned() throws Exception {
        Iterator<?> iterator = object("{\"a\":1}").entrySet().iterator();

        assertThatThrownBy(iterator::remove).isInstanceOf(IllegalStateException.class);
        iterator.next();
        iterator.remove();
        assertThatThrownBy(iterator::remove).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(iterator::next).isInstanceOf(java.util.NoSuchElementException.class);
    }

    private static List<String> removeEverySecond(Map<String, Object> map) {
        List<String> removed = new ArrayList<>();
        int i = 0;
        for (Iterator<Map.Entry<String, Object>> entries = map.entrySet().iterator(); entries.hasNext();) {
            Map.Entry<String, Object> entry = entries.next();
            if (i++ % 2 == 1) {
                removed.add(entry.getKey());
                entries.remove();
            } else {
                entry.setValue("set");
            }
        }
        return removed;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(String json) throws Exception {
        return (Map<String, Object>) read(json);
    }

    private static Object read(String json) throws Exception {
        try (JsonParser parser = Json.mapper().getFactory().createParser(json.getBytes(StandardCharsets.UTF_8))) {
            parser.nextToken();
            return new MapReader().read(parser);
        }
    }
}
