package io.github.camellago.test;

import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DownloadTest {

    private static String invoice(LagoSandbox sandbox, String status) {
        return sandbox.add("invoices", Map.of("status", status, "number", "INV-1")).get("lago_id").toString();
    }

    @Test
    void answersEmptyUntilThePdfExists() throws Exception {
        try (LagoSandbox sandbox = LagoSandbox.builder().pdfReadyAfter(2).start()) {
            Api api = new Api(sandbox);
            String path = "/invoices/" + invoice(sandbox, "finalized");
            for (int i = 0; i < 2; i++) {
                Api.Answer notYet = api.post(path + "/download");
                assertThat(notYet.status()).isEqualTo(200);
                assertThat(notYet.response().body()).isEmpty();
                assertThat(api.get(path).json().at("/invoice/file_url").isNull()).isTrue();
            }
            String url = api.post(path + "/download").at("invoice.file_url");
            assertThat(api.get(path).at("invoice.file_url")).isEqualTo(url);
            Api.Answer pdf = Api.send(HttpRequest.newBuilder(URI.create(url)).build());
            assertThat(pdf.status()).isEqualTo(200);
            assertThat(pdf.header("Content-Type")).isEqualTo("application/pdf");
            assertThat(pdf.response().body()).startsWith("%PDF-").contains("INV-1").endsWith("%%EOF\n");
        }
    }

    @Test
    void rejectsAndRecordsFileRequestsWithAKey() throws Exception {
        try (LagoSandbox sandbox = LagoSandbox.start()) {
            String url = new Api(sandbox).post("/invoices/" + invoice(sandbox, "finalized") + "/download")
                    .at("invoice.file_url");
            Api.Answer rejected = Api.send(HttpRequest.newBuilder(URI.create(url)).header("Authorization", "Bearer x").build());
            assertThat(rejected.status()).isEqualTo(400);
            SandboxRequest last = sandbox.requests().get(1);
            assertThat(last.path()).startsWith("/files/");
            assertThat(last.header("Authorization")).isEqualTo("Bearer x");
            assertThat(Api.send(HttpRequest.newBuilder(URI.create(sandbox.baseUrl() + "/files/none.pdf")).build()).status())
                    .isEqualTo(404);
        }
    }

    @Test
    void createsThePdfAfterADelay() {
        try (LagoSandbox sandbox = LagoSandbox.builder().pdfReadyAfter(Duration.ofMinutes(1)).start()) {
            Api api = new Api(sandbox);
            String path = "/credit_notes/" + sandbox.add("credit_notes", Map.of("number", "CN")).get("lago_id") + "/download";
            assertThat(api.post(path).response().body()).isEmpty();
            assertThat(api.post(path).response().body()).isEmpty();
            sandbox.advance(Duration.ofMinutes(1));
            assertThat(api.post(path).at("credit_note.file_url")).startsWith(sandbox.baseUrl());
        }
    }

    @Test
    void answersWithoutPdfForADraft() {
        try (LagoSandbox sandbox = LagoSandbox.start()) {
            assertThat(new Api(sandbox).post("/invoices/" + invoice(sandbox, "draft") + "/download").code())
                    .isEqualTo("invoice_not_found");
        }
    }

    @Test
    void servesXmlFiles() throws Exception {
        try (LagoSandbox sandbox = LagoSandbox.builder().pdfReadyAfter(1).start()) {
            Api api = new Api(sandbox);
            String path = "/invoices/" + invoice(sandbox, "finalized");
            assertThat(api.post(path + "/download_xml").response().body()).isEmpty();
            Api.Answer xml = Api.send(
                    HttpRequest.newBuilder(URI.create(api.post(path + "/download_xml").at("invoice.xml_url"))).build());
            assertThat(xml.header("Content-Type")).isEqualTo("application/xml");
            assertThat(api.post(path + "/download_pdf").response().body()).isEmpty();
            assertThat(api.post(path + "/download_pdf").at("invoice.file_url")).endsWith(".pdf");
        }
    }

    @Test
    void answersACreditNoteWithPdfButWithoutXml() {
        try (LagoSandbox sandbox = LagoSandbox.start()) {
            Api api = new Api(sandbox);
            String path = "/credit_notes/" + sandbox.add("credit_notes", Map.of("number", "CN")).get("lago_id");
            api.ok("POST", path + "/download_pdf", null);

            assertThat(api.ok("POST", path + "/download_xml", null).at("credit_note.file_url")).endsWith(".pdf");
        }
    }

    @Test
    void receiptsHaveAFileAfterItIsGenerated() {
        try (LagoSandbox sandbox = LagoSandbox.builder().pdfReadyAfter(1).start()) {
            Api api = new Api(sandbox);
            String path = "/payment_receipts/" + sandbox.add("payment_receipts", Map.of("number", "R-1")).get("lago_id");

            assertThat(api.get(path).json().at("/payment_receipt/file_url").isNull()).isTrue();
            assertThat(api.get(path).at("payment_receipt.file_url")).endsWith(".pdf");
            assertThat(api.get("/payment_receipts").at("payment_receipts.0.file_url")).endsWith(".pdf");
            assertThat(api.post(path + "/download").code()).isEqualTo("resource_not_found");
            assertThat(api.get("/payment_receipts/none").code()).isEqualTo("invoice_not_found");
        }
    }
}
