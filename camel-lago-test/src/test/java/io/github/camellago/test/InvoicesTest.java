package io.github.camellago.test;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(LagoSandboxExtension.class)
class InvoicesTest {

    LagoSandbox sandbox;
    Api api;

    @BeforeEach
    void prepare() {
        api = new Api(sandbox);
        api.create("customers", "customer", Map.of("external_id", "acme", "currency", "EUR", "net_payment_term", 30));
        api.create("taxes", "tax", Map.of("code", "vat", "name", "VAT", "rate", "20.0"));
        api.create("add_ons", "add_on",
                Map.of("code", "setup", "name", "Set-up", "amount_cents", 1_000, "amount_currency", "EUR"));
    }

    private Api.Answer oneOff() {
        return api.create("invoices", "invoice", Map.of("external_customer_id", "acme", "currency", "EUR", "fees", List.of(
                Map.of("add_on_code", "setup", "units", "2.5", "tax_codes", List.of("vat")),
                Map.of("add_on_code", "setup", "unit_amount_cents", 333, "units", 1))));
    }

    private String invoice(String status, String paymentStatus) {
        return (String) sandbox
                .add("invoices", Map.of("status", status, "payment_status", paymentStatus, "issuing_date", "2026-01-01",
                        "total_amount_cents", 1_000, "customer", Map.of("external_id", "acme", "slug", "LAG-1")))
                .get("lago_id");
    }

