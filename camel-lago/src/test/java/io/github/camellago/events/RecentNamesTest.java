package io.github.camellago.events;

import java.io.IOException;

import com.fasterxml.jackson.core.JsonParser;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Names are made once, also if events have a thousand of them. */
class RecentNamesTest {

    private static final int NAMES = 1_000;

    private final RecentNames names = new RecentNames();

    private String name(String text) throws IOException {
        try (JsonParser parser = EventEncoder.MAPPER.createParser('"' + text + '"')) {
            parser.nextToken();
            return names.of(parser, null);
        }
    }

    @Test
    void mostOfAThousandNamesAreMadeOnce() throws IOException {
        String[] first = new String[NAMES];
        for (int i = 0; i < NAMES; i++) {
            first[i] = name("sub_" + i);
        }
        int same = 0;
        for (int i = 0; i < NAMES; i++) {
            String again = name("sub_" + i);
            assertThat(again).isEqualTo(first[i]);
            same += again == first[i] ? 1 : 0;
        }
        assertThat(same).isGreaterThan(NAMES * 3 / 4);
    }

    @Test
    void doesNotConfuseNamesWithTheSameHash() throws IOException {
        assertThat("AaAa").hasSameHashCodeAs("BBBB");
        assertThat(name("AaAa")).isEqualTo("AaAa");
        assertThat(name("BBBB")).isEqualTo("BBBB");
        assertThat(name("AaAa")).isEqualTo("AaAa");
    }
}
