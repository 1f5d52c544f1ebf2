package io.github.camellago.operation;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import io.github.camellago.LagoComponent;
import io.github.camellago.RouteTestSupport;
import io.github.camellago.api.LagoException;
import io.github.camellago.api.LagoNotFoundException;
import io.github.camellago.api.LagoTransportException;
import io.github.camellago.test.LagoSandbox;
import org.apache.camel.Exchange;
import org.apache.camel.component.http.HttpComponent;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.core5.http.message.BasicHeader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Files: the operation download, and what fetchFile makes of it. */
class DownloadTest extends RouteTestSupport {

    private static final byte[] PDF = "%PDF-1.4 the invoice %%EOF".getBytes(StandardCharsets.UTF_8);

    /** Another host than Lago's, that keeps the files. */
    private HttpServer store;
    private final List<Headers> asked = new CopyOnWriteArrayList<>();

    @BeforeEach
    void startStore() throws Exception {
        store = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        store.start();
    }

    @AfterEach
    void stopStore() {
        store.stop(0);
    }

    @ParameterizedTest
    @CsvSource({"invoices,invoice", "credit_notes,credit_note"})
    void theFileComesAsAStream(String resource, String root) throws Exception {
        String id = sandbox.add(resource, Map.of("number", "N-1")).get("lago_id").toString();

        Exchange exchange = sent("lago:" + resource + "?operation=download&fetchFile=true&id=" + id, null);

        assertThat(exchange.getMessage().getBody()).isInstanceOf(InputStream.class);
        assertThat(text(exchange)).startsWith("%PDF-").endsWith("%%EOF\n");
        assertThat(exchange.getMessage().getHeaders()).containsEntry("CamelFileName", root + "-" + id + ".pdf")
                .containsEntry("Content-Type", "application/pdf").containsEntry("CamelLagoId", id);
        // the file store of the sandbox rejects requests with a key
        assertThat(sandbox.requests()).last().satisfies(r -> assertThat(r.header("Authorization")).isNull());
    }

    @Test
    void returnsTheObjectWithoutFetchFile() throws Exception {
        String id = invoice(Map.of());

        Exchange exchange = sent("lago:invoices/{lago_id}/download?path.lago_id=" + id, null);

        assertThat(exchange.getMessage().getBody(Map.class)).containsKey("file_url").containsEntry("lago_id", id);
    }

    @Test
    void waitsWhileLagoGeneratesTheFile() throws Exception {
        try (LagoSandbox slow = LagoSandbox.builder().pdfReadyAfter(2).start()) {
            String id = slow.add("invoices", Map.of("number", "N-1")).get("lago_id").toString();

            Exchange exchange = sent("lago:invoices?operation=download&fetchFile=true&id=" + id + "&baseUrl=" + slow.baseUrl()
                    + "&apiKey=" + slow.apiKey(), null);

            assertThat(text(exchange)).startsWith("%PDF-");
            assertThat(slow.requests()).filteredOn(r -> r.path().endsWith("/download")).hasSize(3);
        }
    }

    @Test
    void waitsForFileTimeout() throws Exception {
        try (LagoSandbox slow = LagoSandbox.builder().pdfReadyAfter(Integer.MAX_VALUE).start()) {
            String id = slow.add("invoices", Map.of("number", "N-1")).get("lago_id").toString();

            Exchange exchange = send("lago:invoices?operation=download&fetchFile=true&fileTimeout=300ms&id=" + id + "&baseUrl="
                    + slow.baseUrl() + "&apiKey=" + slow.apiKey(), null);

            assertThat(exchange.getException()).isInstanceOf(LagoException.class)
                    .hasMessageContaining("Lago has not generated the file of POST invoices/" + id + "/download within 300 ms")
                    .hasMessageContaining("fileTimeout");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "5"})
    void anAnswerThatIsNoObjectIsAnErrorOfLago(String answer) {
        sandbox.faults().on("POST", "/invoices/*/download").body(answer);

        assertThat(send("lago:invoices?operation=download&fetchFile=true&maxRetries=0&id=1", null).getException())
                .isInstanceOf(LagoTransportException.class).hasMessageContaining("is not the expected JSON");
    }

