package io.github.camellago.webhook;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/** A webhook without a valid signature never reaches a route. */
class WebhookForgeryTest extends WebhookTestSupport {

    private static KeyPair otherKey;

    @BeforeAll
    static void makeOtherKey() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        otherKey = generator.generateKeyPair();
    }

    /** A webhook on its way, to be tampered with. */
    private static final class Sent {

        final String algorithm;
        byte[] body = invoice.getBytes(StandardCharsets.UTF_8);
        final Map<String, Object> headers;

        Sent(String algorithm) {
            this.algorithm = algorithm;
            this.headers = signed(algorithm, invoice);
        }

        String signature() {
            return (String) headers.get("X-Lago-Signature");
        }

        void sign(String signature) {
            headers.put("X-Lago-Signature", signature);
        }

        void body(String text) {
            body = text.getBytes(StandardCharsets.UTF_8);
        }
    }

    @FunctionalInterface
    private interface Tampering {
        void with(Sent sent) throws Exception;
    }

    static Stream<Arguments> tamperings() {
        List<Arguments> all = new ArrayList<>();
        for (String algorithm : List.of("jwt", "hmac")) {
            add(all, algorithm, "no signature", s -> s.headers.remove("X-Lago-Signature"));
            add(all, algorithm, "blank signature", s -> s.sign("  "));
            add(all, algorithm, "two signatures",
                    s -> s.headers.put("X-Lago-Signature", List.of(s.signature(), s.signature())));
            add(all, algorithm, "signatures with a comma", s -> s.sign(s.signature() + "," + s.signature()));
            add(all, algorithm, "no algorithm", s -> s.headers.remove("X-Lago-Signature-Algorithm"));
            add(all, algorithm, "two algorithms",
                    s -> s.headers.put("X-Lago-Signature-Algorithm", List.of(algorithm, algorithm)));
            add(all, algorithm, "unknown algorithm", s -> s.headers.put("X-Lago-Signature-Algorithm", "none"));
            add(all, algorithm, "no unique key", s -> s.headers.remove("X-Lago-Unique-Key"));
            add(all, algorithm, "blank unique key", s -> s.headers.put("X-Lago-Unique-Key", " "));
            add(all, algorithm, "two unique keys", s -> s.headers.put("X-Lago-Unique-Key", List.of("a", "b")));
            add(all, algorithm, "truncated body", s -> s.body = java.util.Arrays.copyOf(s.body, s.body.length - 1));
            add(all, algorithm, "longer body", s -> s.body(invoice + "\n"));
            add(all, algorithm, "body of another case", s -> s.body(invoice.replace("inv-1", "INV-1")));
            add(all, algorithm, "re-serialized body",
                    s -> s.body = new ObjectMapper().writerWithDefaultPrettyPrinter()
                            .writeValueAsBytes(new ObjectMapper().readTree(s.body)));
            add(all, algorithm, "body in another charset", s -> s.body = invoice.getBytes(StandardCharsets.ISO_8859_1));
            add(all, algorithm, "no body", s -> s.body = new byte[0]);
            add(all, algorithm, "last letter of the signature changed",
                    s -> s.sign(s.signature().substring(0, s.signature().length() - 3)
                            + (s.signature().endsWith("A") ? "BBB" : "AAA")));
            add(all, algorithm, "first letter of the signature changed",
                    s -> s.sign((s.signature().startsWith("A") ? "B" : "A") + s.signature().substring(1)));
            add(all, algorithm, "signed, but not JSON", s -> resign(s, "not json"));
            add(all, algorithm, "signed, but an array", s -> resign(s, "[" + invoice + "]"));
            add(all, algorithm, "signed, but half an object", s -> resign(s, invoice.substring(0, invoice.length() - 1)));
            add(all, algorithm, "signed, but two objects", s -> resign(s, invoice + invoice));
            add(all, algorithm, "signed, but no webhook", s -> resign(s, "{\"invoice\":{}}"));
            add(all, algorithm, "signed, but blank", s -> resign(s, "  "));
            add(all, algorithm, "unique key with a path", s -> s.headers.put("X-Lago-Unique-Key", "../../etc/cron.d/x"));
            add(all, algorithm, "unique key of 65 characters", s -> s.headers.put("X-Lago-Unique-Key", "k".repeat(65)));
            add(all, algorithm, "unique key with an expression", s -> s.headers.put("X-Lago-Unique-Key", "${body}"));
            add(all, algorithm, "signed, but for another organization",
                    s -> resign(s, invoice.replace(sandbox.organizationId(), "11111111-2222-3333-4444-555555555555")));
            add(all, algorithm, "signed, but for the organization with a blank",
                    s -> resign(s, invoice.replace(sandbox.organizationId(), sandbox.organizationId() + " ")));
            add(all, algorithm, "signed, but for no organization",
                    s -> resign(s, invoice.replace("\"organization_id\":\"" + sandbox.organizationId() + "\",", "")));
            add(all, algorithm, "signed, but for a blank organization",
                    s -> resign(s, invoice.replace(sandbox.organizationId(), "")));
            for (String value : List.of("null", "1", "true", "{}", "[\"%s\"]", "{\"lago_id\":\"%s\"}")) {
                add(all, algorithm, "signed, but with the organization " + value,
                        s -> resign(s, invoice.replace("\"" + sandbox.organizationId() + "\"",
                                value.formatted(sandbox.organizationId()))));
            }
            add(all, algorithm, "signed, but with a second organization",
                    s -> resign(s, "{\"organization_id\":\"other\"," + invoice.substring(1)));
            add(all, algorithm, "signed, but with a second organization in another spelling",
                    s -> resign(s, "{\"organization\\u005fid\":\"other\"," + invoice.substring(1)));
            add(all, algorithm, "signed, but with a second organization at the end",
                    s -> resign(s, invoice.substring(0, invoice.length() - 1) + ",\"organization_id\":\"other\"}"));
            add(all, algorithm, "signed, but with the organization in the object only",
                    s -> resign(s, "{\"webhook_type\":\"invoice.created\",\"object_type\":\"invoice\",\"invoice\":"
                            + "{\"organization_id\":\"" + sandbox.organizationId() + "\"}}"));
            add(all, algorithm, "signed, but with two types",
                    s -> resign(s, "{\"webhook_type\":\"invoice.voided\"," + invoice.substring(1)));
            add(all, algorithm, "signed, but with two objects of one type",
                    s -> resign(s, "{\"invoice\":{\"lago_id\":\"inv-2\"}," + invoice.substring(1)));
            add(all, algorithm, "signed, but with a type that is no string",
                    s -> resign(s, invoice.replace("\"invoice.created\"", "[\"invoice.created\"]")));
            add(all, algorithm, "signed, but with an object type that is no string",
                    s -> resign(s, invoice.replace("\"object_type\":\"invoice\"", "\"object_type\":{}")));
        }
        add(all, "hmac", "announced as jwt", s -> s.headers.put("X-Lago-Signature-Algorithm", "jwt"));
        add(all, "hmac", "signed as jwt", s -> s.headers.putAll(signed("jwt", invoice)));
        add(all, "hmac", "without padding", s -> s.sign(s.signature().replace("=", "")));
        add(all, "hmac", "base64 for URLs",
                s -> s.sign(
                        Base64.getUrlEncoder().encodeToString(Base64.getDecoder().decode(s.signature())).replace('=', '-')));
        add(all, "hmac", "base64 with something in it",
                s -> s.sign(s.signature().substring(0, 10) + " " + s.signature().substring(10)));
        add(all, "hmac", "with another key", s -> s.sign("W3o0Vb0x6Q0G0m5p7n8bE7H1bq1xq7aV0hQd5D7u1mE="));
        add(all, "jwt", "announced as hmac", s -> s.headers.put("X-Lago-Signature-Algorithm", "hmac"));
        add(all, "jwt", "signed as hmac", s -> s.headers.putAll(signed("hmac", invoice)));
        add(all, "jwt", "alg none", s -> s.sign(new PlainJWT(claims()).serialize()));
        add(all, "jwt", "alg none with a signature", s -> {
            String[] parts = s.signature().split("\\.");
            String none = Base64.getUrlEncoder().withoutPadding().encodeToString("{\"alg\":\"none\"}".getBytes());
            s.sign(none + "." + parts[1] + "." + parts[2]);
        });
        add(all, "jwt", "HS256 with the public key", s -> s.sign(hs256(publicPem().getBytes(StandardCharsets.US_ASCII))));
        add(all, "jwt", "HS256 with the public key's base64",
                s -> s.sign(hs256(sandboxKey().getBytes(StandardCharsets.US_ASCII))));
        add(all, "jwt", "RS512 with another key", s -> s.sign(rsa(JWSAlgorithm.RS512)));
        add(all, "jwt", "RS256 with another key", s -> s.sign(rsa(JWSAlgorithm.RS256)));
        add(all, "jwt", "the key in its own header", s -> s.sign(ownKey()));
        add(all, "jwt", "no signature part", s -> s.sign(s.signature().substring(0, s.signature().lastIndexOf('.') + 1)));
        add(all, "jwt", "two parts", s -> s.sign(s.signature().substring(0, s.signature().lastIndexOf('.'))));
        add(all, "jwt", "claims of another webhook", s -> {
            String[] parts = s.signature().split("\\.");
            String[] other = sandbox.signWebhook("jwt", invoice.replace("inv-1", "inv-2")).split("\\.");
            s.body(invoice.replace("inv-1", "inv-2"));
            s.sign(parts[0] + "." + other[1] + "." + parts[2]);
        });
        return all.stream();
    }

    private static void add(List<Arguments> all, String algorithm, String name, Tampering tampering) {
        all.add(arguments(algorithm, name, tampering));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("tamperings")
    void rejectsForgeries(String algorithm, String name, Tampering tampering) throws Exception {
        onWebhook(r -> r.to("mock:in"), "signatureAlgo=" + algorithm, "hmacKey=" + sandbox.hmacKey());
        Sent sent = new Sent(algorithm);
        assertThat(post(URI.create(hook()), sent.body, sent.headers).statusCode()).as("untouched").isEqualTo(200);

        tampering.with(sent);

        var response = post(URI.create(hook()), sent.body, sent.headers);
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.body()).isEmpty();
        assertThat(mock("in").getExchanges()).hasSize(1);
    }

    @Test
    void aServerOtherThanTheIssuerIsRefused() throws Exception {
        onWebhook(r -> r.to("mock:in"), "issuer=https://api.other.example");
        assertThat(post(invoice, signed("jwt", invoice)).statusCode()).isEqualTo(401);
        assertThat(mock("in").getExchanges()).isEmpty();
    }

    @Test
    void theIssuerIsAccepted() throws Exception {
        onWebhook(r -> r.to("mock:in"), "issuer=" + sandbox.baseUrl());
        assertThat(post(invoice, signed("jwt", invoice)).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jwt", "hmac"})
    void namesOfHeadersAreOfAnyCase(String algorithm) throws Exception {
        onWebhook(r -> r.to("mock:in"), "signatureAlgo=" + algorithm, "hmacKey=" + sandbox.hmacKey());
        Map<String, Object> headers = new HashMap<>();
        signed(algorithm, invoice).forEach((name, value) -> headers.put(name.toLowerCase(java.util.Locale.ROOT), value));
        assertThat(post(invoice, headers).statusCode()).isEqualTo(200);
    }

    /** Servers parse forms by themselves, and what is left is no longer what was signed. */
    @ParameterizedTest
    @ValueSource(strings = {"application/x-www-form-urlencoded", "multipart/form-data; boundary=x"})
    void rejectsForms(String type) throws Exception {
        onWebhook(r -> r.to("mock:in"));
        var request = java.net.http.HttpRequest.newBuilder(URI.create(hook())).header("Content-Type", type);
        signed("jwt", invoice).forEach((name, value) -> request.header(name, value.toString()));
        request.POST(java.net.http.HttpRequest.BodyPublishers.ofString(invoice));
        assertThat(HTTP.send(request.build(), java.net.http.HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(401);
        assertThat(mock("in").getExchanges()).isEmpty();
    }

    @Test
    void headersThatAreNotSignedDoNotReachTheRoute() throws Exception {
        onWebhook(r -> r.to("mock:in"));
        Map<String, Object> headers = signed("jwt", invoice);
        headers.put("lago_id", "other");
        headers.put("CamelLagoId", "other");
        headers.put("CamelLagoPath.lago_id", "other");
        URI hook = URI.create(hook() + "?external_customer_id=other");
        assertThat(post(hook, invoice.getBytes(StandardCharsets.UTF_8), headers).statusCode()).isEqualTo(200);
        assertThat(mock("in").getExchanges().get(0).getMessage().getHeaders()).containsEntry("CamelLagoId", "inv-1")
                .doesNotContainKeys("lago_id", "external_customer_id", "CamelLagoPath.lago_id", "CamelHttpUri");
    }

    @ParameterizedTest
    @CsvSource({"0,200", "1,413"})
    void limitsTheSizeOfBodies(int more, int status) throws Exception {
        int limit = 20 * 1024 * 1024;
        onWebhook(r -> r.to("mock:in"), "signatureAlgo=hmac", "hmacKey=" + sandbox.hmacKey());
        String frame = body("invoice.created", "invoice", "{\"pad\":\"\"}");
        String body = frame.replace("\"\"", "\"" + "x".repeat(limit - frame.length() + more) + "\"");

        assertThat(post(body, signed("hmac", body)).statusCode()).isEqualTo(status);
        assertThat(mock("in").getExchanges()).hasSize(status == 200 ? 1 : 0);
    }

    @Test
    void maxBodySizeIsAnOption() throws Exception {
        onWebhook(r -> r.to("mock:in"), "maxBodySize=50");
        assertThat(post(invoice, signed("jwt", invoice)).statusCode()).isEqualTo(413);
        assertThat(mock("in").getExchanges()).isEmpty();
    }

    private static void resign(Sent sent, String body) {
        sent.body(body);
        sent.sign(sandbox.signWebhook(sent.algorithm, body));
    }

    private static JWTClaimsSet claims() {
        return new JWTClaimsSet.Builder().claim("data", invoice).issuer(sandbox.baseUrl()).build();
    }

    private static String sandboxKey() throws Exception {
        var request = java.net.http.HttpRequest.newBuilder(URI.create(sandbox.baseUrl() + "/api/v1/webhooks/public_key"))
                .header("Authorization", "Bearer " + sandbox.apiKey()).build();
        return HTTP.send(request, java.net.http.HttpResponse.BodyHandlers.ofString()).body();
    }

    private static String publicPem() throws Exception {
        return new String(Base64.getMimeDecoder().decode(sandboxKey()), StandardCharsets.US_ASCII);
    }

    private static String hs256(byte[] secret) throws JOSEException {
        SignedJWT jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims());
        jwt.sign(new MACSigner(secret));
        return jwt.serialize();
    }

    private static String rsa(JWSAlgorithm algorithm) throws Exception {
        SignedJWT jwt = new SignedJWT(new JWSHeader(algorithm), claims());
        jwt.sign(new RSASSASigner(otherKey.getPrivate()));
        return jwt.serialize();
    }

    private static String ownKey() throws Exception {
        var jwk = new com.nimbusds.jose.jwk.RSAKey.Builder((java.security.interfaces.RSAPublicKey) otherKey.getPublic())
                .keyID("k").issueTime(new Date(0)).build();
        SignedJWT jwt = new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.RS256).jwk(jwk).build(), claims());
        jwt.sign(new RSASSASigner(otherKey.getPrivate()));
        return jwt.serialize();
    }
}
