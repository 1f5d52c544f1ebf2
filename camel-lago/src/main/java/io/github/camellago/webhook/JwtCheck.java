package io.github.camellago.webhook;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import io.github.camellago.api.LagoWebhookException;
import io.github.camellago.client.Json;

/**
 * Checks a JWT with RS256, the only accepted algorithm, whose claim {@code data} is the body. The claims are compared first, so that
 * a changed body does not cause a request for the public key.
 */
final class JwtCheck implements SignatureCheck {

    private final PublicKeys keys;
    private final String issuer;

    /** @param issuer the expected claim {@code iss}, or null to accept any */
    JwtCheck(PublicKeys keys, String issuer) {
        this.keys = keys;
        this.issuer = issuer;
    }

    @Override
    public void prepare() {
        keys.current();
    }

    @Override
    public void check(RawWebhook webhook) {
        JWSObject jwt = parse(webhook.signature());
        JsonNode claims = claims(jwt);
        byte[] data = claims.path("data").isTextual()
                ? claims.get("data").textValue().getBytes(StandardCharsets.UTF_8)
                : new byte[0];
        if (!MessageDigest.isEqual(data, webhook.body())) {
            throw invalid("The jwt signature is for another body");
        }
        RSAPublicKey key = keys.current();
        if (!signedWith(key, jwt)) {
            RSAPublicKey refreshed = keys.refresh(key);
            if (refreshed == key || !signedWith(refreshed, jwt)) {
                throw invalid("The jwt signature does not match Lago's public key");
            }
        }
        if (issuer != null && !issuer.equals(claims.path("iss").textValue())) {
            throw LagoWebhookException.refused(LagoWebhookException.ISSUER_MISMATCH,
                    "The webhook is from " + RawWebhook.quote(claims.path("iss").asText()) + ", not from the option issuer="
                            + issuer);
        }
    }

    private static JWSObject parse(String signature) {
        try {
            JWSObject jwt = JWSObject.parse(signature);
            if (!JWSAlgorithm.RS256.equals(jwt.getHeader().getAlgorithm())) {
                throw LagoWebhookException.refused(LagoWebhookException.ALGORITHM_MISMATCH,
                        "The jwt signature does not use RS256");
            }
            return jwt;
        } catch (ParseException e) {
            // the message of the exception may quote what was sent
            throw invalid("The jwt signature is not a signed JWT");
        }
    }

    private static JsonNode claims(JWSObject jwt) {
        try {
            return Json.mapper().readTree(jwt.getPayload().toBytes());
        } catch (IOException e) {
            throw invalid("The claims of the jwt signature are not JSON");
        }
    }

    private static boolean signedWith(RSAPublicKey key, JWSObject jwt) {
        try {
            return jwt.verify(new RSASSAVerifier(key));
        } catch (JOSEException e) {
            throw new IllegalStateException("The jwt signature cannot be checked with Lago's public key", e);
        }
    }

    private static LagoWebhookException invalid(String message) {
        return LagoWebhookException.refused(LagoWebhookException.SIGNATURE_INVALID, message);
    }
}
