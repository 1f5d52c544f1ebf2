package io.github.camellago.test;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/** Unusual filter values: unknown and empty values, a plain value instead of an array, unreadable dates. */
@ExtendWith(LagoSandboxExtension.class)
class FiltersTest {

    LagoSandbox sandbox;
    Api api;

    @BeforeEach
    void fill() {
        api = new Api(sandbox);
        for (String id : List.of("a", "b")) {
            sandbox.add("customers", Map.of("external_id", id, "currency", "EUR", "metadata",
                    "a".equals(id) ? List.of(Map.of("key", "k", "value", "v")) : List.of()));
            sandbox.add("invoices", Map.of("external_customer_id", id, "issuing_date", "2026-01-0" + (id.equals("a") ? 1 : 2),
                    "currency", "EUR", "total_amount_cents", 100));
        }
    }

    private int count(String list, String query) {
        Api.Answer answer = api.get("/" + list + "?" + query);
        assertThat(answer.status()).as(query + ": " + answer.response().body()).isEqualTo(200);
        return answer.json().get(list).size();
    }

    @Test
    void ignoresOrRejectsAPlainValueInsteadOfAnArray() {
        assertThat(count("customers", "currencies=USD")).isEqualTo(2);
        assertThat(count("customers", "currencies[]=USD")).isZero();
        assertThat(api.get("/invoices?billing_entity_codes=default").status()).isEqualTo(500);
        assertThat(count("invoices", "billing_entity_codes[]=default")).isEqualTo(2);
        assertThat(api.get("/customers?billing_entity_codes[]=x").code()).isEqualTo("billing_entity_not_found");
    }

    @Test
    void treatsUnknownValuesAsEachListDoes() {
        assertThat(api.get("/invoices?status[]=finalized&status[]=paid").status()).isEqualTo(422);
        sandbox.add("credit_notes", Map.of("credit_status", "available"));
        assertThat(count("credit_notes", "credit_status=x")).isEqualTo(1);
        assertThat(count("credit_notes", "credit_status=consumed")).isZero();
        sandbox.add("subscriptions", Map.of("external_id", "s", "external_customer_id", "a", "status", "terminated"));
        assertThat(count("subscriptions", "status[]=active")).isZero();
        assertThat(count("subscriptions", "status=terminated")).as("a plain value is ignored").isZero();
        assertThat(count("subscriptions", "status[]=active&status[]=x")).as("an unknown value disables the filter")
                .isEqualTo(1);
    }

    @Test
    void treatsEmptyValuesAsEachListDoes() {
        assertThat(count("customers", "external_id=")).isEqualTo(2);
        assertThat(count("subscriptions", "external_id=")).isZero();
        assertThat(count("invoices", "external_customer_id=")).isZero();
        assertThat(count("invoices", "currency=")).isZero();
        assertThat(api.get("/fees?fee_type=").at("error_details.fee_type.0")).isEqualTo("value_is_invalid");
        assertThat(api.get("/events?timestamp_from=").at("error_details.timestamp_from.0")).isEqualTo("invalid_date");
        assertThat(count("customers", "metadata[k]=")).as("customers without the key").isEqualTo(1);
        sandbox.add("payments", Map.of("external_customer_id", "a"));
        assertThat(count("payments", "external_customer_id=")).isEqualTo(1);
    }

    @Test
    void treatsUnreadableDatesAndAmountsAsEachListDoes() {
        assertThat(count("invoices", "issuing_date_from=soon")).isEqualTo(2);
        assertThat(count("invoices", "issuing_date_from=2026-01-02")).isEqualTo(1);
        assertThat(api.get("/fees?created_at_from=soon").at("error_details.created_at_from.0")).isEqualTo("invalid_date");
        assertThat(api.get("/activity_logs?from_date=soon").status()).isEqualTo(500);
        assertThat(api.get("/invoices?amount_from=much").status()).isEqualTo(500);
    }

    @Test
    void treatsAnyTextAsTrueForALostDispute() {
        assertThat(count("invoices", "payment_dispute_lost=false")).isZero();
        assertThat(count("invoices", "payment_overdue=false")).isEqualTo(2);
    }

    @Test
    void showsTheCachedTotalOfAnotherCustomer() {
        try (LagoSandbox cached = LagoSandbox.builder().cachedTotals(true).start()) {
            Api lago = new Api(cached);
            for (int i = 0; i < 3; i++) {
                cached.add("invoices", Map.of("customer", Map.of("external_id", "many")));
            }
            cached.add("invoices", Map.of("customer", Map.of("external_id", "one")));
            assertThat(lago.get("/invoices?external_customer_id=many&per_page=1").number("meta.total_count")).isEqualTo("3");
            Api.Answer one = lago.get("/invoices?external_customer_id=one&per_page=1");
            assertThat(one.json().get("invoices")).hasSize(1);
            assertThat(one.number("meta.total_count")).isEqualTo("3");
            assertThat(one.number("meta.next_page")).isEqualTo("2");
            cached.advance(Duration.ofMinutes(31));
            assertThat(lago.get("/invoices?external_customer_id=one&per_page=1").number("meta.total_count")).isEqualTo("1");
        }
    }
}