    @Test
    void anotherHostNeverGetsTheKey() throws Exception {
        serve("/abc/INV%2001.pdf", 200, PDF, Map.of("Content-Type", "application/pdf"));
        String id = invoice(Map.of("file_url", url("/abc/INV%2001.pdf?X-Signature=s3cret")));

        Exchange exchange = sent("lago:invoices?operation=download&fetchFile=true&id=" + id, null);

        assertThat(text(exchange)).isEqualTo("%PDF-1.4 the invoice %%EOF");
        assertThat(exchange.getMessage().getHeader("CamelFileName")).isEqualTo("INV 01.pdf");
        assertThat(asked).singleElement().satisfies(headers -> {
            assertThat(headers.containsKey("Authorization")).isFalse();
            assertThat(headers.toString()).doesNotContain(sandbox.apiKey());
        });
    }

    @Test
    void anotherHostGetsNoPasswordAndNoHeaderOfTheHttpComponent() throws Exception {
        store.createContext("/", exchange -> {
            asked.add(exchange.getRequestHeaders());
            exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"files\"");
            exchange.sendResponseHeaders(401, -1);
            exchange.close();
        });
        BasicCredentialsProvider passwords = new BasicCredentialsProvider();
        passwords.setCredentials(new AuthScope(null, -1), new UsernamePasswordCredentials("lago", "s3cret".toCharArray()));
        HttpComponent http = new HttpComponent();
        http.setHttpClientConfigurer(builder -> builder.setDefaultCredentialsProvider(passwords)
                .setDefaultHeaders(List.of(new BasicHeader("X-Gateway-Key", "s3cret")))
                .addRequestInterceptorFirst((request, entity, context) -> request.addHeader("Authorization", "Bearer s3cret")));
        context.getComponent("lago", LagoComponent.class).setHttpComponent(http);
        http.setCamelContext(context);
        String id = invoice(Map.of("file_url", url("/INV-1.pdf")));

        assertThat(send("lago:invoices?operation=download&fetchFile=true&maxRetries=0&id=" + id, null).getException())
                .hasMessageContaining("answered 401");
        assertThat(asked).singleElement().satisfies(
                headers -> assertThat(headers.keySet()).isSubsetOf("Host", "Connection", "Accept-encoding", "User-agent"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:9/a\nERROR forged?X-Signature=s3cret", "https://user:s3cret@files.example\n/a",
            "https://%s.files.invalid/a", "a b://s3cret"})
    void aUrlInMessagesIsItsHostOnly(String url) {
        String id = invoice(Map.of("file_url", url.replace("%s", sandbox.apiKey())));

        assertThat(send("lago:invoices?operation=download&fetchFile=true&maxRetries=0&id=" + id, null).getException())
                .isInstanceOf(LagoException.class).extracting(Throwable::getMessage).asString()
                .doesNotContain("\n", "s3cret", "forged", sandbox.apiKey());
    }

    @Test
    void filesComeOnlyFromTheHostsOfFileHosts() throws Exception {
        serve("/INV-1.pdf", 200, PDF, Map.of());
        String id = invoice(Map.of("file_url", url("/INV-1.pdf")));
        String uri = "lago:invoices?operation=download&fetchFile=true&id=" + id;

        assertThat(send(uri + "&fileHosts=files.example.com", null).getException()).isInstanceOf(LagoException.class)
                .hasMessageContaining("is not one of the option fileHosts");
        assertThat(asked).isEmpty();
        assertThat(text(sent(uri + "&fileHosts=files.example.com, 127.0.0.1,localhost", null))).startsWith("%PDF");
    }

