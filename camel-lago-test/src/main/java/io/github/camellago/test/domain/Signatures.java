package io.github.camellago.test.domain;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.Map;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import io.github.camellago.test.server.Ids;
import io.github.camellago.test.server.Json;

/**
 * Signs webhooks with the sandbox's RSA key or HMAC key.
 */
public final class Signatures {

    private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();

    private final String issuer;
    private final String hmacKey = "hmac-" + Ids.next();
    private KeyPair keys;

    Signatures(String issuer) {
        this.issuer = issuer;
    }

    public String hmacKey() {
        return hmacKey;
    }

    /** The PEM of the public key in base64, in lines of 60 characters. */
    synchronized String publicKey() {
        byte[] newline = {'\n'};
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, newline).encodeToString(keys().getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
        return Base64.getMimeEncoder(60, newline).encodeToString(pem.getBytes(StandardCharsets.US_ASCII)) + "\n";
    }

    /** Discards the RSA key. The next signature creates a new key. */
    public synchronized void rotate() {
        keys = null;
    }

    /** The signature of a webhook's body. */
    public String sign(String algorithm, String body) {
        try {
            return "hmac".equals(algorithm) ? hmac(body) : jwt(Json.object("data", body, "iss", issuer));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private String hmac(String body) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(hmacKey.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return Base64.getEncoder().encodeToString(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
    }

    /** A signed token with these claims. */
    String token(Map<String, Object> claims) {
        try {
            return jwt(claims);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private synchronized String jwt(Map<String, Object> claims) throws GeneralSecurityException {
        String signed = URL.encodeToString(Json.bytes(Json.object("alg", "RS256"))) + "."
                + URL.encodeToString(Json.bytes(claims));
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(keys().getPrivate());
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + URL.encodeToString(signature.sign());
    }

    private KeyPair keys() {
        if (keys == null) {
            try {
                KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
                generator.initialize(2048);
                keys = generator.generateKeyPair();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
        return keys;
    }
}
