package io.github.camellago.client;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;

import io.github.camellago.api.LagoAuthenticationException;
import org.junit.jupiter.api.Test;

import static io.github.camellago.client.StubLago.answer;
import static io.github.camellago.client.StubLago.failure;
import static io.github.camellago.client.StubLago.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Which keys a call tries if Lago does not accept its key. */
class CallKeysTest {

    private static final StubLago.Answer UNAUTHORIZED = refusal(401, "unauthorized", "null");

    private final StubLago lago = new StubLago();

    @Test
    void aNewKeyIsUsedAtOnce() {
        Iterator<String> supplied = List.of("old", "new").iterator();
        lago.then(UNAUTHORIZED, answer(200, "ok"));
        LagoClient client = lago.client(Credentials.of(supplied::next), new RetryPolicy(0, 0, 0), lago.observer);

        assertThat(client.call(CallTest.post(RetryRule.UNPROCESSED), CallTest::text)).isEqualTo("200 ok");

        assertThat(lago.keys()).containsExactly("old", "new");
        assertThat(lago.observed()).containsExactly("requested POST UNAUTHORIZED", "retrying POST UNAUTHORIZED",
                "requested POST SUCCESS");
    }

    @Test
    void theSameKeyIsNotTriedAgain() {
        lago.then(UNAUTHORIZED);
        LagoClient client = lago.client(Credentials.of("key"), new RetryPolicy(2, 0, 0), lago.observer);

        assertThatThrownBy(() -> client.call(CallTest.post(RetryRule.IDEMPOTENT), CallTest::text))
                .isInstanceOfSatisfying(LagoAuthenticationException.class,
                        e -> assertThat(e.mayHaveBeenProcessed()).isFalse());
        assertThat(lago.requests()).hasSize(1);
    }

    @Test
    void aSupplierOfWrongKeysIsAskedFiveTimes() {
        int[] count = {0};
        for (int i = 0; i < 7; i++) {
            lago.then(UNAUTHORIZED);
        }
        LagoClient client = lago.client(Credentials.of(() -> "key" + count[0]++), new RetryPolicy(0, 0, 0), lago.observer);

        assertThatThrownBy(() -> client.call(LagoRequest.get("plans", null, "plan"), CallTest::text))
                .isInstanceOf(LagoAuthenticationException.class);

        assertThat(lago.keys()).containsExactly("key0", "key1", "key2", "key3", "key4", "key5");
    }

    @Test
    void aSupplierThatFailsLaterSaysThatLagoMayHaveProcessedTheCall() {
        Iterator<String> supplied = List.of("old").iterator();
        lago.then(failure(new IOException("reset")), UNAUTHORIZED);
        LagoClient client = lago.client(Credentials.of(supplied::next), new RetryPolicy(2, 0, 0), lago.observer);

        assertThatThrownBy(() -> client.call(CallTest.post(RetryRule.IDEMPOTENT), CallTest::text))
                .isInstanceOfSatisfying(LagoAuthenticationException.class, e -> {
                    assertThat(e).hasMessageContaining("No API key");
                    assertThat(e.mayHaveBeenProcessed()).isTrue();
                });
    }
}
