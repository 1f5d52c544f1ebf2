package io.github.camellago.webhook;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.camellago.api.LagoWebhookException;
import org.apache.camel.Message;
import org.apache.camel.converter.stream.InputStreamCache;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Which HTTP requests may be webhooks. */
class RawWebhookTest {

    private static final byte[] BODY = "{\"ü\"}".getBytes(StandardCharsets.UTF_8);

    private static DefaultCamelContext context;

    @BeforeAll
    static void start() {
        // it loads the type converters
        context = new DefaultCamelContext();
        context.start();
    }

    @AfterAll
    static void stop() {
        context.stop();
    }

    private final Message message = new DefaultExchange(context).getMessage();

    private Message message(Object body) {
        message.setBody(body);
        message.setHeader("X-Lago-Signature", " sig ");
        message.setHeader("X-Lago-Signature-Algorithm", List.of("hmac"));
        message.setHeader("X-Lago-Unique-Key", new Object[]{"k-1"});
        message.setHeader("Other", "value");
        return message;
    }

    private void refused(String code, String text) {
        assertThatThrownBy(() -> RawWebhook.of(message, 10)).isInstanceOfSatisfying(LagoWebhookException.class, e -> {
            assertThat(e.getCode()).isEqualTo(code);
            assertThat(e).hasMessageContaining(text);
        });
    }

    static List<Object> bodies() throws IOException {
        InputStreamCache read = new InputStreamCache(BODY);
        read.readAllBytes();
        return List.of(BODY, new String(BODY, StandardCharsets.UTF_8),
                new StringBuilder(new String(BODY, StandardCharsets.UTF_8)), new ByteArrayInputStream(BODY), read,
                ByteBuffer.wrap(BODY));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void readsTheBytesAndTheHeaders(Object body) {
        RawWebhook webhook = RawWebhook.of(message(body), BODY.length);

        assertThat(webhook.body()).isEqualTo(BODY);
        assertThat(webhook.signature()).isEqualTo("sig");
        assertThat(webhook.algorithm()).isEqualTo("hmac");
        assertThat(webhook.uniqueKey()).isEqualTo("k-1");
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void refusesALargerBody(Object body) {
        message(body);

        assertThatThrownBy(() -> RawWebhook.of(message, BODY.length - 1)).isInstanceOfSatisfying(LagoWebhookException.class,
                e -> assertThat(e.getStatusCode()).isEqualTo(413));
    }

    @Test
    void readsNoMoreThanItNeeds() {
        int[] read = {0};
        message(new InputStream() {
            @Override
            public int read() {
                read[0]++;
                return 'x';
            }
        });

        assertThatThrownBy(() -> RawWebhook.of(message, 10)).isInstanceOf(LagoWebhookException.class);
        assertThat(read[0]).isEqualTo(11);
    }

    @Test
    void aBodyThatBreaksOffIsNoRefusal() {
        message(new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("reset");
            }
        });

        assertThatThrownBy(() -> RawWebhook.of(message, 10)).isInstanceOf(UncheckedIOException.class)
                .hasRootCauseMessage("reset");
    }

    @Test
    void theLargestLimitIsPossible() {
        assertThat(RawWebhook.of(message(new ByteArrayInputStream(BODY)), Integer.MAX_VALUE).body()).isEqualTo(BODY);
    }

    static List<Object> parsed() {
        return List.of(Map.of("a", 1), List.of(1), JsonNodeFactory.instance.objectNode(), new StringJoiner(","));
    }

    @ParameterizedTest
    @MethodSource("parsed")
    void refusesABodyThatWasParsed(Object body) {
        message(body);

        refused(LagoWebhookException.BODY_INVALID, "the route has parsed it");
    }

    @Test
    void refusesAnEmptyBody() {
        for (Object body : Arrays.asList(null, "", new byte[0], new ByteArrayInputStream(new byte[0]))) {
            message(body);

            refused(LagoWebhookException.BODY_INVALID, "The webhook's body is empty");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Lago-Signature", "X-Lago-Signature-Algorithm", "X-Lago-Unique-Key"})
    void refusesHeadersThatAreMissingOrRepeated(String name) {
        List<Object> missing = new ArrayList<>(Arrays.asList(null, "", " ", List.of(), new Object[0]));
        for (Object value : missing) {
            message(BODY);
            message.removeHeader(name);
            message.setHeader(name, value);

            refused(LagoWebhookException.HEADER_INVALID, "The header " + name + " is missing");
        }
        for (Object value : List.of(List.of("a", "a"), new Object[]{"a", "b"})) {
            message(BODY);
            message.removeHeader(name);
            message.setHeader(name, value);

            refused(LagoWebhookException.HEADER_INVALID, "The header " + name + " is repeated: 2 values");
        }
    }

    @Test
    void namesOfHeadersMatchInAnyCase() {
        message(BODY).removeHeader("X-Lago-Signature");
        message.setHeader("x-lago-SIGNATURE", "s");
        assertThat(RawWebhook.of(message, 10).signature()).isEqualTo("s");
    }

    @Test
    void acceptsOnlyKeysThatCanStandInFileNames() {
        for (String key : List.of("k".repeat(64), "aZ09-")) {
            message(BODY).setHeader("X-Lago-Unique-Key", key);
            assertThat(RawWebhook.of(message, 10).uniqueKey()).isEqualTo(key);
        }
        for (String key : List.of("k".repeat(65), "../k", "k k", "k_", "ü")) {
            message(BODY).setHeader("X-Lago-Unique-Key", key);
            refused(LagoWebhookException.HEADER_INVALID, "is not 1 to 64 letters, digits and hyphens");
        }
    }

    @Test
    void quotesTheSendersTextShortAndWithoutControlCharacters() {
        assertThat(RawWebhook.quote("a~ \n\u001bü")).isEqualTo("a~ ???");
        assertThat(RawWebhook.quote("x".repeat(64))).isEqualTo("x".repeat(64));
        assertThat(RawWebhook.quote("x".repeat(65))).isEqualTo("x".repeat(64) + "...");
    }
}
