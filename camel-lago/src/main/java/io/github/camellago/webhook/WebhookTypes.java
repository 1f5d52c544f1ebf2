package io.github.camellago.webhook;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;

import io.github.camellago.catalog.Spelling;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The types of webhooks that an endpoint can ask for. They are data, read from {@code webhook-types.txt} beside this class. Lago
 * refuses to register an endpoint for any other type, so other types are refused here too.
 */
final class WebhookTypes {

    private static final Logger LOG = LoggerFactory.getLogger(WebhookTypes.class);
    private static final String FILE = "webhook-types.txt";
    private static final int NEAREST = 3;
    private static final List<Type> TYPES = load();

    private WebhookTypes() {}

    /**
     * A type of webhook.
     *
     * @param name       the name to register it by
     * @param sentAs     the name in the webhook, mostly the same
     * @param objectType the key of the object in the webhook
     */
    public record Type(String name, String sentAs, String objectType) {

        static Type of(String line) {
            List<String> words = Arrays.asList(line.split(" "));
            String sentAs = words.stream().filter(w -> w.startsWith("as=")).map(w -> w.substring(3)).findFirst()
                    .orElse(words.get(0));
            return new Type(words.get(0), sentAs, words.get(1));
        }
    }

    /** All types, in alphabetical order. */
    public static List<Type> types() {
        return TYPES;
    }

    /** The names of all types, in alphabetical order. */
    public static List<String> known() {
        return TYPES.stream().map(Type::name).toList();
    }

    /**
     * Reads a comma list of types. {@code invoice.*} matches all known types with that prefix, {@code *} everything that Lago has.
     *
     * @return                          the types in alphabetical order, or null for all
     * @throws IllegalArgumentException if the list names a type that Lago does not know
     */
    public static List<String> parse(String option) {
        if (option == null || option.isBlank()) {
            return null;
        }
        TreeSet<String> types = new TreeSet<>();
        for (String part : option.split(",")) {
            String type = part.strip().toLowerCase(Locale.ROOT);
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
        TYPES.stream().filter(t -> types.contains(t.name()) && !t.sentAs().equals(t.name()))
                .forEach(t -> LOG.warn("Lago does not send {} to an endpoint that limits its event types, because it names the"
                        + " webhook {}. Leave eventTypes out to receive it", t.name(), t.sentAs()));
        return List.copyOf(types);
    }

    private static List<String> group(String pattern) {
        String prefix = pattern.substring(0, pattern.length() - 1);
        List<String> types = known().stream().filter(t -> t.startsWith(prefix)).toList();
        if (types.isEmpty()) {
            throw new IllegalArgumentException(
                    "The option eventTypes names " + pattern + ", but Lago has no type with that prefix. The prefixes are: "
                            + known().stream().map(t -> t.substring(0, t.indexOf('.'))).distinct()
                                    .collect(Collectors.joining(", ")));
        }
        return types;
    }

    private static String check(String type) {
        if (!known().contains(type)) {
            List<String> nearest = Spelling.nearest(type, known().stream(), NEAREST, Integer.MAX_VALUE);
            throw new IllegalArgumentException("The option eventTypes names " + type
                    + ", which is no type of webhook that Lago knows. Nearest: " + String.join(", ", nearest));
        }
        return type;
    }

    private static List<Type> load() {
        try (InputStream in = WebhookTypes.class.getResourceAsStream(FILE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().filter(l -> !l.startsWith("#")).map(Type::of)
                    .sorted(Comparator.comparing(Type::name)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + FILE, e);
        }
    }
}
