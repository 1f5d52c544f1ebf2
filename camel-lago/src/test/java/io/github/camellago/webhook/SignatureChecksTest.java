package io.github.camellago.webhook;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSASSASigner;
import io.github.camellago.api.LagoWebhookException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Which signatures are accepted. */
class SignatureChecksTest {

    private static KeyPair pair;
    private static KeyPair other;

    private final AtomicInteger fetches = new AtomicInteger();
    private RSAPublicKey lagos = (RSAPublicKey) pair.getPublic();
    private final PublicKeys keys = new PublicKeys(() -> {
        fetches.incrementAndGet();
        return lagos;
    }, System::nanoTime);

    @BeforeAll
    static void makeKeys() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        pair = generator.generateKeyPair();
        other = generator.generateKeyPair();
    }

    private static RawWebhook webhook(String body, String signature) {
        return new RawWebhook(body.getBytes(StandardCharsets.UTF_8), "jwt", signature, "k");
    }

    private static String signed(PrivateKey key, JWSAlgorithm algorithm, String claims) throws Exception {
        JWSObject jwt = new JWSObject(new JWSHeader(algorithm), new Payload(claims));
        jwt.sign(new RSASSASigner(key));
        return jwt.serialize();
    }

    private static String signed(String claims) throws Exception {
        return signed(pair.getPrivate(), JWSAlgorithm.RS256, claims);
    }

    private static void assertRefused(SignatureCheck check, RawWebhook webhook, String code, String message) {
        assertThatThrownBy(() -> check.check(webhook)).isInstanceOfSatisfying(LagoWebhookException.class, e -> {
            assertThat(e.getCode()).isEqualTo(code);
            assertThat(e).hasMessageContaining(message);
        });
    }

    private void assertInvalid(RawWebhook webhook, String message) {
        assertRefused(new JwtCheck(keys, null), webhook, LagoWebhookException.SIGNATURE_INVALID, message);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = "https://lago.example")
    void acceptsAJwtOfTheBodyAndTheIssuer(String issuer) throws Exception {
        RawWebhook webhook = webhook("bodü", signed("{\"data\":\"bodü\",\"iss\":\"https://lago.example\"}"));

        assertThatCode(() -> new JwtCheck(keys, issuer).check(webhook)).doesNotThrowAnyException();
        assertThat(fetches).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"data\":\"b\",\"iss\":\"https://evil.example\"}", "{\"data\":\"b\"}",
            "{\"data\":\"b\",\"iss\":1}"})
    void refusesAnotherIssuer(String claims) throws Exception {
        assertRefused(new JwtCheck(keys, "https://lago.example"), webhook("b", signed(claims)),
                LagoWebhookException.ISSUER_MISMATCH, "not from the option issuer=https://lago.example");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"data\":\"c\"}", "{}", "{\"data\":1}", "{\"data\":null}"})
    void refusesAnotherBodyWithoutFetchingAKey(String claims) throws Exception {
        assertInvalid(webhook("b", signed(claims)), "is for another body");
        assertThat(fetches).hasValue(0);
    }

    @Test
    void refusesAnotherKeyAfterLookingForANewOne() throws Exception {
        assertInvalid(webhook("b", signed(other.getPrivate(), JWSAlgorithm.RS256, "{\"data\":\"b\"}")),
                "does not match Lago's public key");
        assertThat(fetches).hasValue(2);
    }

    @Test
    void acceptsANewKeyOfLagos() throws Exception {
        keys.current();
        lagos = (RSAPublicKey) other.getPublic();
        JwtCheck check = new JwtCheck(keys, null);
        RawWebhook webhook = webhook("b", signed(other.getPrivate(), JWSAlgorithm.RS256, "{\"data\":\"b\"}"));

        assertThatCode(() -> check.check(webhook)).doesNotThrowAnyException();
        assertThatCode(() -> check.check(webhook)).doesNotThrowAnyException();
        assertThat(fetches).hasValue(2);
        assertInvalid(webhook("b", signed("{\"data\":\"b\"}")), "does not match Lago's public key");
    }

    @Test
    void refusesAnotherKeyThanTheNewOne() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        String forged = signed(generator.generateKeyPair().getPrivate(), JWSAlgorithm.RS256, "{\"data\":\"b\"}");
        keys.current();
        lagos = (RSAPublicKey) other.getPublic();

        assertInvalid(webhook("b", forged), "does not match Lago's public key");
        assertThat(keys.current()).isEqualTo(other.getPublic());
    }

    @Test
    void refusesAnotherAlgorithm() throws Exception {
        assertRefused(new JwtCheck(keys, null),
                webhook("b", signed(pair.getPrivate(), JWSAlgorithm.RS512, "{\"data\":\"b\"}")),
                LagoWebhookException.ALGORITHM_MISMATCH, "does not use RS256");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no jwt", "a.b.c"})
    void refusesWhatIsNoJwt(String signature) {
        assertInvalid(webhook("b", signature), "is not a signed JWT");
    }

    @Test
    void refusesClaimsThatAreNotJson() throws Exception {
        assertInvalid(webhook("b", signed("{data")), "are not JSON");
    }

    @Test
    void preparesByFetchingTheKey() {
        new JwtCheck(keys, null).prepare();

        assertThat(fetches).hasValue(1);
    }

    @Test
    void acceptsAnHmacOfTheBody() throws Exception {
        HmacCheck check = new HmacCheck("sécret");
        String signature = hmac("sécret", "bodü");

        assertThatCode(() -> check.check(webhook("bodü", signature))).doesNotThrowAnyException();
        assertThatCode(check::prepare).doesNotThrowAnyException();
        for (RawWebhook forged : new RawWebhook[]{webhook("body", signature), webhook("bodü", hmac("other", "bodü")),
                webhook("bodü", signature.replace("=", "")), webhook("bodü", "")}) {
            assertRefused(check, forged, LagoWebhookException.SIGNATURE_INVALID, "hmac signature does not match this body");
        }
    }

    private static String hmac(String key, String body) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return Base64.getEncoder().encodeToString(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
    }
}
