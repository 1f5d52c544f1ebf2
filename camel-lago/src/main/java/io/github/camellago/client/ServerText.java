package io.github.camellago.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Makes text of a server safe for messages and logs: a server may echo the request's headers. API keys are masked, and control
 * characters replaced. Thread-safe.
 */
final class ServerText {

    private static final int EXCERPT = 200;
    private static final int LONGEST_READ = 16 * 1024;
    private static final String MASK = "xxxxxx";
    private static final Pattern AUTHORIZATION = Pattern
            .compile("(?i)((?:proxy-)?authorization[\"']?\\s*[:=]+>?\\s*[\"']?|\\bbearer\\s+|\\bbasic\\s+(?=[\\w+/=-]{8}))"
                    + "(?:(?:bearer|basic)\\s+)?[^\\s\"',;<>&]+");
    /** Jackson quotes words that are not JSON up to a hyphen or to a limit, so that it may be half a key. */
    private static final Pattern TOKEN = Pattern.compile("(Unrecognized token) '[^']*'");
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]");

    private final Credentials credentials;

    ServerText(Credentials credentials) {
        this.credentials = credentials;
    }

    /** The text without keys and control characters; null stays null. */
    String clean(String text) {
        if (text == null) {
            return null;
        }
        String clean = text;
        for (Credentials.Key key : credentials.used()) {
            clean = key.echo().matcher(clean).replaceAll(MASK);
        }
        clean = TOKEN.matcher(clean).replaceAll("$1");
        clean = AUTHORIZATION.matcher(clean).replaceAll("$1" + MASK);
        return CONTROL.matcher(clean).replaceAll(" ");
    }

    /** {@link #clean(String)} of every text in a JSON value. */
    Object clean(Object json) {
        if (json instanceof String text) {
            return clean(text);
        }
        if (json instanceof List<?> list) {
            return list.stream().map(this::clean).toList();
        }
        if (json instanceof Map<?, ?> map) {
            Map<String, Object> clean = new LinkedHashMap<>();
            map.forEach((key, value) -> clean.put(clean(String.valueOf(key)), value == null ? null : clean(value)));
            return clean;
        }
        return json;
    }

    /** The first characters of a body, on one line. */
    String excerpt(byte[] body) {
        String text = new String(body, 0, Math.min(body.length, LONGEST_READ), StandardCharsets.UTF_8);
        String line = text.replaceAll("\\s+", " ");
        if (body.length > LONGEST_READ) {
            // the last word may be the beginning of a key, which is not recognized
            line = line.substring(0, line.lastIndexOf(' ') + 1);
        }
        line = clean(line).strip();
        if (line.isEmpty()) {
            return ", with an empty body";
        }
        return ", beginning: " + (line.length() > EXCERPT ? line.substring(0, EXCERPT) + "…" : line);
    }

    /** An exception's kind and message. */
    String describe(Throwable e) {
        return e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ": " + clean(e.getMessage()));
    }

    /** The exception itself, or one with a clean message if its own, or that of a cause, quotes what must not be shown. */
    Throwable clean(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause.getMessage() != null && isUnclean(cause.getMessage())) {
                IOException clean = new IOException(describe(e));
                clean.setStackTrace(e.getStackTrace());
                return clean;
            }
        }
        return e;
    }

    private boolean isUnclean(String message) {
        // parsers' messages have line breaks of their own
        String line = message.replaceAll("\\s", " ");
        return !clean(line).equals(line);
    }
}
