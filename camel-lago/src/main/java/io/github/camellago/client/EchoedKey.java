package io.github.camellago.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/** The forms in which a server may echo an API key: as it is, and encoded as URLs, HTML, JSON, base64 and dumps do it. */
final class EchoedKey {

    /** Of a shorter key, encoded forms would be found in text that is no key. */
    private static final int SHORTEST_ENCODED = 8;

    private EchoedKey() {}

    static Pattern pattern(String key) {
        if (key.length() < SHORTEST_ENCODED) {
            return Pattern.compile(Pattern.quote(key));
        }
        Set<String> forms = new LinkedHashSet<>();
        // the longest forms first, or the rest of an encoded character would stay
        String url = URLEncoder.encode(key, StandardCharsets.UTF_8);
        forms.add(URLEncoder.encode(url, StandardCharsets.UTF_8));
        forms.add(url);
        forms.add(key.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;")
                .replace("'", "&#39;"));
        String json = new String(JsonStringEncoder.getInstance().quoteAsString(key));
        forms.add(json.replace("/", "\\/"));
        forms.add(json);
        forms.add(key);
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        forms.add(HexFormat.of().formatHex(bytes));
        for (int before = 0; before < 3; before++) {
            String base64 = base64(bytes, before);
            forms.add(base64);
            forms.add(base64.replace('+', '-').replace('/', '_'));
        }
        return Pattern.compile(forms.stream().map(Pattern::quote).collect(Collectors.joining("|")), Pattern.CASE_INSENSITIVE);
    }

    /** The characters that a key always has in base64 if that many bytes, or three more, or six more, stand before it. */
    private static String base64(byte[] key, int before) {
        byte[] shifted = new byte[before + key.length];
        System.arraycopy(key, 0, shifted, before, key.length);
        String base64 = Base64.getEncoder().encodeToString(shifted);
        return base64.substring((before * 8 + 5) / 6, shifted.length * 8 / 6);
    }
}