    @Test
    void aFileLargerThanMaxFileSizeIsRefused() throws Exception {
        serve("/INV-1.pdf", 200, PDF, Map.of());
        String id = invoice(Map.of("file_url", url("/INV-1.pdf")));

        assertThat(send("lago:invoices?operation=download&fetchFile=true&maxFileSize=10&id=" + id, null).getException())
                .isInstanceOf(LagoException.class).hasMessageContaining("it is larger than 10 bytes, see maxFileSize");
    }

    @ParameterizedTest
    @CsvSource({"../../etc/passwd,.._.._etc_passwd", "..,file", "a\\b,a_b", "CON,_CON", "nul.pdf,_nul.pdf", "a.pdf. ,a.pdf",
            "invoice\u202efdp.exe,invoice_fdp.exe"})
    void aFileNameMadeFromAnIdIsNoPath(String id, String name) {
        assertThat(io.github.camellago.client.LagoFile.plainName(id)).isEqualTo(name);
    }

    @Test
    void redirectsOfTheStoreAreFollowed() throws Exception {
        serve("/first/INV-1.pdf", 302, new byte[0], Map.of("Location", "/second"));
        serve("/second", 200, PDF, Map.of());
        String id = invoice(Map.of("file_url", url("/first/INV-1.pdf")));

        Exchange exchange = sent("lago:invoices?operation=download&fetchFile=true&id=" + id, null);

        assertThat(text(exchange)).startsWith("%PDF");
        assertThat(exchange.getMessage().getHeader("CamelFileName")).isEqualTo("INV-1.pdf");
        assertThat(asked).hasSize(2).allSatisfy(headers -> assertThat(headers.containsKey("Authorization")).isFalse());
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../etc/passwd", "..\\..\\etc\\passwd", "/etc/passwd"})
    void aFileNameIsNoPath(String name) throws Exception {
        serve("/f.pdf", 200, PDF, Map.of("Content-Disposition", "attachment; filename=\"" + name.replace("\\", "\\\\") + "\""));
        String id = invoice(Map.of("file_url", url("/f.pdf")));

        assertThat(
                sent("lago:invoices?operation=download&fetchFile=true&id=" + id, null).getMessage().getHeader("CamelFileName"))
                .isEqualTo("passwd");
    }

    @Test
    void aFileThatBreaksOffIsReadAgain() throws Exception {
        int[] count = {0};
        store.createContext("/f.pdf", exchange -> {
            exchange.sendResponseHeaders(200, PDF.length);
            OutputStream out = exchange.getResponseBody();
            out.write(PDF, 0, count[0]++ == 0 ? 5 : PDF.length);
            exchange.close();
        });
        String id = invoice(Map.of("file_url", url("/f.pdf")));

        assertThat(text(sent("lago:invoices?operation=download&fetchFile=true&id=" + id, null))).endsWith("%%EOF");
        assertThat(count[0]).isEqualTo(2);
    }

    @Test
    void aFileThatAlwaysBreaksOffIsAnError() {
        store.createContext("/f.pdf", exchange -> {
            exchange.sendResponseHeaders(200, PDF.length);
            exchange.getResponseBody().write(PDF, 0, 5);
            exchange.close();
        });
        String id = invoice(Map.of("file_url", url("/f.pdf?X-Signature=s3cret")));

        Exchange exchange = send("lago:invoices?operation=download&fetchFile=true&maxRetries=1&id=" + id, null);

        assertThat(exchange.getException()).isInstanceOf(LagoTransportException.class)
                .hasMessageContaining(
                        "The file that POST invoices/" + id + "/download gives cannot be read from http://127.0.0.1")
                .hasMessageNotContaining("s3cret");
        assertThat(exchange.getException().toString() + exchange.getException().getCause()).doesNotContain("s3cret");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"403 | text/xml  | its server answered 403",
            "404 | text/plain | its server answered 404",
            "200 | text/html | its server answered with a web page instead"})
    void aStoreWithoutTheFileIsAnError(int status, String type, String words) throws Exception {
        serve("/f.pdf", status, "no".getBytes(StandardCharsets.UTF_8), Map.of("Content-Type", type));
        String id = invoice(Map.of("file_url", url("/f.pdf")));

        Exchange exchange = send("lago:invoices?operation=download&fetchFile=true&id=" + id, null);

        assertThat(exchange.getException()).isInstanceOf(LagoException.class).hasMessageContaining(words);
        assertThat(((LagoException) exchange.getException()).getStatusCode()).isEqualTo(status);
        assertThat(asked).hasSize(1);
    }

