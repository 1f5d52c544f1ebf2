package io.github.camellago.operation;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.github.camellago.api.Failure;
import io.github.camellago.api.LagoException;
import io.github.camellago.catalog.BoundOperation;
import io.github.camellago.client.Envelope;
import io.github.camellago.client.LagoClient;
import io.github.camellago.client.LagoFile;
import io.github.camellago.client.LagoRequest;
import io.github.camellago.client.LagoResponse;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.StreamCache;
import org.apache.camel.converter.stream.CachedOutputStream;

/** Fetches the file of a download: waits until Lago has generated it, then reads it from its host. */
public record FileDownload(EndpointSettings endpoint, LagoClient client) {

    private static final long FIRST_WAIT = 100;
    private static final long LONGEST_WAIT = 5_000;
    private static final List<String> URLS = List.of("file_url", "xml_url");

    /** Whether an operation generates files. */
    public static boolean serves(BoundOperation bound) {
        return bound.operation().method().equals("POST")
                && (bound.name().startsWith("download") || !bound.operation().listed());
    }

    public void fetch(Exchange exchange, BoundOperation bound, LagoRequest request, Object id) throws IOException {
        Made made = make(request);
        File file = client.fetch(request, made.url(), content -> read(exchange, content));
        Message message = exchange.getMessage();
        message.setBody(file.content());
        message.setHeader(Exchange.FILE_NAME,
                file.name() == null ? LagoFile.plainName(String.valueOf(id)) + ".pdf" : file.name());
        ResponseHeaders.setOrRemove(message, Exchange.CONTENT_TYPE, file.contentType());
        ResponseHeaders.set(exchange, endpoint.resource(), id, made.response().status(), made.response().rate());
    }

    /** Asks Lago for the file until Lago has generated it. */
    private Made make(LagoRequest request) {
        long timeout = endpoint.configuration().getFileTimeout();
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeout);
        for (long wait = FIRST_WAIT;; wait = Math.min(2 * wait, LONGEST_WAIT)) {
            Made made = client.call(request, response -> new Made(url(response), response));
            if (made.url() != null) {
                return made;
            }
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                throw new LagoException(Failure.local("Lago has not generated the file of " + request + " within " + timeout
                        + " ms. Lago generates files in the background: try again later, or increase fileTimeout",
                        request.method(),
                        request.path(), false,
                        null));
            }
            client.pause(request, Math.min(wait, left));
        }
    }

    private static String url(LagoResponse response) throws IOException {
        for (Object object : Envelope.object(response).values()) {
            for (String field : URLS) {
                if (object instanceof Map<?, ?> map && !CallOptions.isBlank(map.get(field))) {
                    return map.get(field).toString();
                }
            }
        }
        return null;
    }

    /** Reads the file to its end, so that an interrupted file is noticed here. Large files are spooled to disk if stream caching does. */
    private static File read(Exchange exchange, LagoFile file) throws IOException {
        try (CachedOutputStream copy = new CachedOutputStream(exchange)) {
            if (file.content().transferTo(copy) == 0) {
                throw new IOException("it is empty");
            }
            return new File(file.name(), file.contentType(), copy.newStreamCache());
        }
    }

    private record Made(String url, LagoResponse response) {}

    private record File(String name, String contentType, StreamCache content) {}
}
