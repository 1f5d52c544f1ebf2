package io.github.camellago.test.domain;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.LagoError;
import io.github.camellago.test.server.Reply;

/**
 * PDFs and XML files. They exist some time after the first request. Their URLs need no key, and reject requests that contain one.
 */
public final class Files {

    /** The prefix of the paths of files. */
    public static final String PATH = "/files/";

    private record Waiting(int requests, Instant since) {}

    private final Context context;
    private final Map<String, Waiting> waiting = new HashMap<>();
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();

    Files(Context context) {
        this.context = context;
    }

    void reset() {
        waiting.clear();
        files.clear();
    }

    /** Adds the routes for downloading a record's PDF and XML. */
    void register(Crud crud, UnaryOperator<Map<String, Object>> downloadable) {
        String path = "/" + crud.resource.name() + "/{lago_id}/download";
        crud.on("POST", path, call -> download(crud, downloadable.apply(crud.find(call))));
        crud.on("POST", path + "_pdf", call -> download(crud, downloadable.apply(crud.find(call))));
        crud.on("POST", path + "_xml", call -> downloadXml(crud, downloadable.apply(crud.find(call))));
    }

    private Reply download(Crud crud, Map<String, Object> record) {
        Map<String, Object> ready = withPdf(crud, record);
        return ready.get("file_url") == null ? Reply.empty(200) : crud.reply(ready);
    }

    /** Lago checks the PDF of a credit note, and answers without {@code xml_url} if the PDF exists but the XML does not. */
    private Reply downloadXml(Crud crud, Map<String, Object> record) {
        if ("credit_notes".equals(crud.resource.name()) && record.get("file_url") != null) {
            return crud.reply(record);
        }
        Map<String, Object> ready = withFile(crud, record, "xml_url", ".xml",
                () -> "<?xml version=\"1.0\"?>\n<document/>\n".getBytes(StandardCharsets.UTF_8));
        return ready.get("xml_url") == null ? Reply.empty(200) : crud.reply(ready);
    }

    /** The record, with its {@code file_url} once the PDF is ready. Each call counts as a request for the PDF. */
    Map<String, Object> withPdf(Crud crud, Map<String, Object> record) {
        if (record.get("file_url") != null) {
            return record;
        }
        Map<String, Object> ready = withFile(crud, record, "file_url", ".pdf",
                () -> Pdf.of(crud.resource.root() + " " + record.getOrDefault("number", record.get("lago_id"))));
        if (ready.get("file_url") != null) {
            context.changed(crud.resource.root() + ".generated", crud.resource.root(), crud.shown(ready));
        }
        return ready;
    }

    private Map<String, Object> withFile(Crud crud, Map<String, Object> record, String field, String extension,
            Supplier<byte[]> content) {
        if (record.get(field) != null) {
            return record;
        }
        String id = (String) record.get("lago_id");
        String name = crud.resource.root() + "-" + id + extension;
        Waiting before = waiting.computeIfAbsent(name, i -> new Waiting(0, context.clock.now()));
        PdfDelay delay = context.variant.pdfReadyAfter();
        boolean ready = before.requests() >= delay.requests()
                && !context.clock.now().isBefore(before.since().plus(delay.time()));
        if (!ready) {
            waiting.put(name, new Waiting(before.requests() + 1, before.since()));
            return record;
        }
        files.put(name, content.get());
        return crud.table.update(id, Json.object(field, context.baseUrl + PATH + name));
    }

    /** Serves a file. 400 if the request has an Authorization header, as object stores answer. */
    public Reply serve(String name, String authorization) {
        if (authorization != null) {
            return Reply.text(400, "Only one auth mechanism allowed; leave the Authorization header out",
                    "text/plain; charset=utf-8");
        }
        byte[] file = files.get(name);
        if (file == null) {
            throw LagoError.notFound("file");
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Disposition", "inline; filename=\"" + name + "\"");
        return new Reply(200, file, name.endsWith(".xml") ? "application/xml" : "application/pdf", headers);
    }

    /** A PDF with one page and one line of text. */
    private static final class Pdf {

        static byte[] of(String line) {
            String content = "BT /F1 18 Tf 40 100 Td (" + line.replaceAll("[()\\\\]", " ") + ") Tj ET";
            String[] objects = {
                    "<< /Type /Catalog /Pages 2 0 R >>",
                    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
                    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 200] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
                    "<< /Length " + content.length() + " >>\nstream\n" + content + "\nendstream",
                    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"};
            StringBuilder pdf = new StringBuilder("%PDF-1.4\n");
            StringBuilder table = new StringBuilder("0000000000 65535 f \n");
            for (int i = 0; i < objects.length; i++) {
                table.append("%010d 00000 n \n".formatted(pdf.length()));
                pdf.append(i + 1).append(" 0 obj\n").append(objects[i]).append("\nendobj\n");
            }
            int start = pdf.length();
            pdf.append("xref\n0 ").append(objects.length + 1).append('\n').append(table).append("trailer\n<< /Size ")
                    .append(objects.length + 1).append(" /Root 1 0 R >>\nstartxref\n").append(start).append("\n%%EOF\n");
            return pdf.toString().getBytes(StandardCharsets.ISO_8859_1);
        }
    }
}
