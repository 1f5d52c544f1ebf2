package io.github.camellago.operation;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Whether an object that Lago has is the one that was sent. */
class CreateReconcilerTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "{\"code\":\"a\",\"lago_id\":\"1\"} | {\"code\":\"a\"} | true",
            "{\"code\":\"a\"} | {\"code\":\"b\"} | false",
            "{\"amount\":\"10.0\"} | {\"amount\":10} | true",
            "{\"amount\":11} | {\"amount\":10} | false",
            "{\"list\":[1,2]} | {\"list\":[1,3]} | false",
            "{\"list\":[1,2]} | {\"list\":[1]} | false",
            "{\"list\":[{\"a\":1}]} | {\"list\":[{\"a\":2}]} | false",
            "{\"in\":{\"a\":1,\"b\":2}} | {\"in\":{\"a\":1,\"b\":3}} | false",
            "{\"in\":{\"a\":1,\"b\":2}} | {\"in\":{\"a\":1}} | true",
            "{\"code\":\"a\"} | {\"code\":\"a\",\"hidden\":1} | true",
            "{\"name\":null} | {\"name\":\"x\"} | false"})
    void comparesWhatWasSent(String has, String sent, boolean covered) throws Exception {
        ObjectMapper mapper = new ObjectMapper();

        assertThat(CreateReconciler.covers(mapper.readTree(has), mapper.readTree(sent))).isEqualTo(covered);
    }
}
