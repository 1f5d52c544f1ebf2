package io.github.camellago.webhook;

import java.io.IOException;
import java.util.List;

import io.github.camellago.SignatureAlgo;
import io.github.camellago.api.LagoException;
import io.github.camellago.api.LagoNotFoundException;
import io.github.camellago.api.LagoServerException;
import io.github.camellago.api.LagoTransportException;
import io.github.camellago.api.LagoValidationException;
import io.github.camellago.client.StubLago;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.camellago.client.StubLago.answer;
import static io.github.camellago.client.StubLago.failure;
import static io.github.camellago.client.StubLago.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What a registration calls, by what Lago has and answers. */
class RegistrationStatesTest {

    private static final String URL = "https://hooks.example/lago";
    private static final String LIST = "GET webhook_endpoints?page=1&per_page=100";
    private static final String CREATE = "POST webhook_endpoints";

    private final StubLago lago = new StubLago();

    private WebhookRegistration registration(String... types) {
        return new WebhookRegistration(lago.client(), URL, SignatureAlgo.JWT, types.length == 0 ? null : List.of(types));
    }

    private static String endpoint(String id, String url, String algo, String types) {
        return "{\"lago_id\":\"" + id + "\",\"lago_organization_id\":\"org\",\"webhook_url\":\"" + url
                + "\",\"signature_algo\":\"" + algo + "\",\"event_types\":" + types + "}";
    }

    private static String ours(String algo, String types) {
        return endpoint("w/1", URL, algo, types);
    }

    private static StubLago.Answer one(String endpoint) {
        return answer(200, "{\"webhook_endpoint\":" + endpoint + "}");
    }

    private static StubLago.Answer page(String nextPage, String... endpoints) {
        return answer(200, "{\"webhook_endpoints\":[" + String.join(",", endpoints) + "],\"meta\":{\"next_page\":" + nextPage
                + "}}");
    }

    private static StubLago.Answer exists() {
        return refusal(422, "validation_errors", "{\"webhook_url\":[\"value_already_exist\"]}");
    }

    @Test
    void createsAnEndpointIfLagoHasNone() {
        lago.then(page("null", endpoint("other", "https://other.example", "jwt", "null")), one(ours("jwt", "null")));

        assertThat(registration().register()).isEqualTo("org");

        assertThat(lago.requests()).containsExactly(LIST, CREATE);
        assertThat(lago.bodies().get(0)).contains("\"webhook_url\":\"" + URL + '"', "\"signature_algo\":\"jwt\"",
                "\"event_types\":null");
    }

