package io.github.camellago.client;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.github.camellago.api.LagoCall;
import io.github.camellago.api.LagoException;
import io.github.camellago.api.LagoNotFoundException;
import io.github.camellago.api.LagoObserver;
import io.github.camellago.api.LagoOutputClassException;
import io.github.camellago.api.LagoRateLimitException;
import io.github.camellago.api.LagoServerException;
import io.github.camellago.api.LagoTransportException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.camellago.client.StubLago.answer;
import static io.github.camellago.client.StubLago.failure;
import static io.github.camellago.client.StubLago.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Which tries a call makes, and what its exception says about them. */
class CallTest {

    private static final StubLago.Answer OK = answer(200, "ok");
    private static final StubLago.Answer LOST = failure(new IOException("reset"));
    private static final StubLago.Answer NOT_SENT = failure(new ConnectException("refused"));

    private final StubLago lago = new StubLago();

    static LagoRequest post(RetryRule rule) {
        return new LagoRequest("POST", "invoices", null, "{}".getBytes(StandardCharsets.UTF_8), rule, "invoice");
    }

    private static LagoRequest delete() {
        return new LagoRequest("DELETE", "plans/p", null, null, RetryRule.IDEMPOTENT, "plan");
    }

    private static LagoRequest get() {
        return LagoRequest.get("plans", null, "plan");
    }

    private LagoClient client() {
        return lago.client(Credentials.of("key"), new RetryPolicy(2, 0, 0), lago.observer);
    }

    private String call(LagoRequest request) {
        return client().call(request, CallTest::text);
    }

    static String text(LagoResponse answer) throws IOException {
        String text = answer.status() + " " + new String(answer.body(), StandardCharsets.UTF_8);
        if (text.contains("garbled")) {
            throw new IOException("it is garbled");
        }
        return text;
    }

    private <T extends LagoException> void fails(LagoRequest request, Class<T> kind, boolean acted, int tries) {
        assertThatThrownBy(() -> call(request)).isInstanceOfSatisfying(kind, e -> {
            assertThat(e.mayHaveBeenProcessed()).isEqualTo(acted);
            assertThat(e.getMethod()).isEqualTo(request.method());
        });
        assertThat(lago.requests()).hasSize(tries);
    }

    @Test
    void returnsWhatTheAnswerSays() {
        lago.then(OK);

        assertThat(call(get())).isEqualTo("200 ok");
        assertThat(lago.observed()).containsExactly("requested GET SUCCESS");
        assertThat(lago.keys()).containsExactly("key");
    }

    @Test
    void aCallThatNeverReachedAServerIsRepeated() {
        lago.then(NOT_SENT, NOT_SENT, OK);

        assertThat(call(post(RetryRule.UNPROCESSED))).isEqualTo("200 ok");
        assertThat(lago.observed()).containsExactly("requested POST NOT_SENT", "retrying POST NOT_SENT",
                "requested POST NOT_SENT",
                "retrying POST NOT_SENT", "requested POST SUCCESS");
    }

    @Test
    void noCallIsRepeatedMoreOftenThanAllowed() {
        lago.then(NOT_SENT, NOT_SENT, NOT_SENT);

        fails(post(RetryRule.UNPROCESSED), LagoTransportException.class, false, 3);
    }

    @Test
    void aCallWhoseAnswerIsLostIsNotRepeated() {
        lago.then(LOST);

        fails(post(RetryRule.UNPROCESSED), LagoTransportException.class, true, 1);
    }

    @Test
    void anIdempotentCallWhoseAnswerIsLostIsRepeated() {
        lago.then(LOST, OK);

        assertThat(call(post(RetryRule.IDEMPOTENT))).isEqualTo("200 ok");
        assertThat(lago.observed()).containsExactly("requested POST NO_ANSWER", "retrying POST NO_ANSWER",
                "requested POST SUCCESS");
    }

    @Test
    void aReadIsNeverProcessed() {
        lago.then(LOST, answer(200, "garbled"), answer(502, "<html>"));

        fails(get(), LagoServerException.class, false, 3);
    }

    @Test
    void aLostAnswerCountsForTheLastTry() {
        lago.then(LOST, NOT_SENT, NOT_SENT);

        fails(post(RetryRule.IDEMPOTENT), LagoTransportException.class, true, 3);
    }

    @Test
    void anAnswerThatIsTooLargeIsNotAskedForAgain() {
        lago.then(answer(200, "x".repeat(10_001)));

        fails(post(RetryRule.IDEMPOTENT), LagoTransportException.class, true, 1);
    }

