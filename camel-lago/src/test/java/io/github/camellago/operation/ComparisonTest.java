package io.github.camellago.operation;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Compares an object at Lago with the one that was sent. */
class ComparisonTest {

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
            "{\"name\":null} | {\"name\":\"x\"} | false",
            "{\"name\":null} | {\"name\":\"\"} | true",
            "{\"recurring\":false} | {\"recurring\":null} | true",
            "{\"invoiceable\":true} | {\"invoiceable\":null} | false",
            "{\"rate\":\"10.0\"} | {\"rate\":\"10\"} | true",
            "{\"zipcode\":\"01234\"} | {\"zipcode\":\"1234\"} | false",
            "{\"name\":\"1.0\"} | {\"name\":\"1\"} | false",
            "{\"metadata\":{\"rate\":\"1.0\"}} | {\"metadata\":{\"rate\":\"1\"}} | false",
            "{\"metadata\":{\"a\":\"1\"}} | {\"metadata\":{\"b\":\"1\"}} | false",
            "{\"net_payment_term\":0} | {\"net_payment_term\":null} | false",
            "{\"trial_period\":0.0} | {\"trial_period\":null} | true",
            "{\"country\":\"DE\"} | {\"country\":\"de\"} | true",
            "{\"city\":\"Ulm\"} | {\"city\":\"ulm\"} | false",
            "{\"expiration_at\":\"2027-01-01T00:00:00Z\"} | {\"expiration_at\":\"2027-01-01\"} | true",
            "{\"expiration_at\":\"2027-01-01T00:00:00Z\"} | {\"expiration_at\":\"2027-01-01T01:00:00.500+01:00\"} | true",
            "{\"expiration_at\":\"2027-01-01T00:00:00Z\"} | {\"expiration_at\":\"2027-01-02\"} | false",
            "{\"tax_codes\":[\"a\",\"b\"]} | {\"tax_codes\":[\"b\",\"a\"]} | true",
            "{\"filters\":[{\"key\":\"a\"},{\"key\":\"b\"}]} | {\"filters\":[{\"key\":\"b\"},{\"key\":\"a\"}]} | true",
            "{\"filters\":[{\"key\":\"a\"},{\"key\":\"b\"}]} | {\"filters\":[{\"key\":\"b\"}]} | false",
            "{\"filters\":[{\"values\":{\"k\":[\"1\",\"2\"]},\"p\":1}]} | {\"filters\":[{\"values\":{\"k\":[\"2\",\"1\"]},\"p\":1}]} | true",
            "{\"thresholds\":[{\"value\":\"5\"},{\"value\":\"10\"}]} | {\"thresholds\":[{\"value\":10},{\"value\":5}]} | true"})
    void comparesWhatWasSent(String has, String sent, boolean covered) throws Exception {
        ObjectMapper mapper = new ObjectMapper();

        assertThat(Comparison.of(mapper.readTree(has), mapper.readTree(sent)).isEqual()).isEqualTo(covered);
    }
}
