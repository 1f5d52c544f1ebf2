package io.github.camellago.test;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/** The matching of paths: dots, slashes, and the segments that may contain them. */
@ExtendWith(LagoSandboxExtension.class)
class RoutingTest {

    LagoSandbox sandbox;
    Api api;

    @BeforeEach
    void connect() {
        api = new Api(sandbox);
        for (String id : List.of("acme", "acme.com", "a/b")) {
            sandbox.add("customers", Map.of("external_id", id));
        }
    }

    @Test
    void treatsTextAfterARawDotAsFormat() {
        assertThat(api.get("/customers/acme.com").at("customer.external_id")).isEqualTo("acme");
        assertThat(api.get("/customers/acme.co.uk").code()).isEqualTo("resource_not_found");
        assertThat(api.get("/customers.json").json().get("customers")).hasSize(3);
        assertThat(api.delete("/customers/acme.com").at("customer.external_id")).isEqualTo("acme");
    }

    @Test
    void findsNoRouteForARawDotBeforeTheLastSegment() {
        assertThat(api.get("/customers/acme.com/invoices").code()).isEqualTo("resource_not_found");
        assertThat(api.get("/customers/acme%2Ecom/invoices").status()).isEqualTo(200);
    }

    @Test
    void decodesEscapedDotsAndSlashes() {
        assertThat(api.get("/customers/acme%2Ecom").at("customer.external_id")).isEqualTo("acme.com");
        assertThat(api.get("/customers/a%2Fb").at("customer.external_id")).isEqualTo("a/b");
        assertThat(api.get("/customers/a/b").code()).isEqualTo("resource_not_found");
    }

    @Test
    void acceptsRawDotsAndSlashesInCodesOfPlans() {
        sandbox.add("plans", Map.of("code", "pro.v2/eu"));
        assertThat(api.get("/plans/pro.v2/eu").at("plan.code")).isEqualTo("pro.v2/eu");
        assertThat(api.get("/plans/pro.v2/eu/charges").status()).isEqualTo(200);
        assertThat(api.get("/plans/pro.v2/eu/nothing").code()).isEqualTo("plan_not_found");
        assertThat(api.post("/plans/pro.v2/eu/nothing").code()).isEqualTo("resource_not_found");
    }

    @Test
    void ignoresTrailingAndDoubleSlashes() {
        assertThat(api.get("/customers/").json().get("customers")).hasSize(3);
        assertThat(api.get("//customers//acme").at("customer.external_id")).isEqualTo("acme");
        sandbox.add("plans", Map.of("code", "p", "metadata", Map.of("a", "1")));
        assertThat(api.delete("/plans/p/metadata/").json().get("metadata").isNull()).isTrue();
    }

    @Test
    void updatesOneRecordWithPutAndPatch() {
        sandbox.add("taxes", Map.of("code", "vat", "name", "VAT", "rate", 20));
        assertThat(api.patch("/taxes/vat", Map.of("tax", Map.of("name", "A"))).at("tax.name")).isEqualTo("A");
        assertThat(api.put("/taxes/vat", Map.of("tax", Map.of("name", "B"))).at("tax.name")).isEqualTo("B");
    }
}