    private void assertError(Api.Answer answer, int status, String code) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.code()).isEqualTo(code);
    }

    @Test
    void addsUpFeesAndTaxesOfAOneOffInvoice() {
        Api.Answer invoice = oneOff();
        assertThat(invoice.at("invoice.status")).isEqualTo("finalized");
        assertThat(invoice.at("invoice.invoice_type")).isEqualTo("one_off");
        assertThat(invoice.number("invoice.fees_amount_cents")).isEqualTo("2833");
        assertThat(invoice.number("invoice.taxes_amount_cents")).isEqualTo("500");
        assertThat(invoice.number("invoice.total_amount_cents")).isEqualTo("3333");
        assertThat(invoice.at("invoice.number")).endsWith("-001");
        assertThat(invoice.at("invoice.payment_due_date")).isGreaterThan(invoice.at("invoice.issuing_date"));
        assertThat(invoice.json().at("/invoice/fees")).hasSize(2);
        assertThat(invoice.at("invoice.applied_taxes.0.tax_code")).isEqualTo("vat");
        assertThat(invoice.at("invoice.customer.external_id")).isEqualTo("acme");
        assertThat(api.get("/fees").each("fees", "amount_cents")).containsExactlyInAnyOrder("2500", "333");
        assertThat(api.get("/fees?external_customer_id=acme&fee_type=add_on").json().get("fees")).hasSize(2);
    }

    @Test
    void repeatedCreateCreatesASecondInvoice() {
        oneOff();
        assertThat(oneOff().at("invoice.number")).endsWith("-002");
        assertThat(api.get("/invoices").json().get("invoices")).hasSize(2);
        assertThat(api.get("/customers/acme/invoices").json().get("invoices")).hasSize(2);
    }

    @Test
    void requiresCustomerFeesAndAddOns() {
        Map<String, Object> fee = Map.of("add_on_code", "setup");
        assertError(api.post("/invoices", Map.of("invoice", Map.of("external_customer_id", "x", "fees", List.of(fee)))), 404,
                "customer_not_found");
        assertError(api.post("/invoices", Map.of("invoice", Map.of("external_customer_id", "acme", "fees",
                List.of(Map.of("add_on_code", "x"))))), 404, "add_on_not_found");
        assertError(api.post("/invoices", Map.of("invoice", Map.of("external_customer_id", "acme"))), 404, "fees_not_found");
        assertThat(sandbox.records("invoices")).isEmpty();
        assertThat(sandbox.records("fees")).isEmpty();
    }

    @Test
    void finalizesOnlyDrafts() {
        String draft = invoice("draft", "pending");
        assertThat(api.put("/invoices/" + draft + "/finalize").at("invoice.status")).isEqualTo("finalized");
        assertError(api.put("/invoices/" + draft + "/finalize"), 404, "invoice_not_found");
        assertError(api.put("/invoices/nothing/finalize"), 404, "invoice_not_found");
    }

    @Test
    void voidsOnlyFinalizedInvoices() {
        String finalized = invoice("finalized", "pending");
        assertThat(api.post("/invoices/" + finalized + "/void").at("invoice.status")).isEqualTo("voided");
        assertError(api.post("/invoices/" + finalized + "/void"), 405, "not_voidable");
        assertError(api.post("/invoices/" + invoice("draft", "pending") + "/void"), 405, "not_voidable");
        String paid = invoice("finalized", "succeeded");
        assertThat(api.post("/invoices/" + paid + "/void").at("invoice.voided_at")).startsWith("20");
    }

    @Test
    void deletesOnlyDrafts() {
        String draft = invoice("draft", "pending");
        assertThat(api.delete("/invoices/" + draft).status()).isEqualTo(200);
        assertError(api.get("/invoices/" + draft), 404, "invoice_not_found");
        assertError(api.delete("/invoices/" + invoice("finalized", "pending")), 405, "not_deletable");
    }

    @Test
    void allowsOtherOperationsByState() {
        String finalized = invoice("finalized", "pending");
        String draft = invoice("draft", "pending");
        assertThat(api.post("/invoices/" + finalized + "/lose_dispute").at("invoice.payment_dispute_lost_at")).startsWith("20");
        assertError(api.post("/invoices/" + draft + "/lose_dispute"), 405, "not_disputable");
        assertThat(api.post("/invoices/" + invoice("failed", "pending") + "/retry").at("invoice.status")).isEqualTo("pending");
        assertError(api.post("/invoices/" + finalized + "/retry"), 405, "invalid_status");
        assertError(api.put("/invoices/" + draft + "/refresh"), 403, "feature_unavailable");
        sandbox.update("invoices", draft, Map.of("invoice_type", "subscription"));
        assertThat(api.put("/invoices/" + draft + "/refresh").at("invoice.status")).isEqualTo("draft");
        assertThat(api.post("/invoices/" + finalized + "/payment_url").at("error_details.base.0"))
                .isEqualTo("no_linked_payment_provider");
        api.create("customers", "customer",
                Map.of("external_id", "acme", "billing_configuration", Map.of("payment_provider", "stripe")));
        assertThat(api.post("/invoices/" + finalized + "/payment_url").at("invoice_payment_details.payment_url"))
                .startsWith("http");
        assertThat(api.post("/invoices/" + invoice("finalized", "succeeded") + "/payment_url").status()).isEqualTo(422);
    }

    @Test
    void retryPaymentChargesEachTime() {
        String id = invoice("finalized", "failed");
        Api.Answer answer = api.post("/invoices/" + id + "/retry_payment");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.response().body()).isEmpty();
        api.post("/invoices/" + id + "/retry_payment");
        assertThat(api.get("/payments?invoice_id=" + id).json().get("payments")).hasSize(2);
        assertError(api.post("/invoices/" + invoice("finalized", "succeeded") + "/retry_payment"), 405, "invalid_status");
    }

    @Test
    void updatesPaymentStatusAndMetadata() {
        String id = invoice("finalized", "pending");
        Api.Answer updated = api.put("/invoices/" + id, Map.of("invoice", Map.of("payment_status", "succeeded", "metadata",
                List.of(Map.of("key", "k", "value", "v")))));
        assertThat(updated.at("invoice.payment_status")).isEqualTo("succeeded");
        assertThat(updated.at("invoice.metadata.0.key")).isEqualTo("k");
        assertThat(api.get("/invoices?metadata[k]=v").json().get("invoices")).hasSize(1);
        assertError(api.put("/invoices/" + invoice("draft", "pending"), Map.of("invoice", Map.of("payment_status", "failed"))),
                405,
                "payment_status_update_on_draft_invoice");
        assertThat(api.put("/invoices/" + id, Map.of("invoice", Map.of("payment_status", "maybe")))
                .at("error_details.payment_status.0"))
                .isEqualTo("value_is_invalid");
    }

    @Test
    void recordsPaymentsUpToTheOpenAmountWithReceipts() {
        String id = oneOff().at("invoice.lago_id");
        Map<String, Object> payment = Map.of("payment", Map.of("invoice_id", id, "amount_cents", 3_000, "reference", "wire"));
        assertThat(api.ok("POST", "/payments", payment).at("payment.external_customer_id")).isEqualTo("acme");
        assertThat(api.get("/invoices/" + id).at("invoice.payment_status")).isEqualTo("pending");
        assertThat(api.get("/invoices/" + id).number("invoice.total_due_amount_cents")).isEqualTo("333");
        assertThat(api.post("/payments", payment).at("error_details.amount_cents.0")).isEqualTo("value_is_out_of_range");
        api.create("payments", "payment", Map.of("invoice_id", id, "amount_cents", 333, "reference", "rest"));
        assertThat(api.get("/invoices/" + id).at("invoice.payment_status")).isEqualTo("succeeded");
        assertThat(api.get("/payment_receipts?invoice_id=" + id).json().get("payment_receipts")).hasSize(2);
        assertThat(api.get("/customers/acme/payments").json().get("payments")).hasSize(2);
        String paymentId = sandbox.records("payments").get(0).get("lago_id").toString();
        assertThat(api.get("/payments/" + paymentId).at("payment.lago_id")).isEqualTo(paymentId);
    }

    @Test
    void createsPaymentRequestsForOverdueInvoices() {
        String id = oneOff().at("invoice.lago_id");
        Map<String, Object> request = Map.of("payment_request", Map.of("external_customer_id", "acme", "email", "a@b.c",
                "lago_invoice_ids", List.of(id)));
        assertError(api.post("/payment_requests", request), 405, "invoices_not_overdue");
        sandbox.update("invoices", id, Map.of("payment_overdue", true));
        assertThat(api.ok("POST", "/payment_requests", request).number("payment_request.amount_cents")).isEqualTo("3333");
        api.ok("POST", "/payment_requests", request);
        assertThat(api.get("/customers/acme/payment_requests").json().get("payment_requests")).hasSize(2);
    }

    @Test
    void createsCreditNotesUpToTheFees() {
        Api.Answer invoice = oneOff();
        String id = invoice.at("invoice.lago_id");
        String fee = sandbox.records("fees").stream()
                .filter(one -> Integer.valueOf(333).equals(((Number) one.get("amount_cents")).intValue()))
                .findFirst().orElseThrow().get("lago_id").toString();
        List<Object> items = List.of(Map.of("fee_id", fee, "amount_cents", 200));
        assertThat(api.ok("POST", "/credit_notes/estimate", Map.of("credit_note", Map.of("invoice_id", id, "items", items)))
                .number("estimated_credit_note.max_creditable_amount_cents")).isEqualTo("200");
        Map<String, Object> note = Map.of("invoice_id", id, "reason", "other", "credit_amount_cents", 200, "items", items);
        Api.Answer created = api.create("credit_notes", "credit_note", note);
        assertThat(created.at("credit_note.credit_status")).isEqualTo("available");
        assertThat(created.at("credit_note.number")).endsWith("-CN001");
        assertThat(api.post("/credit_notes", Map.of("credit_note", note)).at("error_details.amount_cents.0"))
                .isEqualTo("higher_than_remaining_fee_amount");
        String noteId = created.at("credit_note.lago_id");
        assertThat(api.put("/credit_notes/" + noteId + "/void").at("credit_note.credit_status")).isEqualTo("voided");
        assertError(api.put("/credit_notes/" + noteId + "/void"), 405, "no_voidable_amount");
        assertThat(api.get("/customers/acme/credit_notes").json().get("credit_notes")).hasSize(1);
        assertError(api.post("/credit_notes",
                Map.of("credit_note", Map.of("invoice_id", invoice("draft", "pending"), "items", items))), 405,
                "invalid_type_or_status");
    }

    @Test
    void keepsFeesOnInvoices() {
        oneOff();
        String fee = sandbox.records("fees").get(0).get("lago_id").toString();
        assertError(api.delete("/fees/" + fee), 405, "invoiced_fee");
        String loose = sandbox.add("fees", Map.of("invoiceable", false, "item", Map.of("type", "charge"))).get("lago_id")
                .toString();
        assertThat(api.put("/fees/" + loose, Map.of("fee", Map.of("payment_status", "succeeded"))).at("fee.succeeded_at"))
                .startsWith("20");
        assertThat(api.delete("/fees/" + loose).status()).isEqualTo(200);
        assertError(api.get("/fees/" + loose), 404, "fee_not_found");
    }

    @Test
    void previewsWithoutStoring() {
        api.create("plans", "plan",
                Map.of("code", "p", "name", "P", "interval", "monthly", "amount_cents", 700, "amount_currency", "EUR",
                        "pay_in_advance", true));
        Api.Answer preview = api.ok("POST", "/invoices/preview",
                Map.of("customer", Map.of("external_id", "acme"), "plan_code", "p"));
        assertThat(preview.number("invoice.total_amount_cents")).isEqualTo("700");
        assertThat(sandbox.records("invoices")).isEmpty();
    }
}
