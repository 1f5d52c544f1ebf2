package io.github.camellago.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.Map;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import io.github.camellago.BodyType;
import io.github.camellago.LagoConfiguration;
import io.github.camellago.SignatureAlgo;
import io.github.camellago.api.LagoTransportException;
import io.github.camellago.api.LagoWebhookException;
import io.github.camellago.client.StubLago;
import io.github.camellago.operation.EndpointSettings;
import org.apache.camel.Message;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What a signed webhook says, and whose it is. */
class WebhookReaderTest {

    private static final DefaultCamelContext CONTEXT = new DefaultCamelContext();
    private static final String INVOICE = "{\"webhook_type\":\"invoice.created\",\"object_type\":\"invoice\",\"organization_id\":\"org\","
            + "\"invoice\":{\"lago_id\":\"i-1\",\"webhook_type\":1}}";
    private static final String ERRORS = "{\"webhook_type\":\"events.errors\",\"object_type\":\"events_errors\",\"organization_id\":\"org\","
            + "\"events_errors\":{\"invalid_code\":[\"t-1\",\"t-2\"]}}";

    /** A class that no object fits. */
    record Misfit(int lago_id, int transaction_id) {}

    private final StubLago lago = new StubLago();

    private static Message signed(String body) {
        Message message = new DefaultExchange(CONTEXT).getMessage();
        message.setBody(body.getBytes(StandardCharsets.UTF_8));
        message.setHeader("X-Lago-Signature", hmac(body));
        message.setHeader("X-Lago-Signature-Algorithm", "hmac");
        message.setHeader("X-Lago-Unique-Key", "k");
        return message;
    }