    @Test
    void anAnswerThatIsNotLagosIsNotRepeated() {
        lago.then(answer(200, "garbled"));

        fails(post(RetryRule.UNPROCESSED), LagoTransportException.class, true, 1);
        assertThat(lago.observed()).containsExactly("requested POST UNREADABLE");
    }

    @Test
    void anIdempotentCallWithAnAnswerThatIsNotLagosIsRepeated() {
        lago.then(answer(200, "garbled"), OK);

        assertThat(call(post(RetryRule.IDEMPOTENT))).isEqualTo("200 ok");
        assertThat(lago.observed()).containsExactly("requested POST UNREADABLE", "retrying POST UNREADABLE",
                "requested POST SUCCESS");
    }

    @Test
    void aNumberThatCannotBeReadIsNotLagos() {
        lago.then(OK);

        assertThatThrownBy(() -> client().call(post(RetryRule.UNPROCESSED), answer -> {
            throw new NumberFormatException("exponent");
        })).isInstanceOf(LagoTransportException.class).hasMessageContaining("exponent");
    }

    @Test
    void aProcessedCallWhoseAnswerDoesNotFitTheOutputClassIsNotRepeated() {
        lago.then(OK);

        assertThatThrownBy(() -> client().call(post(RetryRule.IDEMPOTENT), answer -> {
            throw OutputClassMismatch.failed(String.class, new IllegalStateException("no"));
        })).isInstanceOf(LagoOutputClassException.class);
        assertThat(lago.requests()).hasSize(1);
        assertThat(lago.observed()).containsExactly("requested POST SUCCESS");
    }

    @ParameterizedTest
    @EnumSource(RetryRule.class)
    void aRefusalOfLagosIsNotRepeated(RetryRule rule) {
        lago.then(refusal(404, "customer_not_found", "null"));

        fails(post(rule), LagoNotFoundException.class, false, 1);
        assertThat(lago.observed()).containsExactly("requested POST NOT_FOUND");
    }

