package io.github.camellago.events;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.camellago.api.Failure;
import io.github.camellago.api.LagoValidationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class RefusalTest {

    private static final Map<String, List<String>> EXISTS = Map.of("transaction_id", List.of("value_already_exist"));

    @Test
    void namesEventsByTheirIndex() {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("0", EXISTS);
        details.put("7", Map.of("code", "value_is_mandatory"));
        details.put("9", "expression_evaluation_failed");
        details.put("10", List.of("unknown"));

        assertThat(Refusal.byIndex(refusal(details), true, 11)).isEqualTo(Map.of(0, EXISTS, 7,
                Map.of("code", List.of("value_is_mandatory")), 9, Map.of("event", List.of("expression_evaluation_failed")), 10,
                Map.of("event", List.of("unknown"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2", "-1", "1x", "x1", "/", ":", "4294967296", "12345678901", "events", "1.0"})
    void ignoresKeysThatAreNoIndexOfTheBatch(String key) {
        assertThat(Refusal.byIndex(refusal(Map.of(key, EXISTS)), true, 2)).isEmpty();
    }

    @Test
    void aRefusalOfASingleEventIsAboutThisEvent() {
        assertThat(Refusal.byIndex(refusal(Map.of("code", List.of("value_is_mandatory"))), false, 1))
                .isEqualTo(Map.of(0, Map.of("code", List.of("value_is_mandatory"))));
        assertThat(Refusal.byIndex(refusal(Map.of("0", EXISTS)), false, 1)).isEqualTo(Map.of(0, Map.of("0",
                List.of(EXISTS.toString()))));
        assertThat(Refusal.byIndex(refusal(Map.of()), true, 1)).isEqualTo(Map.of(0, Map.of("event", List.of("refused"))));
        assertThat(Refusal.byIndex(refusal(Map.of("code", List.of("value_is_mandatory"))), true, 2)).isEmpty();
    }

    @Test
    void onlyAnExistingValueIsADuplicate() {
        assertThat(Refusal.isDuplicate(EXISTS)).isTrue();
        assertThat(Refusal.isDuplicate(Map.of("transaction_id", List.of("value_already_exist", "value_is_mandatory"))))
                .isFalse();
        assertThat(Refusal.isDuplicate(
                Map.of("transaction_id", List.of("value_already_exist"), "code", List.of("value_is_mandatory")))).isFalse();
        assertThat(Refusal.isDuplicate(Map.of("transaction_id", List.of()))).isFalse();
        assertThat(Refusal.isDuplicate(Map.of("code", List.of("value_is_mandatory")))).isFalse();
    }

    @Test
    void tooManyEventsAreRecognized() {
        assertThat(Refusal.isTooMany(refusal(Map.of("events", List.of("too_many_events"))))).isTrue();
        assertThat(Refusal.isTooMany(refusal(Map.of("events", List.of("no_events"))))).isFalse();
    }

    private static LagoValidationException refusal(Map<String, Object> details) {
        return new LagoValidationException(
                new Failure("refused", "POST", "events/batch", 422, "validation_errors", details, false, null));
    }
}