    static String hmac(String body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec("secret".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return Base64.getEncoder().encodeToString(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private WebhookReader reader(SignatureAlgo algo, Class<?> outputClass) {
        LagoConfiguration options = new LagoConfiguration();
        options.setSignatureAlgo(algo);
        options.setHmacKey("secret");
        options.setMaxBodySize(10_000);
        options.setBodyType(BodyType.MAP);
        options.setOutputClass(outputClass);
        EndpointSettings endpoint = new EndpointSettings("lago:webhooks", "webhooks", null, null, null, 1, Map.of(), Map.of(),
                options);
        return new WebhookReader(endpoint, new OrganizationId("org", lago.client(), System::nanoTime), lago.client(),
                System::nanoTime);
    }

    private final WebhookReader reader = reader(SignatureAlgo.HMAC, null);

    private static void refused(WebhookReader reader, Message message, String code, String text) {
        assertThatThrownBy(() -> reader.read(message)).isInstanceOfSatisfying(LagoWebhookException.class, e -> {
            assertThat(e.getCode()).isEqualTo(code);
            assertThat(e).hasMessageContaining(text);
        });
        assertThatThrownBy(() -> reader.readEach(message)).isInstanceOf(LagoWebhookException.class);
    }

    @Test
    void readsTheObjectAndItsEnvelope() {
        LagoWebhook webhook = reader.read(signed(INVOICE));

        assertThat(webhook).isEqualTo(new LagoWebhook("invoice.created", "invoice", "org", "k", "i-1",
                Map.of("lago_id", "i-1", "webhook_type", webhook.body() instanceof Map<?, ?> map ? map.get("webhook_type") : 0),
                null));
        assertThat(reader.readEach(signed(INVOICE))).containsExactly(webhook);
    }

    /** Each resource has a field of its own that Lago's API finds objects by. */
    @ParameterizedTest
    @ValueSource(strings = {"customer external_id", "plan code", "subscription external_id", "fee lago_id"})
    void theIdIsTheOneOfLagosApi(String object) {
        String[] parts = object.split(" ");
        LagoWebhook webhook = reader.read(signed("{\"webhook_type\":\"x\",\"object_type\":\"" + parts[0]
                + "\",\"organization_id\":\"org\",\"" + parts[0] + "\":{\"" + parts[1] + "\":\"mine\"}}"));

        assertThat(webhook.id()).isEqualTo("mine");
    }

    @Test
    void aWebhookWithoutAnObjectTypeIsReadWhole() {
        LagoWebhook webhook = reader
                .read(signed("{\"webhook_type\":\"x\",\"object_type\":null,\"organization_id\":\"org\",\"lago_id\":\"l\"}"));

        assertThat(webhook.objectType()).isNull();
        assertThat(webhook.id()).isNull();
        assertThat(webhook.body()).asInstanceOf(InstanceOfAssertFactories.MAP).containsEntry("lago_id", "l");
    }

    @Test
    void refusesAnotherAlgorithmAndAnotherSignature() {
        Message jwt = signed(INVOICE);
        jwt.setHeader("X-Lago-Signature-Algorithm", "jwt");
        refused(reader, jwt, LagoWebhookException.ALGORITHM_MISMATCH, "is not hmac, the option signatureAlgo");

        Message forged = signed(INVOICE);
        forged.setBody(INVOICE.replace("i-1", "i-2"));
        refused(reader, forged, LagoWebhookException.SIGNATURE_INVALID, "does not match");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"other\"", "\"org \"", "\"null\""})
    void refusesAnotherOrganization(String organization) {
        refused(reader, signed(INVOICE.replace("\"org\"", organization)), LagoWebhookException.ORGANIZATION_MISMATCH,
                "is for the organization " + organization.replace("\"", "") + ", not for org");
    }

    @Test
    void refusesAWebhookOfNoOrganization() {
        for (String body : List.of(INVOICE.replace("\"organization_id\":\"org\",", ""), INVOICE.replace("\"org\"", "null"))) {
            refused(reader, signed(body), LagoWebhookException.ORGANIZATION_MISMATCH, "is for no organization");
        }
    }

    @Test
    void refusesWhatIsNoWebhook() {
        Map.of(INVOICE.replace("\"webhook_type\":\"invoice.created\",", ""), "it has no webhook_type",
                INVOICE.replace("\"invoice.created\"", "null"), "it has no webhook_type",
                INVOICE.replace("\"invoice.created\"", "1"), "webhook_type is not a string",
                INVOICE.replace("\"org\"", "{}"), "organization_id is not a string",
                "{\"organization_id\":\"x\"," + INVOICE.substring(1), "it has a field twice",
                "[" + INVOICE + "]", "it is not a JSON object",
                INVOICE + "{}", "something follows its JSON",
                INVOICE.substring(0, INVOICE.length() - 1), "it is not JSON",
                "x", "it is not JSON").forEach(
                        (body, why) -> refused(reader, signed(body), LagoWebhookException.BODY_INVALID,
                                "The body is not a webhook: " + why));
    }

    @Test
    void eachFailedEventIsAWebhook() {
        List<LagoWebhook> each = reader.readEach(signed(ERRORS));

        assertThat(each).extracting(LagoWebhook::uniqueKey).containsExactly("k-0", "k-1");
        assertThat(each).extracting(LagoWebhook::id).containsExactly("t-1", "t-2");
        assertThat(each).allSatisfy(one -> {
            assertThat(one.type()).isEqualTo("events.errors");
            assertThat(one.objectType()).isEqualTo("events_errors");
            assertThat(one.organizationId()).isEqualTo("org");
            assertThat(one.failedEvent().reason()).isEqualTo("invalid_code");
            assertThat(one.body()).isEqualTo(Map.of("transaction_id", one.id()));
        });
        assertThat(reader.readEach(signed(ERRORS.replace(",\"t-2\"", "")))).singleElement()
                .satisfies(one -> assertThat(one.uniqueKey()).isEqualTo("k"));
        assertThat(reader.readEach(signed(ERRORS.replace("\"t-1\",\"t-2\"", "")))).singleElement()
                .satisfies(one -> assertThat(one.failedEvent()).isNull());
    }

    @Test
    void anErrorWithoutAnOutputClassDoesNotNameTheOption() {
        String webhook = INVOICE.replace("\"invoice\":", "\"other\":");

        assertThatThrownBy(() -> reader.read(signed(webhook))).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot read the webhook invoice.created: it holds no \"invoice\"");
    }

    @Test
    void anObjectThatDoesNotFitTheOutputClassIsNoRefusal() {
        WebhookReader misfit = reader(SignatureAlgo.HMAC, Misfit.class);
        assertThatThrownBy(() -> misfit.read(signed(INVOICE))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("The webhook invoice.created does not fit the option outputClass=");
        assertThatThrownBy(() -> misfit.readEach(signed(ERRORS))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("The webhook events.errors does not fit the option outputClass=");
    }

    @Test
    void preparesByFetchingTheKeyThatItNeeds() {
        reader.prepare();
        assertThat(lago.requests()).isEmpty();
        lago.then(StubLago.answer(200, "{}"), StubLago.answer(200, "{}"), StubLago.answer(200, "{}"));

        assertThatThrownBy(reader(SignatureAlgo.JWT, null)::prepare).isInstanceOf(LagoTransportException.class);
        assertThat(lago.requests()).hasSize(3).contains("GET webhooks/json_public_key");
    }
}