    @Test
    void anEmptyFileIsAnError() throws Exception {
        serve("/f.pdf", 200, new byte[0], Map.of());
        String id = invoice(Map.of("file_url", url("/f.pdf")));

        assertThat(send("lago:invoices?operation=download&fetchFile=true&maxRetries=0&id=" + id, null).getException())
                .isInstanceOf(LagoException.class).hasMessageContaining("cannot be read from");
    }

    @ParameterizedTest
    @CsvSource({"file:///etc/passwd,its URL is not one of http or https", "not a url at all://,its URL"})
    void onlyWebAddressesAreRead(String url, String words) {
        String id = invoice(Map.of("file_url", url));

        assertThat(send("lago:invoices?operation=download&fetchFile=true&id=" + id, null).getException())
                .isInstanceOf(LagoException.class).hasMessageContaining(words);
    }

    @Test
    void failsAtOnceIfTheObjectHasNoFile() {
        String id = invoice(Map.of("status", "draft"));

        assertThat(send("lago:invoices?operation=download&fetchFile=true&id=" + id, null).getException())
                .isInstanceOf(LagoNotFoundException.class);
    }

    @Test
    void aResourceWithoutFilesRefusesFetchFile() {
        assertThatThrownBy(() -> context.getEndpoint("lago:customers?fetchFile=true")).rootCause()
                .hasMessageStartingWith(
                        "The option fetchFile is for downloads, which customers does not have. It has: ");
    }

    @Test
    void fetchesTheFileOfADocumentAsXml() throws Exception {
        serve("/f.xml", 200, "<invoice/>".getBytes(StandardCharsets.UTF_8), Map.of("Content-Type", "application/xml"));
        sandbox.faults().on("POST", "/invoices/*/download_xml").body("{\"invoice\":{\"xml_url\":\"" + url("/f.xml") + "\"}}");

        Exchange exchange = sent("lago:invoices?operation=download_xml&fetchFile=true&id=1", null);

        assertThat(text(exchange)).isEqualTo("<invoice/>");
        assertThat(exchange.getMessage().getHeader("CamelFileName")).isEqualTo("f.xml");
    }

    @Test
    void fetchesTheFileOfAPathThatTheComponentDoesNotKnow() throws Exception {
        serve("/f.xml", 200, "<invoice/>".getBytes(StandardCharsets.UTF_8), Map.of("Content-Type", "application/xml"));
        sandbox.faults().on("POST", "/invoices/*/xml").body("{\"invoice\":{\"xml_url\":\"" + url("/f.xml") + "\"}}");

        Exchange exchange = sent("lago:invoices/{lago_id}/xml?httpMethod=POST&fetchFile=true&path.lago_id=1", null);

        assertThat(text(exchange)).isEqualTo("<invoice/>");
    }

    private String invoice(Map<String, Object> fields) {
        return sandbox.add("invoices", fields).get("lago_id").toString();
    }

    private String url(String path) {
        return "http://127.0.0.1:" + store.getAddress().getPort() + path;
    }

    private void serve(String path, int status, byte[] body, Map<String, String> headers) {
        store.createContext(path.replace("%20", " "), exchange -> {
            asked.add(exchange.getRequestHeaders());
            headers.forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }

    private static String text(Exchange exchange) {
        return exchange.getMessage().getBody(String.class);
    }
}
