package io.github.camellago.events;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Elements of JSON text, from memory and from a stream that gives one byte at a time. */
class JsonElementsTest {

    private static final String NONE = "<no event>";

    static Stream<Arguments> texts() {
        return Stream.of(
                Arguments.of("[]", List.of()),
                Arguments.of(" [ {\"a\":1} , {\"b\":\"],}\"} ] ", List.of("{\"a\":1}", "{\"b\":\"],}\"}")),
                Arguments.of("{\"events\":[{\"a\":1},{\"b\":2}]}", List.of("{\"a\":1}", "{\"b\":2}")),
                Arguments.of("{\"events\":[{\"a\":1}],\"x\":{\"y\":[1]}}", List.of("{\"a\":1}")),
                Arguments.of("{\"events\":[{\"a\":1}]}\n{\"events\":[{\"b\":2}]}\n", List.of("{\"a\":1}", "{\"b\":2}")),
                Arguments.of("[{\"a\":1}]\n[{\"b\":2}]", List.of("{\"a\":1}", "{\"b\":2}")),
                Arguments.of("[{\"a\":1}] and more", List.of("{\"a\":1}", "and more")),
                Arguments.of("[{\"a\":1} {\"b\":2}]", List.of("{\"a\":1}", "{\"b\":2}")),
                Arguments.of("[{\"a\":1},,{\"b\":2}]", List.of("{\"a\":1}", NONE, "{\"b\":2}")),
                Arguments.of("[{\"a\":1},]", List.of("{\"a\":1}", NONE)),
                Arguments.of("[{\"a\":1}", List.of("{\"a\":1}", NONE)),
                Arguments.of("[1", List.of("1")),
                Arguments.of("[", List.of(NONE)),
                Arguments.of("[1\n{\"a\":1}\n{\"b\":2}\n", List.of("1", "{\"a\":1}", "{\"b\":2}")),
                Arguments.of("[{\"a\":1\n{\"b\":2}\n", List.of("{\"a\":1", "{\"b\":2}")),
                Arguments.of("[\n{\"a\":1}\n{\"b\":2}\n", List.of("{\"a\":1}", "{\"b\":2}", NONE)),
                Arguments.of("[1,\n{\"a\":1}", List.of("1", "{\"a\":1}", NONE)),
                Arguments.of("[{\"a\":1},\n{\"b\":\"cut,\n{\"c\":3},\n{\"d\":4}]",
                        List.of("{\"a\":1}", "{\"b\":\"cut,", "{\"c\":3}", "{\"d\":4}")),
                Arguments.of("[\n  {\n    \"a\": {\n    \"b\": 1\n  },\n  {\n    \"c\": 3\n  }\n]",
                        List.of("{\n    \"a\": {\n    \"b\": 1\n  },", "{\n    \"c\": 3\n  }")),
                Arguments.of("[\n  {\n    \"a\": [\n      {\"b\": 1},\n      {\"c\": 2}\n    ]\n  }\n]",
                        List.of("{\n    \"a\": [\n      {\"b\": 1},\n      {\"c\": 2}\n    ]\n  }")),
                Arguments.of("{\"a\":[\n{\"b\":2}\n{\"c\":3}\n{\"d\":4}",
                        List.of("{\"a\":[", "{\"b\":2}", "{\"c\":3}", "{\"d\":4}")),
                Arguments.of("[{\"a\":tru}, 5]", List.of("{\"a\":tru}", "5")),
                Arguments.of("{\"a\":1}", List.of("{\"a\":1}")),
                Arguments.of("{\n  \"a\": [\n    {\"b\": 1},\n    {\"c\": 2}\n  ]\n}\n",
                        List.of("{\n  \"a\": [\n    {\"b\": 1},\n    {\"c\": 2}\n  ]\n}")),
                Arguments.of("{\n\"a\": 1\n}\n{\n\"b\": 2\n}", List.of("{\n\"a\": 1\n}", "{\n\"b\": 2\n}")),
                Arguments.of("{\"a\":1}{\"b\":2}", List.of("{\"a\":1}", "{\"b\":2}")),
                Arguments.of("{\"a\":1}\r\n\r\n{\"b\":2}\r\n", List.of("{\"a\":1}", "{\"b\":2}")),
                Arguments.of("{\"a\":\"cut\n{\"b\":2}\n{\"c\":3}", List.of("{\"a\":\"cut", "{\"b\":2}", "{\"c\":3}")),
                Arguments.of("{\"a\":1}\n{\"b\":\n{\"c\":3}", List.of("{\"a\":1}", "{\"b\":", "{\"c\":3}")),
                Arguments.of("id;code\n1;2", List.of("id;code", "1;2")),
                Arguments.of("not JSON", List.of("not JSON")),
                Arguments.of(" \n ", List.of()));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void splitsText(String text, List<String> elements) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);

        assertThat(all(JsonElements.of(bytes))).isEqualTo(elements);
        assertThat(all(JsonElements.of(new ByteArrayInputStream(bytes)))).isEqualTo(elements);
        assertThat(all(JsonElements.of(dripping(bytes)))).isEqualTo(elements);
    }

    @Test
    void oneValueIsSingle() throws IOException {
        assertThat(single("{\"a\":1}")).isTrue();
        assertThat(single("{\"a\":1}\n")).isTrue();
        assertThat(single("[{\"a\":1}]")).isFalse();
        assertThat(single("{\"a\":1}\n{\"b\":2}")).isFalse();
    }

    @Test
    void anEndlessElementDoesNotFillTheMemory() throws IOException {
        InputStream endless = new InputStream() {
            private long left = 100L << 20;

            @Override
            public int read() {
                return left-- > 0 ? 'x' : -1;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                int count = (int) Math.min(left, length);
                java.util.Arrays.fill(bytes, offset, offset + count, (byte) 'x');
                left -= count;
                return count == 0 ? -1 : count;
            }
        };
        InputStream text = new java.io.SequenceInputStream(
                new ByteArrayInputStream("[{\"a\":1},{\"b\":\"".getBytes(StandardCharsets.UTF_8)), endless);

        List<String> elements = all(JsonElements.of(text));

        assertThat(elements).containsExactly("{\"a\":1}", NONE);
    }

    @Test
    void linesBehindAnElementWithoutEndAreElements() throws IOException {
        InputStream text = new java.io.SequenceInputStream(
                new ByteArrayInputStream(("[{\"a\":[1" + "\n,1".repeat(6 << 20)).getBytes(StandardCharsets.UTF_8)),
                new ByteArrayInputStream("\n{\"b\":2}\n{\"c\":3}".getBytes(StandardCharsets.UTF_8)));

        assertThat(all(JsonElements.of(text))).containsExactly(NONE, "{\"b\":2}", "{\"c\":3}");
    }

    private static boolean single(String text) throws IOException {
        return JsonElements.of(text.getBytes(StandardCharsets.UTF_8)).isSingle();
    }

    private static List<String> all(JsonElements elements) {
        List<String> all = new ArrayList<>();
        elements.forEachRemaining(
                e -> all.add(e instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8).strip() : NONE));
        return all;
    }

    private static InputStream dripping(byte[] bytes) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                return super.read(target, offset, Math.min(1, length));
            }
        };
    }
}
