package io.github.camellago.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import io.github.camellago.api.LagoWebhookException;

/** HMAC-SHA256 over the body's bytes, in base64. */
final class HmacCheck implements SignatureCheck {

    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    HmacCheck(String hmacKey) {
        this.key = new SecretKeySpec(hmacKey.getBytes(StandardCharsets.UTF_8), ALGORITHM);
    }

    @Override
    public void check(RawWebhook webhook) {
        // compared as text: base64 has one spelling only then, and the time taken tells nothing of where they differ
        byte[] due = Base64.getEncoder().encode(hmac(webhook.body()));
        if (!MessageDigest.isEqual(due, webhook.signature().getBytes(StandardCharsets.UTF_8))) {
            throw LagoWebhookException.refused(LagoWebhookException.SIGNATURE_INVALID,
                    "The hmac signature does not belong to this body and the option hmacKey");
        }
    }

    private byte[] hmac(byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JVM has no " + ALGORITHM, e);
        }
    }
}