    @Test
    void aRefusalAfterALostAnswerSaysThatLagoMayHaveProcessedTheCall() {
        lago.then(LOST, refusal(404, "customer_not_found", "null"));

        fails(post(RetryRule.IDEMPOTENT), LagoNotFoundException.class, true, 2);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 429})
    void aCallThatAServerMayHavePassedOnIsNotRepeated(int status) {
        lago.then(answer(status, "<html>"));

        fails(post(RetryRule.UNPROCESSED), LagoException.class, true, 1);
    }

    @ParameterizedTest
    @CsvSource({"429, RATE_LIMITED", "503, SERVER_ERROR"})
    void aCallThatIsToComeLaterIsRepeated(int status, String outcome) {
        lago.then(answer(status, "{}", "Retry-After", "0"), OK);

        assertThat(call(post(RetryRule.UNPROCESSED))).isEqualTo("200 ok");
        assertThat(lago.observed()).contains("retrying POST " + outcome);
    }

    /** A proxy may send it with any answer. Only 429 and 503 say that the call was not processed. */
    @ParameterizedTest
    @ValueSource(ints = {422, 500, 502, 504})
    void retryAfterDoesNotMakeOtherAnswersRepeatable(int status) {
        lago.then(answer(status, "<html>", "Retry-After", "0"));

        fails(post(RetryRule.UNPROCESSED), LagoException.class, true, 1);
    }

    @Test
    void aDeletionWhoseAnswerWasLostHasSucceeded() {
        lago.then(LOST, refusal(404, "plan_not_found", "null"));

        assertThat(call(delete())).isEqualTo("204 ");
    }

    @Test
    void aDeletionOfNothingFails() {
        lago.then(refusal(404, "plan_not_found", "null"));

        fails(delete(), LagoNotFoundException.class, false, 1);
    }

    @Test
    void aDeletionThatWasNotSentFails() {
        lago.then(NOT_SENT, refusal(404, "plan_not_found", "null"));

        fails(delete(), LagoNotFoundException.class, false, 2);
    }

    @Test
    void aProxys404IsNoProofOfADeletion() {
        lago.then(LOST, answer(404, "<html>"), answer(404, "<html>"));

        fails(delete(), LagoTransportException.class, true, 3);
    }

    @Test
    void aDeletionThatLagoForbidsAfterALostAnswerFails() {
        lago.then(LOST, refusal(405, "not_deletable", "null"));

        fails(delete(), LagoException.class, true, 2);
    }

    @Test
    void aDeletionWhoseDecoderNeedsABodyFails() {
        lago.then(LOST, refusal(404, "plan_not_found", "null"));

        assertThatThrownBy(() -> client().call(delete(), answer -> {
            throw new IOException("no body");
        })).isInstanceOfSatisfying(LagoTransportException.class, e -> assertThat(e.mayHaveBeenProcessed()).isTrue());
    }

    @ParameterizedTest
    @CsvSource({"121, , 121", "0, 121, 121", "0, 300, 300", "150, 121, 150"})
    void aWaitThatIsTooLongFailsAtOnce(String retryAfter, String reset, long seconds) {
        lago.then(reset == null
                ? answer(429, "{}", "Retry-After", retryAfter)
                : answer(429, "{}", "Retry-After", retryAfter, "X-RateLimit-Reset", reset));

        assertThatThrownBy(() -> call(post(RetryRule.UNPROCESSED))).isInstanceOfSatisfying(LagoRateLimitException.class, e -> {
            assertThat(e).hasMessageContaining("try again in " + seconds + " s");
            assertThat(e.mayHaveBeenProcessed()).isFalse();
        });
        assertThat(lago.requests()).hasSize(1);
        assertThat(lago.observed()).containsExactly("requested POST RATE_LIMITED");
    }

    @Test
    void aServerThatAsksForTooLongAWaitFailsTheCall() {
        lago.then(answer(503, "{}", "Retry-After", "121"));

        fails(get(), LagoServerException.class, false, 1);
    }

    @Test
    void twoMinutesAreNotTooLong() {
        lago.then(answer(503, "{}", "Retry-After", "120"));
        LagoClient client = lago.client(Credentials.of("key"), new RetryPolicy(2, 0, 0), new LagoObserver() {
            @Override
            public void retrying(LagoCall call, Outcome outcome) {
                Thread.currentThread().interrupt();
            }
        });

        assertThatThrownBy(() -> client.call(get(), CallTest::text)).isInstanceOf(LagoTransportException.class)
                .hasMessageContaining("Interrupted while waiting");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void waitsBeforeARetry() {
        lago.then(answer(503, "{}"), NOT_SENT, OK);
        LagoClient client = lago.client(Credentials.of("key"), new RetryPolicy(2, 200, 200), lago.observer);
        long start = System.nanoTime();

        assertThat(client.call(get(), CallTest::text)).isEqualTo("200 ok");

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
    }

    @Test
    void allCallsWaitAfterTheRateLimitWasExceeded() {
        RateBudget budget = lago.budgets.of(BaseUrl.of("http://lago.example", "baseUrl").host(),
                RateBudgets.fingerprint("key"), RateLimitGroup.OTHER);
        lago.then(answer(429, "{}", "X-RateLimit-Reset", "300"));

        assertThatThrownBy(() -> call(get())).isInstanceOf(LagoRateLimitException.class);

        assertThatThrownBy(() -> budget.acquire(() -> false)).isInstanceOfSatisfying(RateBudget.TooLongException.class,
                e -> assertThat(e.left()).isEqualTo(Duration.ofSeconds(300)));
    }

    private LagoClient clientOfLongDelays() {
        long delay = TimeUnit.MINUTES.toMillis(10);
        return lago.client(Credentials.of("key"), new RetryPolicy(2, delay, delay), lago.observer);
    }

    @Test
    void anUnavailableServerMayAskForARetryAtOnce() {
        lago.then(answer(503, "{}", "Retry-After", "0"), OK);

        assertThat(clientOfLongDelays().call(get(), CallTest::text)).isEqualTo("200 ok");
    }

    @Test
    void aRateLimitIsNeverFollowedByARetryAtOnce() {
        lago.then(answer(429, "{}", "Retry-After", "0"));

        assertThatThrownBy(() -> clientOfLongDelays().call(get(), CallTest::text)).isInstanceOf(LagoRateLimitException.class);
    }

    @Test
    void aClosedClientSendsNothing() {
        LagoClient client = client();
        client.close();

        assertThatThrownBy(() -> client.call(post(RetryRule.IDEMPOTENT), CallTest::text))
                .isInstanceOfSatisfying(LagoTransportException.class, e -> {
                    assertThat(e).hasMessageContaining("The endpoint is stopped");
                    assertThat(e.mayHaveBeenProcessed()).isFalse();
                });
        assertThat(lago.requests()).isEmpty();
    }

    @Test
    void aCallIsNotRepeatedAfterItsClientWasClosed() {
        LagoClient client = client();
        lago.then(request -> {
            client.close();
            throw new IOException("reset");
        });

        assertThatThrownBy(() -> client.call(post(RetryRule.IDEMPOTENT), CallTest::text))
                .isInstanceOfSatisfying(LagoTransportException.class, e -> {
                    assertThat(e).hasMessageContaining("No answer to POST invoices");
                    assertThat(e.mayHaveBeenProcessed()).isTrue();
                });
    }
}
