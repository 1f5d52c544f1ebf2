package io.github.camellago.events;

import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class EventsAnswerTest {

    private static final String LAGOS = "{\"events\":[{\"lago_id\":\"1\",\"properties\":{\"events\":[{},\"]}\\\"\"]}}, {\"a\":null}],"
            + "\"meta\":{\"n\":[1,[2]]},\"more\":\"events\"} \n";
    private static final String LAGOS_SINGLE = "{\"x\":[{}],\"event\":{\"event\":{},\"list\":[{}]}}";

    @Test
    void countsTheEventsOfABatch() {
        assertThat(count(LAGOS, false)).isEqualTo(2);
        assertThat(count("{\"meta\":\"events\",\"list\":[{}], \"events\" : [ { } ] }", false)).isEqualTo(1);
        assertThat(count("{\"events\":[]}", false)).isZero();
    }

    @Test
    void recognizesASingleEvent() {
        assertThat(count(LAGOS_SINGLE, true)).isEqualTo(1);
        assertThat(count("{\"event\":[{}]}", true)).isEqualTo(-1);
        assertThat(count("{\"events\":[{}]}", true)).isEqualTo(-1);
    }

    @Test
    void countsDeeplyNestedProperties() {
        String objects = "{\"a\":[".repeat(100) + "]}".repeat(100);
        String arrays = "{\"a\":" + "[".repeat(200) + "]".repeat(200) + "}";

        assertThat(count("{\"events\":[" + objects + ",{}]}", false)).isEqualTo(2);
        assertThat(count("{\"events\":[" + arrays + ",{}]}", false)).isEqualTo(2);
    }

    @Test
    void readsStringsOfAllLengthsWithMarksAnywhere() {
        for (String mark : List.of("", "\\\"", "\\\\", "\\\\\\\"", "{", "]", "é")) {
            for (int before = 0; before < 18; before++) {
                for (int after = 0; after < 18; after++) {
                    String text = "\"" + "x".repeat(before) + mark + "y".repeat(after) + "\"";

                    assertThat(count("{\"events\":[{" + text + ":" + text + "},{}]}", false)).as(text).isEqualTo(2);
                }
            }
        }
    }

    @Test
    void anAnswerThatBreaksOffIsNoAnswer() {
        for (String answer : new String[]{LAGOS.strip(), LAGOS_SINGLE}) {
            for (int length = 0; length < answer.length(); length++) {
                assertThat(count(answer.substring(0, length), answer.equals(LAGOS_SINGLE))).as("first %d", length)
                        .isEqualTo(-1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "null", "[]", "\"events\"", "<html>{\"events\":[{}]}</html>", "{\"events\":[{}]}{}",
            "{\"events\":[{}]}x", "{\"events\":[{}]}\"x\"", "{\"events\":[{}]}:", "{\"events\":[{}]},", "{\"events\":[{},1]}",
            "{}", "{\"events\":{}}", "{\"events\":[1]}", "{\"events\":[\"{}\"]}", "{\"events\":[[{}]]}", "{\"events\":[{}}]",
            "{\"events\":[null,{}]}",
            "{\"data\":{\"events\":[{}]}}", "{\"a\":\"events\",\"b\":[{}]}", "{\"events\":1,\"b\":[{}]}", "}{\"events\":[{}]}",
            "[{\"events\":[{}]}]", "{\"events\":[{]]}", "{\"events\":[{\"a\":[}]}]}", "{\"events\":[{\"a\":{]}]}"})
    void otherFormsAreNotLagos(String answer) {
        assertThat(count(answer, false)).isEqualTo(-1);
    }

    private static int count(String answer, boolean single) {
        return EventsAnswer.count(answer.getBytes(StandardCharsets.UTF_8), single);
    }
}
