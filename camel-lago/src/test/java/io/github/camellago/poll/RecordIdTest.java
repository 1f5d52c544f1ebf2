package io.github.camellago.poll;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The keys under which record repositories have records. Tables of users contain them. */
class RecordIdTest {

    @ParameterizedTest
    @CsvSource({"plans/a, a", "plans/a/b, a/b", "plans#digest, #digest", "plans, -"})
    void theStoredKeyIsWhatIdentifiesTheRecordWithinTheList(String identity, String stored) {
        RecordId id = RecordId.of("plans", identity, "code");

        assertThat(id.storedKey()).isEqualTo(stored);
        assertThat(id.storedList()).isEqualTo("plans");
        assertThat(id.hash()).isEqualTo(RecordId.hash("plans", stored));
        assertThat(id.id()).isEqualTo("code");
    }

    @Test
    void longListsAndKeysAreHashed() {
        String list = "plans;" + "x".repeat(200);
        RecordId id = RecordId.of(list, list + '/' + "y".repeat(201), null);

        assertThat(id.storedList()).startsWith("lago-").hasSizeLessThan(60);
        assertThat(id.storedKey()).startsWith("lago-").hasSizeLessThan(60).isNotEqualTo(id.storedList());
    }
}
