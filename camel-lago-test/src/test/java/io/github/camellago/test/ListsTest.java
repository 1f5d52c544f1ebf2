package io.github.camellago.test;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(LagoSandboxExtension.class)
class ListsTest {

    LagoSandbox sandbox;
    Api api;

    @BeforeEach
    void connect() {
        api = new Api(sandbox);
    }

    private void customers(int count) {
        List<Map<String, Object>> customers = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            customers.add(Map.of("external_id", "c" + i, "created_at", "2026-01-01T00:%02d:%02dZ".formatted(i / 60, i % 60)));
        }
        sandbox.addAll("customers", customers);
    }

    @Test
    void pagesContainAllRecordsNewestFirst() {
        customers(5);
        Api.Answer first = api.get("/customers?per_page=2");
        assertThat(first.each("customers", "external_id")).containsExactly("c5", "c4");
        assertThat(first.json().get("meta").toString())
                .isEqualTo("{\"current_page\":1,\"next_page\":2,\"prev_page\":null,\"total_pages\":3,\"total_count\":5}");
        Api.Answer last = api.get("/customers?per_page=2&page=3");
        assertThat(last.each("customers", "external_id")).containsExactly("c1");
        assertThat(last.json().get("meta").toString())
                .isEqualTo("{\"current_page\":3,\"next_page\":null,\"prev_page\":2,\"total_pages\":3,\"total_count\":5}");
        Api.Answer beyond = api.get("/customers?per_page=2&page=4");
        assertThat(beyond.json().get("customers")).isEmpty();
        assertThat(beyond.json().at("/meta/next_page").isNull()).isTrue();
    }

    @Test
    void pageSizeIsAHundredByDefault() {
        customers(101);
        assertThat(api.get("/customers").json().get("customers")).hasSize(100);
        assertThat(api.get("/customers?per_page=1000").json().get("customers")).hasSize(101);
        assertThat(api.get("/customers?page=0&per_page=x").json().get("customers")).hasSize(100);
    }

    @Test
    void emptyListHasNoPages() {
        assertThat(api.get("/customers").json().get("meta").toString())
                .isEqualTo("{\"current_page\":0,\"next_page\":null,\"prev_page\":null,\"total_pages\":0,\"total_count\":0}");
    }

    @Test
    void newRecordsMoveOthersToLaterPages() {
        customers(4);
        assertThat(api.get("/customers?per_page=2").each("customers", "external_id")).containsExactly("c4", "c3");
        sandbox.add("customers", Map.of("external_id", "new"));
        assertThat(api.get("/customers?per_page=2&page=2").each("customers", "external_id")).containsExactly("c3", "c2");
    }

    @Test
    void deletionsMoveOthersToEarlierPages() {
        customers(4);
        api.ok("DELETE", "/customers/c4", null);
        Api.Answer second = api.get("/customers?per_page=2&page=2");
        assertThat(second.each("customers", "external_id")).containsExactly("c1");
        assertThat(second.number("meta.total_count")).isEqualTo("3");
    }

    @Test
    void keepsTheOrderWhateverChanges() {
        Random random = new Random(1);
        Map<String, String> created = new HashMap<>();
        for (int round = 0; round < 40; round++) {
            // few changes and many
            for (int i = random.nextInt(round % 4 == 0 ? 300 : 20); i > 0; i--) {
                String time = "2026-01-01T00:00:%02dZ".formatted(random.nextInt(60));
                String known = created.isEmpty() ? null : List.copyOf(created.keySet()).get(random.nextInt(created.size()));
                switch (random.nextInt(3)) {
                    case 0 -> {
                        if (known != null && created.remove(known) != null) {
                            sandbox.remove("customers", known);
                        }
                    }
                    case 1 -> {
                        if (known != null) {
                            sandbox.update("customers", known, Map.of("created_at", time));
                            created.put(known, time);
                        }
                    }
                    default -> created.put((String) sandbox.add("customers", Map.of("created_at", time)).get("lago_id"), time);
                }
            }
            assertThat(sandbox.records("customers")).extracting(customer -> customer.get("lago_id"))
                    .containsExactlyElementsOf(created.keySet().stream()
                            .sorted(Comparator.comparing((String id) -> created.get(id)).reversed()
                                    .thenComparing(Comparator.naturalOrder()))
                            .toList());
        }
    }

    @Test
    void sortsFeesOldestFirst() {
        sandbox.add("fees", Map.of("description", "old", "created_at", "2026-01-01T00:00:00Z"));
        sandbox.add("fees", Map.of("description", "new", "created_at", "2026-01-02T00:00:00Z"));
        assertThat(api.get("/fees").each("fees", "description")).containsExactly("old", "new");
    }

    @Test
    void sortsInvoicesByIssuingDateThenCreation() {
        sandbox.add("invoices", Map.of("number", "a", "issuing_date", "2026-01-05", "created_at", "2026-01-09T00:00:00Z"));
        sandbox.add("invoices", Map.of("number", "b", "issuing_date", "2026-01-06", "created_at", "2026-01-01T00:00:00Z"));
        sandbox.add("invoices", Map.of("number", "c", "issuing_date", "2026-01-05", "created_at", "2026-01-10T00:00:00Z"));
        assertThat(api.get("/invoices").each("invoices", "number")).containsExactly("b", "c", "a");
    }

    @Test
    void sortsSubscriptionsByDate() {
        sandbox.add("subscriptions", Map.of("external_id", "late", "subscription_at", "2026-02-01T00:00:00Z", "created_at",
                "2026-01-01T00:00:00Z"));
        sandbox.add("subscriptions", Map.of("external_id", "early", "subscription_at", "2026-01-01T00:00:00Z", "created_at",
                "2026-02-01T00:00:00Z"));
        assertThat(api.get("/subscriptions").each("subscriptions", "external_id")).containsExactly("late", "early");
    }

    @Test
    void sortsTiesById() {
        String at = "2026-01-01T00:00:00Z";
        sandbox.add("customers", Map.of("external_id", "y", "lago_id", "bbb", "created_at", at));
        sandbox.add("customers", Map.of("external_id", "x", "lago_id", "aaa", "created_at", at));
        assertThat(api.get("/customers").each("customers", "external_id")).containsExactly("x", "y");
    }

    @Test
    void sortsLogsByTime() {
        sandbox.add("activity_logs", Map.of("activity_id", "1", "logged_at", "2026-01-01T00:00:00Z"));
        sandbox.add("activity_logs", Map.of("activity_id", "2", "logged_at", "2026-01-02T00:00:00Z"));
        assertThat(api.get("/activity_logs").each("activity_logs", "activity_id")).containsExactly("2", "1");
        assertThat(api.get("/activity_logs/1").at("activity_log.logged_at")).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(api.get("/activity_logs?from_date=2026-01-02").each("activity_logs", "activity_id")).containsExactly("2");
    }

    @Test
    void acceptsArraysInFilters() {
        for (String status : new String[]{"draft", "finalized", "voided"}) {
            sandbox.add("invoices", Map.of("status", status, "issuing_date", "2026-01-01"));
        }
        assertThat(api.get("/invoices?statuses[]=draft&statuses[]=voided").each("invoices", "status"))
                .containsExactlyInAnyOrder("draft", "voided");
        assertThat(api.get("/invoices?statuses%5B%5D=draft").each("invoices", "status")).containsExactly("draft");
        assertThat(api.get("/invoices?statuses[]=draft").number("meta.total_count")).isEqualTo("1");
    }

    @Test
    void acceptsMapsDatesAmountsAndSearchTermsInFilters() {
        sandbox.add("invoices", Map.of("number", "INV-1", "issuing_date", "2026-01-01", "total_amount_cents", 100, "metadata",
                List.of(Map.of("key", "team", "value", "red"))));
        sandbox.add("invoices", Map.of("number", "INV-2", "issuing_date", "2026-02-01", "total_amount_cents", 200, "metadata",
                List.of(Map.of("key", "team", "value", "blue"))));
        assertThat(numbers("metadata[team]=red")).containsExactly("INV-1");
        assertThat(numbers("metadata%5Bteam%5D=blue")).containsExactly("INV-2");
        assertThat(numbers("issuing_date_from=2026-01-15")).containsExactly("INV-2");
        assertThat(numbers("issuing_date_to=2026-01-01")).containsExactly("INV-1");
        assertThat(numbers("amount_from=150")).containsExactly("INV-2");
        assertThat(numbers("amount_to=150")).containsExactly("INV-1");
        assertThat(numbers("search_term=inv-2")).containsExactly("INV-2");
        assertThat(numbers("payment_dispute_lost=true")).isEmpty();
        assertThat(numbers("no_such_filter=1")).containsExactly("INV-2", "INV-1");
    }

    private List<String> numbers(String query) {
        return api.get("/invoices?" + query).each("invoices", "number");
    }

    @Test
    void answersSomeListsWithoutMeta() {
        assertThat(api.get("/billing_entities").json().fieldNames()).toIterable().containsExactly("billing_entities");
        assertThat(api.get("/analytics/gross_revenue").json().fieldNames()).toIterable().containsExactly("gross_revenues");
        assertThat(api.get("/billing_entities").each("billing_entities", "code")).containsExactly("default");
    }

    @Test
    void acceptsAnyPercentEncodedId() {
        String id = "a/b c+d?é";
        api.create("customers", "customer", Map.of("external_id", id));
        Api.Answer found = api.get("/customers/a%2Fb%20c+d%3F%C3%A9");
        assertThat(found.at("customer.external_id")).isEqualTo(id);
        assertThat(sandbox.requests().get(1).path()).isEqualTo("/api/v1/customers/a%2Fb%20c+d%3F%C3%A9");
    }

    @Test
    void repeatsStaleTotalsUntilForgotten() {
        try (LagoSandbox stale = LagoSandbox.builder().staleTotals(true).start()) {
            Api calls = new Api(stale);
            stale.add("customers", Map.of("external_id", "a"));
            assertThat(calls.get("/customers?per_page=1").number("meta.total_pages")).isEqualTo("1");
            stale.add("customers", Map.of("external_id", "b"));
            Api.Answer answer = calls.get("/customers?per_page=1");
            assertThat(answer.number("meta.total_count")).isEqualTo("1");
            assertThat(answer.number("meta.next_page")).isEqualTo("2");
            stale.forgetTotals();
            assertThat(calls.get("/customers?per_page=1").number("meta.total_pages")).isEqualTo("2");
        }
    }
}
