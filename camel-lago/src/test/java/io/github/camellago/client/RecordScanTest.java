package io.github.camellago.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

import io.github.camellago.BodyType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Pages of which known records are not parsed. */
class RecordScanTest {

    private static final String META = "\"meta\":{\"next_page\":2,\"total_pages\":3,\"total_count\":7}";
    private static final String PAGE = """
            {"status":200,"other":[{"lago_id":"x"}],"invoices" : [
              {"lago_id":"a","updated_at":"2026-03-01T12:00:00Z","fees":[{"lago_id":"inner","name":"}]\\"\\\\"},[[1,-2.50]]],"e":{}},
              { "name" : "{[\\\\" , "updated_at" : null , "lago_id" : "b\\"\\u00fc" , "n" : 1.10 }
              ,{"lago_id":17 ,"text":"\u00fc\ud83d\ude00","updated_at":"x","t":true},{},
              {"updated_at":"2026","lago_id":"d","nested":{"updated_at":"other"}}
            ],%s}"""
            .formatted(META);
    private static final int RECORDS = 5;
    private static final Set<String> FIELDS = Set.of("lago_id", "updated_at");

    @ParameterizedTest
    @EnumSource(BodyType.class)
    void readsTheOtherRecordsAsIfNoneWereKnown(BodyType bodyType) throws Exception {
        Page whole = Envelope.page(response(PAGE), "invoices", new Binding(bodyType, null), FIELDS);

        for (int mask = 0; mask < 1 << RECORDS; mask++) {
            List<LagoRecord> asked = new ArrayList<>();
            int known = mask;
            Page page = Envelope.page(response(PAGE), "invoices", new Binding(bodyType, null), FIELDS, record -> {
                asked.add(record);
                return (known & 1 << asked.size() - 1) != 0;
            });

            assertThat(page.records()).hasSize(RECORDS);
            assertThat(page).extracting(Page::nextPage, Page::totalPages, Page::totalCount).containsExactly(2, 3, 7);
            for (int i = 0; i < RECORDS; i++) {
                LagoRecord record = page.records().get(i);
                LagoRecord expected = whole.records().get(i);
                assertThat(record.isRead()).isEqualTo((known & 1 << i) == 0);
                if (record.isRead()) {
                    assertThat(record.body()).isEqualTo(expected.body());
                }
                FIELDS.forEach(field -> assertThat(record.field(field)).isEqualTo(expected.field(field)));
                LagoRecord scanned = asked.get(i);
                FIELDS.forEach(field -> assertThat(scanned.field(field)).isEqualTo(expected.field(field)));
                assertThat(record.digest()).isEqualTo(expected.digest());
                assertThat(record.contentDigest()).isEqualTo(expected.contentDigest());
            }
        }
    }

    @Test
    void refusesAPageThatEndsEarly() throws Exception {
        byte[] page = PAGE.getBytes(StandardCharsets.UTF_8);
        for (int length = 1; length < page.length; length++) {
            byte[] beginning = Arrays.copyOf(page, length);

            assertThatThrownBy(() -> read(beginning)).as(new String(beginning, StandardCharsets.UTF_8))
                    .isInstanceOf(IOException.class);
        }
        assertThat(read(page).records()).hasSize(RECORDS);
    }

    @Test
    void refusesAPageThatIsNotUtf8() {
        assertThatThrownBy(() -> read(PAGE.getBytes(StandardCharsets.UTF_16BE))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> read(PAGE.getBytes(StandardCharsets.UTF_16LE))).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"invoices\":[{\"lago_id\":\"a\"}{\"lago_id\":\"b\"}],\"meta\":{}}",
            "{\"invoices\":[{\"lago_id\" \"a\"}],\"meta\":{}}", "{\"invoices\":[{lago_id:\"a\"}],\"meta\":{}}",
            "{\"invoices\":[{\"lago_id\":\"a\"}],\"meta\":{]}", "{\"fees\":[]}", "[]", "<html>", "",
            "{\"invoices\":[{\"lago_id\":\"a\"}],\"invoices\":[{\"lago_id\":\"b\"}]}"})
    void refusesOtherText(String text) {
        assertThatThrownBy(() -> read(text.getBytes(StandardCharsets.UTF_8))).isInstanceOf(IOException.class);
    }

    /** The key and the time are those of a record that was valid when it was processed. */
    @ParameterizedTest
    @ValueSource(strings = {"1.2.3", "NaN", "\"\\x\"", "[1,]", "{\"a\" 1}", "tru"})
    void validatesOnlyTheRecordsThatAreNotKnown(String value) throws Exception {
        LagoResponse page = response("{\"invoices\":[{\"lago_id\":\"a\",\"updated_at\":\"x\",\"n\":" + value
                + "},{\"lago_id\":\"b\"}],\"meta\":{}}");
        Binding maps = new Binding(BodyType.MAP, null);

        assertThat(Envelope.page(page, "invoices", maps, FIELDS, record -> "a".equals(record.field("lago_id"))).records())
                .extracting(record -> record.field("lago_id")).containsExactly("a", "b");
        assertThatThrownBy(() -> Envelope.page(page, "invoices", maps, FIELDS, record -> "b".equals(record.field("lago_id"))))
                .isInstanceOf(IOException.class);
    }

    @Test
    void readsAListWithOtherValuesThanObjects() throws Exception {
        LagoResponse page = response("{\"invoices\":[\"a\", 1 ,[{}],null,{\"lago_id\":\"b\"}]}");
        Page whole = Envelope.page(page, "invoices", new Binding(BodyType.MAP, null), FIELDS);

        Page scanned = Envelope.page(page, "invoices", new Binding(BodyType.MAP, null), FIELDS, record -> false);

        assertThat(scanned.records()).extracting(LagoRecord::body).hasSize(5)
                .isEqualTo(whole.records().stream().map(LagoRecord::body).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"invoices\":[]}", "{\"invoices\":[ ],\"meta\":{\"next_page\":null}}"})
    void readsAnEmptyPage(String text) throws Exception {
        assertThat(read(text.getBytes(StandardCharsets.UTF_8)).records()).isEmpty();
    }

    private static Page read(byte[] page) throws IOException {
        return Envelope.page(LagoResponse.of(page), "invoices", new Binding(BodyType.MAP, null), FIELDS, record -> true);
    }

    private static LagoResponse response(String page) {
        return LagoResponse.of(page.getBytes(StandardCharsets.UTF_8));
    }
}
