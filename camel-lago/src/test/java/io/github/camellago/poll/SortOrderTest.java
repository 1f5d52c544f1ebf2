package io.github.camellago.poll;

import java.util.List;

import io.github.camellago.catalog.RecordType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Where new records are in the lists of the catalog. */
class SortOrderTest {

    @ParameterizedTest
    @CsvSource({"created_at desc, , NEWEST_FIRST, created_at, true", "logged_at desc, from_date, NEWEST_FIRST, logged_at, true",
            "created_at asc, created_at_from, NEWEST_LAST, created_at, true", "created_at asc, , ANYWHERE, created_at, true",
            "updated_at asc, created_at_from, ANYWHERE, created_at, false",
            "issuing_date desc;created_at desc, , BY_DATE, created_at, true",
            "timestamp desc, timestamp_from, BY_DATE, created_at, true",
            "name asc;created_at desc, , ANYWHERE, created_at, true", "enriched_at desc, , ANYWHERE, created_at, false"})
    void newRecordsAreWhereTheOrderPutsThem(String order, String since, SortOrder expected, String field, boolean hasTime) {
        check(new RecordType("lago_id", "lago_id", List.of(order.split(";")), false, since), expected, field, hasTime);
    }

    @ParameterizedTest
    @CsvSource("ANYWHERE, created_at, false")
    void newRecordsAreAnywhereInAListWithoutAnOrder(SortOrder expected, String field, boolean hasTime) {
        check(RecordType.UNKNOWN, expected, field, hasTime);
    }

    private static void check(RecordType type, SortOrder expected, String field, boolean hasTime) {
        assertThat(SortOrder.of(type)).isEqualTo(expected);
        assertThat(SortOrder.createdField(type)).isEqualTo(field);
        assertThat(NewSelection.serves(type)).isEqualTo(hasTime);
    }
}
