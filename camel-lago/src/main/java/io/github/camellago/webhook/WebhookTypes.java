package io.github.camellago.webhook;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.github.camellago.catalog.Spelling;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The types of webhooks that an endpoint asks for. The known ones are data, read from {@code webhook-types.txt} beside this class. Lago
 * grows: a type that is not known is asked for all the same, unless it is so near to a known one that it must be a slip.
 */
public final class WebhookTypes {

    private static final Logger LOG = LoggerFactory.getLogger(WebhookTypes.class);
    private static final String FILE = "webhook-types.txt";
    private static final Pattern FORM = Pattern.compile("[a-z0-9_]+(\\.[a-z0-9_]+)+");
    private static final int SLIP = 2;
    private static final List<String> KNOWN = load();

    private WebhookTypes() {}

    /** All that are known, in alphabetical order. */
    public static List<String> known() {
        return KNOWN;
    }

    /**
     * Reads a comma list of types; {@code invoice.*} stands for all known ones of that beginning, {@code *} for whatever Lago has.
     *
     * @return                          the types in alphabetical order, or null for all
     * @throws IllegalArgumentException when it names something that cannot be one
     */
    public static List<String> parse(String option) {
        if (option == null || option.isBlank()) {
            return null;
        }
        TreeSet<String> types = new TreeSet<>();
        for (String part : option.split(",")) {
            String type = part.strip();
            if (type.equals("*")) {
                return null;
            }
            if (type.endsWith(".*")) {
                types.addAll(group(type));
            } else if (!type.isEmpty()) {
                types.add(check(type));
            }
        }
        if (types.isEmpty()) {
            throw new IllegalArgumentException("The option eventTypes names nothing: leave it out for all types of webhooks");
        }
        return List.copyOf(types);
    }

    private static List<String> group(String pattern) {
        String beginning = pattern.substring(0, pattern.length() - 1);
        List<String> types = KNOWN.stream().filter(t -> t.startsWith(beginning)).toList();
        if (types.isEmpty()) {
            throw new IllegalArgumentException(
                    "The option eventTypes names " + pattern + ", but no type that is known begins so."
                            + " They begin with: " + KNOWN.stream().map(t -> t.substring(0, t.indexOf('.'))).distinct()
                                    .collect(Collectors.joining(", ")));
        }
        return types;
    }

    private static String check(String type) {
        if (KNOWN.contains(type)) {
            return type;
        }
        String nearest = KNOWN.stream().min(Comparator.comparingInt(k -> Spelling.distance(type, k))).orElseThrow();
        if (!FORM.matcher(type).matches() || Spelling.distance(type, nearest) <= SLIP) {
            throw new IllegalArgumentException("The option eventTypes names " + type
                    + ", which is no type of webhook. Did you mean " + nearest + "?");
        }
        LOG.warn("The option eventTypes names {}, which is not known here; Lago is asked for it all the same. The nearest known"
                + " is {}", type, nearest);
        return type;
    }

    private static List<String> load() {
        try (InputStream in = WebhookTypes.class.getResourceAsStream(FILE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + FILE, e);
        }
    }
}
