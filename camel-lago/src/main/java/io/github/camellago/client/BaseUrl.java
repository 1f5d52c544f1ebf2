package io.github.camellago.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

import io.github.camellago.api.LagoOptionException;

/**
 * Where a Lago server is. Immutable.
 *
 * @param api the root of its API, ending in {@code /api/v1/}
 */
public record BaseUrl(String api) {

    private static final String SUFFIX = "/api/v1";
    private static final String VERSION = "v1/";
    private static final Pattern VERSIONED = Pattern.compile("v[2-9]/");
    private static final Pattern ENCODED = Pattern.compile("https?%3A.*", Pattern.CASE_INSENSITIVE);

    /**
     * Reads a URL as users write it: with or without {@code /api/v1}, with or without a slash at its end.
     *
     * @param  option                   the option it comes from, for messages
     * @throws LagoOptionException when it is not an http or https URL
     */
    public static BaseUrl of(String url, String option) {
        String text = decoded(url.strip());
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw malformed(option, text, e.getReason());
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw malformed(option, text, "it must start with http:// or https://");
        }
        if (uri.getRawAuthority() != null && uri.getRawAuthority().contains("@")) {
            throw malformed(option, text, "it must not hold a user name or password");
        }
        if (uri.getHost() == null) {
            throw malformed(option, text, uri.getRawAuthority() == null || uri.getRawAuthority().startsWith(":")
                    ? "it names no host"
                    : "a host cannot be called " + uri.getRawAuthority());
        }
        if (uri.getPort() > 65535) {
            throw malformed(option, text, "the port must be at most 65535");
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw malformed(option, text, "it must not hold a query or a fragment");
        }
        String root = text.replaceFirst("/+$", "");
        if (root.endsWith(SUFFIX)) {
            root = root.substring(0, root.length() - SUFFIX.length());
        }
        return new BaseUrl(root + SUFFIX + '/');
    }

    /** A URL that came percent-encoded as a whole, as camel-webhook and Pipes hand it on. */
    public static String decoded(String url) {
        return ENCODED.matcher(url).matches() ? URLDecoder.decode(url, StandardCharsets.UTF_8) : url;
    }

    /** A URL for messages, without what may be secret: user name, password and query. */
    static String withoutSecrets(String url) {
        return url.replaceFirst("[?#].*", "").replaceFirst("//[^/]*@", "//");
    }

    private static LagoOptionException malformed(String option, String url, String why) {
        // what stands before an @ or after a question mark may be secret
        String shown = url.replaceFirst("//[^/]*@", "//…@").replaceFirst("[?#].*", "…");
        return new LagoOptionException(option, "The option " + option + "=" + shown + " is not a Lago server's URL: " + why
                + ". Example: https://lago.example.com or https://lago.example.com/api/v1");
    }

    /** The URL of a call. Its path is below {@code /api/v1}, or below {@code /api} if it begins with a later version. */
    URI resolve(String target) {
        return URI.create(
                (VERSIONED.matcher(target).lookingAt() ? api.substring(0, api.length() - VERSION.length()) : api) + target);
    }

    public URI uri() {
        return URI.create(api);
    }

    public boolean secure() {
        return api.regionMatches(true, 0, "https:", 0, 6);
    }

    /** Whether the host is this machine, by name. */
    public boolean loopback() {
        String host = uri().getHost();
        return host.equalsIgnoreCase("localhost") || host.startsWith("127.") || host.equals("[::1]");
    }

    /** Whether a URL has the scheme, the host and the port of this server. */
    boolean isSameServer(URI url) {
        URI own = uri();
        return own.getScheme().equalsIgnoreCase(url.getScheme()) && own.getHost().equalsIgnoreCase(url.getHost())
                && port(own) == port(url);
    }

    private static int port(URI url) {
        return url.getPort() >= 0 ? url.getPort() : url.getScheme().equalsIgnoreCase("https") ? 443 : 80;
    }

    /** Scheme, host and port, which is what a rate limit and a connection belong to. */
    public String host() {
        URI uri = uri();
        return uri.getScheme() + "://" + uri.getRawAuthority();
    }
}
