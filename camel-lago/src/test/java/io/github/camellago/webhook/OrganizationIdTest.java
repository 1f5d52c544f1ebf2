package io.github.camellago.webhook;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.github.camellago.api.LagoException;
import io.github.camellago.api.LagoPermissionException;
import io.github.camellago.api.LagoTransportException;
import io.github.camellago.client.StubLago;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.camellago.client.StubLago.answer;
import static io.github.camellago.client.StubLago.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Where the organization comes from, with a clock that the test sets. */
class OrganizationIdTest {

    private static final StubLago.Answer ORG = answer(200, "{\"organization\":{\"lago_id\":\"org\"}}");

    private final StubLago lago = new StubLago();
    private final AtomicLong now = new AtomicLong(-5);

    private OrganizationId organization(String option) {
        return new OrganizationId(option, lago.client(), now::get);
    }

    private void pass(long millis) {
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    @Test
    void isTheOption() {
        assertThat(organization(" mine ").get()).isEqualTo("mine");
        assertThat(lago.requests()).isEmpty();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " "})
    void isAskedForOnceWithoutOption(String option) {
        lago.then(ORG);
        OrganizationId organization = organization(option);

        assertThat(organization.get()).isEqualTo("org");
        assertThat(organization.get()).isEqualTo("org");
        assertThat(lago.requests()).containsExactly("GET organizations");
    }

    @Test
    void isAskedForByOneThreadWhileOthersWait() throws Exception {
        OrganizationId organization = organization(null);
        CompletableFuture<String> second = new CompletableFuture<>();
        Thread waiting = new Thread(() -> second.complete(organization.get()));
        lago.then(request -> {
            waiting.start();
            await().until(() -> waiting.getState() == Thread.State.BLOCKED);
            return ORG.to(request);
        });

        assertThat(organization.get()).isEqualTo("org");
        assertThat(second.get(30, TimeUnit.SECONDS)).isEqualTo("org");
        assertThat(lago.requests()).hasSize(1);
    }

    @Test
    void isTheOneOfTheRegistration() {
        OrganizationId organization = organization(null);
        organization.learn("org");
        organization.learn("org");

        assertThat(organization.get()).isEqualTo("org");
        assertThat(lago.requests()).isEmpty();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " "})
    void aRegistrationThatNamesNoneChangesNothing(String named) {
        OrganizationId organization = organization("mine");

        organization.learn(named);

        assertThat(organization.get()).isEqualTo("mine");
    }

    @Test
    void refusesAnApiKeyOfAnotherOrganization() {
        OrganizationId organization = organization("mine");

        assertThatThrownBy(() -> organization.learn("other")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("organizationId=mine is not the organization of the API key, other");
        assertThat(organization.get()).isEqualTo("mine");
    }

    @Test
    void aFailureStandsForFiveSeconds() {
        lago.then(answer(501, "{}"), ORG);
        OrganizationId organization = organization(null);
        assertThatThrownBy(organization::get).isInstanceOf(LagoException.class);
        pass(4_999);
        assertThatThrownBy(organization::get).isInstanceOf(LagoException.class);
        assertThat(lago.requests()).hasSize(1);

        pass(1);

        assertThat(organization.get()).isEqualTo("org");
        assertThat(lago.requests()).hasSize(2);
    }

    @Test
    void aMissingPermissionNamesTheOption() {
        lago.then(refusal(403, "feature_unavailable", "null"));
        OrganizationId organization = organization(null);

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(organization::get).isInstanceOf(LagoPermissionException.class)
                    .hasMessageContaining("Set the option organizationId").hasCauseInstanceOf(LagoPermissionException.class);
        }
        assertThat(lago.requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"organization\":{\"lago_id\":\" \"}}", "{\"organization\":{\"lago_id\":null}}"})
    void anAnswerWithoutOrganizationIsNotLagos(String json) {
        lago.then(answer(200, json), answer(200, json), answer(200, json));

        assertThatThrownBy(organization(null)::get).isInstanceOf(LagoTransportException.class);
    }
}