    @Test
    void keepsAnEndpointThatIsAsAskedFor() {
        lago.then(page("null", ours("jwt", "[\"b\",\"a\"]")));

        assertThat(registration("a", "b").register()).isEqualTo("org");

        assertThat(lago.requests()).containsExactly(LIST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hmac null", "jwt [\"a\"]", "jwt []"})
    void updatesAnEndpointForOtherWebhooks(String existing) {
        String[] parts = existing.split(" ");
        lago.then(page("null", ours(parts[0], parts[1])), one(ours("jwt", "null")));

        registration().register();

        assertThat(lago.requests()).containsExactly(LIST, "PUT webhook_endpoints/w%2F1");
        assertThat(lago.bodies().get(0)).contains("\"event_types\":null");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[\"a\"]", "[\"a\",\"b\",\"c\"]"})
    void updatesAnEndpointWithOtherTypes(String existing) {
        lago.then(page("null", ours("jwt", existing)), one(ours("jwt", "[\"a\",\"b\"]")));

        registration("a", "b").register();

        assertThat(lago.requests()).containsExactly(LIST, "PUT webhook_endpoints/w%2F1");
        assertThat(lago.bodies().get(0)).contains("\"event_types\":[\"a\",\"b\"]");
    }

    @Test
    void usesTheEndpointOfAnotherInstance() {
        lago.then(page("null"), exists(), page("null", ours("jwt", "null")));

        assertThat(registration().register()).isEqualTo("org");

        assertThat(lago.requests()).containsExactly(LIST, CREATE, LIST);
    }

    @Test
    void failsIfLagoRefusesTheUrlOfAnotherOrganization() {
        lago.then(page("null"), exists(), page("null"));

        assertThatThrownBy(() -> registration().register()).isInstanceOf(LagoValidationException.class)
                .hasMessageContaining("value_already_exist");
    }

    @Test
    void saysThatLagoHasAsManyEndpointsAsItAllows() {
        lago.then(page("null"), refusal(422, "validation_errors", "{\"base\":[\"other\",\"exceeded_limit\"]}"));

        assertThatThrownBy(() -> registration().register()).isInstanceOfSatisfying(LagoValidationException.class, e -> {
            assertThat(e).hasMessageContaining("Lago has 10 webhook endpoints").hasCauseInstanceOf(LagoException.class);
            assertThat(e.mayHaveBeenProcessed()).isFalse();
            assertThat(e.getErrorDetails()).containsKey("base");
        });
        assertThat(lago.requests()).containsExactly(LIST, CREATE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"webhook_url\":[\"url_invalid\"]}", "{\"webhook_url\":\"value_already_exist\"}", "{}"})
    void otherRefusalsFail(String details) {
        lago.then(page("null"), refusal(422, "validation_errors", details));

        assertThatThrownBy(() -> registration().register()).isInstanceOf(LagoValidationException.class)
                .hasMessageNotContaining("10 webhook endpoints");

        assertThat(lago.requests()).containsExactly(LIST, CREATE);
    }

    @Test
    void looksAgainIfTheAnswerToTheCreationIsLost() {
        lago.then(page("null")).then(lost(), lost(), lost()).then(page("null", ours("jwt", "null")));

        assertThat(registration().register()).isEqualTo("org");

        assertThat(lago.requests()).containsExactly(LIST, CREATE, CREATE, CREATE, LIST);
    }

    @Test
    void failsIfNothingWasCreated() {
        lago.then(page("null")).then(lost(), lost(), lost()).then(page("null"));

        assertThatThrownBy(() -> registration().register()).isInstanceOfSatisfying(LagoTransportException.class,
                e -> assertThat(e.mayHaveBeenProcessed()).isTrue());
    }

    @Test
    void doesNotLookAgainIfLagoCannotHaveCreatedAnything() {
        lago.then(page("null"), refusal(403, "feature_unavailable", "null"));

        assertThatThrownBy(() -> registration().register()).isInstanceOf(LagoException.class).hasMessageContaining("403");

        assertThat(lago.requests()).containsExactly(LIST, CREATE);
    }

    @Test
    void readsFurtherPages() {
        lago.then(page("2", endpoint("a", "https://a.example", "jwt", "null")), page("null", ours("jwt", "null")));

        registration().register();

        assertThat(lago.requests()).containsExactly(LIST, "GET webhook_endpoints?page=2&per_page=100");
    }

    @Test
    void aPageThatRepeatsItselfEndsTheList() {
        String other = endpoint("a", "https://a.example", "jwt", "null");
        lago.then(page("2", other), page("3", other), one(ours("jwt", "null")));

        registration().register();

        assertThat(lago.requests()).hasSize(3).last().isEqualTo(CREATE);
    }

    @Test
    void aListThatDoesNotEndIsReadUpToTwentyPages() {
        for (int page = 1; page <= 20; page++) {
            lago.then(page("99", endpoint("e" + page, "https://a.example", "jwt", "null")));
        }
        lago.then(one(ours("jwt", "null")));

        registration().register();

        assertThat(lago.requests()).hasSize(21).last().isEqualTo(CREATE);
        assertThat(lago.requests()).contains("GET webhook_endpoints?page=20&per_page=100");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"webhook_endpoints\":{}}", "no json"})
    void aListThatIsNotLagosFails(String answer) {
        lago.then(answer(200, answer), answer(200, answer), answer(200, answer));

        assertThatThrownBy(() -> registration().register()).isInstanceOf(LagoTransportException.class);

        assertThat(lago.requests()).containsExactly(LIST, LIST, LIST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"lago_id\":null}", "{\"lago_id\":\"\"}"})
    void anAnswerWithoutTheEndpointsIdIsNotLagos(String endpoint) {
        StubLago.Answer empty = one(endpoint);
        lago.then(page("null")).then(empty, empty, empty).then(page("null", ours("jwt", "null")));

        registration().register();

        assertThat(lago.requests()).containsExactly(LIST, CREATE, CREATE, CREATE, LIST);
    }

    @Test
    void removesTheEndpointThatItRegistered() {
        lago.then(page("null", ours("jwt", "null")), one(ours("jwt", "null")));
        WebhookRegistration registration = registration();
        registration.register();

        registration.remove();

        assertThat(lago.requests()).containsExactly(LIST, "DELETE webhook_endpoints/w%2F1");
    }

    @Test
    void removesTheEndpointOfTheUrlWithoutARegistration() {
        lago.then(page("null", ours("hmac", "null")), answer(204, null), page("null"));
        WebhookRegistration registration = registration();
        registration.remove();

        registration.remove();

        assertThat(lago.requests()).containsExactly(LIST, "DELETE webhook_endpoints/w%2F1", LIST);
    }

    @Test
    void anEndpointThatIsGoneIsRemoved() {
        lago.then(page("null", ours("jwt", "null")), refusal(404, "webhook_endpoint_not_found", "null"), page("null"));
        WebhookRegistration registration = registration();
        registration.remove();
        registration.remove();

        assertThat(lago.requests()).hasSize(3).last().isEqualTo(LIST);
    }

    @Test
    void aRemovalThatLagoRefusesFails() {
        lago.then(page("null", ours("jwt", "null")), answer(501, "{}"));

        assertThatThrownBy(() -> registration().remove()).isInstanceOf(LagoServerException.class)
                .isNotInstanceOf(LagoNotFoundException.class);
    }

    private static StubLago.Answer lost() {
        return failure(new IOException("reset"));
    }
}
