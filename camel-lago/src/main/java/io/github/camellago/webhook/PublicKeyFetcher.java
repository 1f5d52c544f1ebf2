package io.github.camellago.webhook;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.function.Supplier;

import io.github.camellago.api.LagoNotFoundException;
import io.github.camellago.client.Json;
import io.github.camellago.client.LagoClient;
import io.github.camellago.client.LagoRequest;

/** Fetches the public key of the pair that Lago signs webhooks with. Older servers have only the second of the two paths. */
final class PublicKeyFetcher implements Supplier<RSAPublicKey> {

    private static final String BEGIN = "-----BEGIN PUBLIC KEY-----";
    private static final String END = "-----END PUBLIC KEY-----";

    private final LagoClient client;

    PublicKeyFetcher(LagoClient client) {
        this.client = client;
    }

    @Override
    public RSAPublicKey get() {
        try {
            return client.call(request("webhooks/json_public_key"),
                    response -> key(Json.mapper().readTree(response.body()).path("webhook").path("public_key").asText()));
        } catch (LagoNotFoundException e) {
            return client.call(request("webhooks/public_key"),
                    response -> key(new String(response.body(), StandardCharsets.US_ASCII)));
        }
    }

    private static LagoRequest request(String path) {
        return LagoRequest.get(path, null, "webhook_jwt_public_key");
    }

    /** Decodes base64, with line breaks, of a PEM. */
    private static RSAPublicKey key(String base64) throws IOException {
        try {
            String pem = new String(Base64.getMimeDecoder().decode(base64), StandardCharsets.US_ASCII);
            int begin = pem.indexOf(BEGIN);
            int end = pem.indexOf(END);
            if (begin < 0 || end < begin) {
                throw new IOException("it contains no PEM of a public key");
            }
            byte[] der = Base64.getMimeDecoder().decode(pem.substring(begin + BEGIN.length(), end));
            return (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(der));
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            throw new IOException("it contains no RSA public key", e);
        }
    }
}
