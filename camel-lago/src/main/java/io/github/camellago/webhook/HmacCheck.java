package io.github.camellago.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import io.github.camellago.api.LagoWebhookException;

/** Checks HMAC-SHA256 over the body's bytes, in base64. */
final class HmacCheck implements SignatureCheck {

    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    HmacCheck(String hmacKey) {
        this.key = new SecretKeySpec(hmacKey.getBytes(StandardCharsets.UTF_8), ALGORITHM);
    }

    @Override
    public void check(RawWebhook webhook) {
        // compared as text, because several base64 texts can decode to the same bytes; in constant time
        byte[] expected = Base64.getEncoder().encode(hmac(webhook.body()));
        if (!MessageDigest.isEqual(expected, webhook.signature().getBytes(StandardCharsets.UTF_8))) {
            throw LagoWebhookException.refused(LagoWebhookException.SIGNATURE_INVALID,
                    "The hmac signature does not match this body and the option hmacKey");
        }
    }

    private byte[] hmac(byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JVM does not support " + ALGORITHM, e);
        }
    }
}
