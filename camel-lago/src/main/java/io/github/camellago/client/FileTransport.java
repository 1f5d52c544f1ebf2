package io.github.camellago.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HeaderElement;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.NameValuePair;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.message.MessageSupport;

/**
 * Reads files from the URLs that Lago returns. The URLs may lead to any host, so no secret is sent there. The URLs are secrets
 * themselves, since anyone can read the file with them: messages name the host only. Thread-safe.
 */
final class FileTransport {

    private static final int MAX_REDIRECTS = 5;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private final Server lago;
    private final Supplier<HttpClient> others;
    private final RequestConfig config;
    private final Limits limits;

    /**
     * @param lago   Lago's own server. Its client may have credentials and a client certificate.
     * @param others the client for all other servers, without credentials
     */
    FileTransport(Server lago, Supplier<HttpClient> others, Limits limits) {
        this.lago = lago;
        this.others = others;
        this.config = Transport.config(lago, limits);
        this.limits = limits;
    }

    /** The URL does not lead to a file. The message says why. The status is 0 if the reason is not a response. */
    static final class NoFileException extends IOException {

        private static final long serialVersionUID = 1L;

        private final int status;

        NoFileException(int status, String message) {
            super(message);
            this.status = status;
        }

        int status() {
            return status;
        }

        boolean mayPass() {
            return status == 429 || status >= 500;
        }
    }

    <T> T get(String url, LagoFile.Reader<T> reader) throws IOException {
        CallGuard guard = new CallGuard(limits.fileTimeout());
        try (guard) {
            return get(parse(url), guard, reader);
        } catch (IOException | IllegalStateException e) {
            if (guard.isLate()) {
                throw new NoFileException(0, "it was not read within " + limits.fileTimeout() + " ms, see fileTimeout");
            }
            if (e instanceof IOException io) {
                throw io;
            }
            // the connections are closed when the component is shut down
            throw new IOException("the HTTP client is closed", e);
        }
    }

    private <T> T get(URI first, CallGuard guard, LagoFile.Reader<T> reader) throws IOException {
        URI at = first;
        for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
            URI url = check(at);
            HttpGet message = new HttpGet(url);
            message.setConfig(config);
            guard.guard(message);
            HttpClient http = lago.url().isSameServer(url) ? lago.http() : others.get();
            Result<T> result = http.execute(message, response -> read(message, first, response, reader));
            if (result.location() == null) {
                return result.value();
            }
            at = redirected(url, result.location());
        }
        throw new NoFileException(0, "it redirects more than " + MAX_REDIRECTS + " times");
    }

    /** What was read, or the location to read from instead. */
    private record Result<T>(T value, String location) {}

    private static URI parse(String url) throws NoFileException {
        try {
            return new URI(url.strip().replace(" ", "%20"));
        } catch (URISyntaxException e) {
            throw new NoFileException(0, "Lago returned an invalid URL for it");
        }
    }

    private URI check(URI url) throws NoFileException {
        String scheme = String.valueOf(url.getScheme());
        if (url.getHost() == null || !scheme.equalsIgnoreCase("https") && !scheme.equalsIgnoreCase("http")) {
            throw new NoFileException(0, "its URL is not one of http or https");
        }
        if (lago.url().secure() && !scheme.equalsIgnoreCase("https")) {
            throw new NoFileException(0, "its URL is plain http, but Lago is called over https");
        }
        if (!limits.fileHosts().isEmpty() && !limits.fileHosts().contains(url.getHost().toLowerCase(Locale.ROOT))) {
            throw new NoFileException(0, "its host " + url.getHost() + " is not one of the option fileHosts");
        }
        return url;
    }

    private <T> Result<T> read(HttpGet message, URI first, ClassicHttpResponse response,
            LagoFile.Reader<T> reader) throws IOException {
        int status = response.getCode();
        HttpEntity entity = response.getEntity();
        String type = entity == null ? null : entity.getContentType();
        Header location = response.getFirstHeader(HttpHeaders.LOCATION);
        if (REDIRECTS.contains(status) && location != null) {
            EntityUtils.consumeQuietly(entity);
            return new Result<>(null, location.getValue());
        }
        if (status != 200 || entity == null) {
            EntityUtils.consumeQuietly(entity);
            throw new NoFileException(status, "its server answered " + status);
        }
        if (type != null && ContentType.TEXT_HTML.isSameMimeType(ContentType.parseLenient(type))) {
            throw new NoFileException(status, "its server answered with a web page instead");
        }
        String given = name(response);
        InputStream content = entity.getContent();
        if (limits.maxFileSize() > 0) {
            content = new LimitedStream(message, content, limits.maxFileSize());
        }
        return new Result<>(
                reader.read(new LagoFile(given == null ? LagoFile.lastSegment(first.getPath()) : given, type, content)), null);
    }

    private static URI redirected(URI from, String location) throws NoFileException {
        try {
            URI to = from.resolve(new URI(location));
            if ("https".equalsIgnoreCase(from.getScheme()) && !"https".equalsIgnoreCase(to.getScheme())) {
                throw new NoFileException(0, "its server redirects from https to plain http");
            }
            return to;
        } catch (URISyntaxException e) {
            throw new NoFileException(0, "its server redirects to an invalid URL");
        }
    }

    /** Ends the request at the limit. */
    private static final class LimitedStream extends FilterInputStream {

        private final HttpGet message;
        private final long limit;
        private long read;

        LimitedStream(HttpGet message, InputStream content, long limit) {
            super(content);
            this.message = message;
            this.limit = limit;
        }

        @Override
        public int read() throws IOException {
            int one = super.read();
            count(one < 0 ? 0 : 1);
            return one;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int count = super.read(bytes, from, length);
            count(Math.max(0, count));
            return count;
        }

        private void count(int bytes) throws IOException {
            read += bytes;
            if (read > limit) {
                message.cancel();
                throw new NoFileException(0, "it is larger than " + limit + " bytes, see maxFileSize");
            }
        }
    }

    private static String name(ClassicHttpResponse response) {
        Iterator<HeaderElement> elements = MessageSupport.iterate(response, "Content-Disposition");
        NameValuePair name = elements.hasNext() ? elements.next().getParameterByName("filename") : null;
        return name == null ? null : LagoFile.lastSegment(name.getValue());
    }
}
