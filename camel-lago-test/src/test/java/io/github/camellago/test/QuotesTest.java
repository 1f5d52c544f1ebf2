package io.github.camellago.test;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Quotes, their versions, order forms and orders. */
class QuotesTest {

    private LagoSandbox sandbox;
    private Api api;

    @BeforeEach
    void start() {
        sandbox = LagoSandbox.start();
        api = new Api(sandbox);
        sandbox.add("customers", Map.of("external_id", "acme", "currency", "EUR"));
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    /** The id of a one-off quote for 3 units of an add-on. */
    private String quote() {
        Object addOn = sandbox.records("add_ons").isEmpty()
                ? sandbox.add("add_ons", Map.of("code", "setup", "amount_cents", 1000, "amount_currency", "EUR")).get("lago_id")
                : sandbox.records("add_ons").get(0).get("lago_id");
        return quote("one_off", Map.of("addOns", List.of(Map.of("id", addOn, "localId", "1", "type", "add_on", "payload",
                Map.of("code", "setup", "units", 3, "unitAmountCents", 500, "totalAmountCents", 1500)))), Map.of());
    }

    private String quote(String type, Map<String, ?> items, Map<String, ?> more) {
        Map<String, Object> quote = new HashMap<>(
                Map.of("external_customer_id", "acme", "order_type", type, "billing_items", items, "content", "Dear customer"));
        quote.putAll(more);
        return sandbox.add("quotes", quote).get("lago_id").toString();
    }

    private String version(String quote) {
        return api.ok("GET", "/quotes/" + quote, null).at("quote.current_version.lago_id");
    }

    private String orderForm(String quote) {
        api.ok("POST", "/quote_versions/" + version(quote) + "/approve", null);
        return api.get("/order_forms").at("order_forms.0.lago_id");
    }

    private String order(String quote, Map<String, ?> orderForm) {
        api.ok("POST", "/order_forms/" + orderForm(quote) + "/mark_as_signed", Map.of("order_form", orderForm));
        return api.get("/orders").at("orders.0.lago_id");
    }

    private static String reason(Api.Answer answer, String field) {
        return answer.json().at("/error_details").path(field).path(0).asText();
    }

    @Test
    void showsContentAndItemsOfAVersionOnItsOwn() {
        String quote = quote();

        Api.Answer one = api.get("/quotes/" + quote);
        assertThat(one.at("quote.number")).matches("QT-\\d{4}-0001");
        assertThat(one.json().at("/quote/owners").isArray()).isTrue();
        assertThat(one.at("quote.current_version.currency")).isEqualTo("EUR");
        assertThat(one.json().at("/quote/current_version").has("content")).isFalse();
        assertThat(api.get("/quotes").json().at("/quotes/0").has("owners")).isFalse();
        assertThat(api.get("/quote_versions/" + version(quote)).at("quote_version.content")).isEqualTo("Dear customer");
        assertThat(api.get("/quotes/" + quote + "/versions").json().at("/quote_versions/0").has("billing_items")).isFalse();
    }

    @Test
    void filtersQuotesByTheirCurrentVersionAndCustomer() {
        String first = quote();
        sandbox.add("customers", Map.of("external_id", "other"));
        sandbox.add("quotes", Map.of("external_customer_id", "other", "order_type", "subscription_creation", "owners",
                List.of("sales@example.com")));
        api.ok("POST", "/quote_versions/" + version(first) + "/void", null);

        assertThat(api.get("/quotes?status=voided").each("quotes", "lago_id")).containsExactly(first);
        assertThat(api.get("/quotes?status[]=draft&status[]=voided").json().get("quotes")).hasSize(2);
        assertThat(api.get("/quotes?external_customer_id=acme").each("quotes", "lago_id")).containsExactly(first);
        assertThat(api.get("/quotes?order_type=one_off&number=QT-2000-0001").json().get("quotes")).isEmpty();
        assertThat(api.get("/quotes?from_date=2020-01-01&to_date=2020-01-02").json().get("quotes")).isEmpty();
        for (String invalid : List.of("status=x", "order_type=x", "number=x", "owner_id=x", "from_date=x")) {
            assertThat(api.get("/quotes?" + invalid).code()).as(invalid).isEqualTo("validation_errors");
        }
    }

    @Test
    void cloneReplacesTheDraft() {
        String quote = quote();
        String first = version(quote);

        Api.Answer clone = api.ok("POST", "/quote_versions/" + first + "/clone", null);
        assertThat(clone.at("quote_version.version")).isEqualTo("2");
        assertThat(clone.at("quote_version.content")).isEqualTo("Dear customer");
        assertThat(api.get("/quote_versions/" + first).at("quote_version.void_reason")).isEqualTo("superseded");
        assertThat(api.get("/quotes/" + quote + "/versions").each("quote_versions", "version")).containsExactly("2", "1");
        assertThat(reason(api.post("/quote_versions/" + first + "/void"), "status")).isEqualTo("not_voidable");
        assertThat(reason(api.post("/quote_versions/" + first + "/approve"), "status")).isEqualTo("not_approvable");
        orderForm(quote);
        assertThat(reason(api.post("/quote_versions/" + first + "/clone"), "status")).isEqualTo("not_clonable");
    }

    @Test
    void approvesOnlyVersionsWithItems() {
        String none = version(quote("one_off", Map.of(), Map.of()));
        String empty = version(quote("subscription_creation", Map.of("plans", List.of()), Map.of()));
        String unknown = version(quote("one_off", Map.of("addOns", List.of(Map.of("id", "none"))), Map.of()));

        assertThat(reason(api.post("/quote_versions/" + none + "/approve"), "billing_items.addOns"))
                .isEqualTo("value_is_mandatory");
        assertThat(reason(api.post("/quote_versions/" + empty + "/approve"), "billing_items.plans")).isEqualTo("invalid_count");
        assertThat(reason(api.post("/quote_versions/" + unknown + "/approve"), "billing_items.addOns.0.id"))
                .isEqualTo("add_on_not_found");
        assertThat(reason(api.post("/quote_versions/" + version(quote()) + "/approve", Map.of("expires_at", "2020-01-01")),
                "expires_at")).isEqualTo("invalid_date");
    }

    @Test
    void voidingAnOrderFormVoidsItsVersion() {
        String quote = quote();
        String form = orderForm(quote);

        assertThat(api.ok("POST", "/order_forms/" + form + "/void", null).at("order_form.void_reason")).isEqualTo("manual");
        assertThat(api.get("/quote_versions/" + version(quote)).at("quote_version.void_reason")).isEqualTo("cascade_of_voided");
        assertThat(reason(api.post("/order_forms/" + form + "/void"), "status")).isEqualTo("not_voidable");
        assertThat(reason(api.post("/order_forms/" + form + "/mark_as_signed"), "status")).isEqualTo("not_signable");
    }

    @Test
    void validatesTheSigningOfAnOrderForm() {
        String path = "/order_forms/" + orderForm(quote()) + "/mark_as_signed";

        assertThat(reason(sign(path, Map.of("execute_at", "2099-01-01")), "execution_mode")).isEqualTo("value_is_mandatory");
        assertThat(reason(sign(path, Map.of("execution_mode", "x")), "execution_mode")).isEqualTo("value_is_invalid");
        assertThat(reason(sign(path, Map.of("execution_mode", "order_only", "execute_at", "2000-01-01")), "execute_at"))
                .isEqualTo("invalid_date");
        assertThat(reason(sign(path, Map.of("signed_document", "text")), "signed_document")).isEqualTo("invalid_format");
        assertThat(reason(sign(path, Map.of("signed_document", "data:text/plain;base64,eA==")), "signed_document"))
                .isEqualTo("invalid_content_type");
        Api.Answer signed = sign(path, Map.of("signed_document", "data:application/pdf;base64,eA=="));
        assertThat(signed.at("order_form.status")).isEqualTo("signed");
        assertThat(signed.at("order_form.signed_document_url")).startsWith(sandbox.baseUrl());
    }

    private Api.Answer sign(String path, Map<String, ?> orderForm) {
        return api.post(path, Map.of("order_form", orderForm));
    }

    @Test
    void executesAOneOffOrderAsAnInvoice() {
        String order = order(quote(), Map.of());
        String path = "/orders/" + order + "/execute";

        assertThat(reason(api.post(path), "execution_mode")).isEqualTo("value_is_mandatory");
        Api.Answer executed = api.ok("POST", path, Map.of("order", Map.of("execution_mode", "execute_in_lago")));
        assertThat(executed.at("order.status")).isEqualTo("executed");
        String invoice = executed.at("order.execution_record.invoice_id");
        assertThat(api.get("/invoices/" + invoice).at("invoice.total_amount_cents")).isEqualTo("1500");
        assertThat(api.ok("POST", path, null).at("order.execution_record.invoice_id")).isEqualTo(invoice);
        assertThat(reason(api.post(path, Map.of("order", Map.of("execution_mode", "order_only"))), "status"))
                .isEqualTo("not_editable");
        assertThat(api.get("/invoices").json().get("invoices")).hasSize(1);
    }

    @Test
    void executesSubscriptionsToPlans() {
        Object plan = sandbox.add("plans", Map.of("code", "pro", "amount_currency", "EUR")).get("lago_id");
        String quote = quote("subscription_creation", Map.of("plans", List.of(Map.of("id", plan, "payload",
                Map.of("code", "pro", "subscriptionExternalId", "sub-1")))), Map.of());
        String order = order(quote, Map.of("execution_mode", "execute_in_lago"));

        Api.Answer executed = api.ok("POST", "/orders/" + order + "/execute", null);

        assertThat(executed.at("order.execution_record.subscription_ids.0"))
                .isEqualTo(api.get("/subscriptions/sub-1").at("subscription.lago_id"));
    }

    @Test
    void filtersOrdersAndOrderForms() {
        String quote = quote();
        String order = order(quote, Map.of("execution_mode", "order_only"));
        String number = api.get("/quotes/" + quote).at("quote.number");
        String customer = api.get("/customers/acme").at("customer.lago_id");

        for (String filter : List.of("status=created", "order_type=one_off", "execution_mode[]=order_only",
                "quote_number=" + number, "search_term=OR-", "customer_id=" + customer, "order_form_number[]=OF-"
                        + number.substring(3))) {
            assertThat(api.get("/orders?" + filter).each("orders", "lago_id")).as(filter).containsExactly(order);
        }
        assertThat(api.get("/orders?quote_number=QT-2000-0001").json().get("orders")).isEmpty();
        assertThat(api.get("/order_forms?quote_number=" + number).json().get("order_forms")).hasSize(1);
        assertThat(api.get("/order_forms?status=generated").json().get("order_forms")).isEmpty();
        for (String invalid : List.of("/orders?status=x", "/orders?customer_id=x", "/orders?executed_at_from=x",
                "/order_forms?status=x", "/order_forms?expires_at_to=x")) {
            assertThat(api.get(invalid).code()).as(invalid).isEqualTo("validation_errors");
        }
    }

    @Test
    void sendsAWebhookForEachStep() {
        order(quote(), Map.of());

        assertThat(api.get("/activity_logs").each("activity_logs", "activity_type")).contains("quote.created", "quote.approved",
                "order_form.created", "order_form.signed", "order.created");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/quotes", "/quotes/x", "/quotes/x/versions", "/quote_versions/x", "/order_forms", "/orders"})
    void answers403WithoutTheFeature(String path) {
        try (LagoSandbox off = LagoSandbox.builder().orderForms(false).start()) {
            assertThat(new Api(off).get(path).code()).isEqualTo("feature_unavailable");
        }
    }

    @Test
    void allowsOnlyReadingWithoutPremium() {
        try (LagoSandbox off = LagoSandbox.builder().premium(false).start()) {
            Object quote = off.add("quotes", Map.of()).get("lago_id");
            Api free = new Api(off);
            String version = free.ok("GET", "/quotes/" + quote, null).at("quote.current_version.lago_id");

            assertThat(free.post("/quote_versions/" + version + "/approve").code()).isEqualTo("feature_unavailable");
        }
    }
}
