package io.github.camellago.client;

import java.util.Collection;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import io.github.camellago.api.LagoOptionException;

/**
 * The API key, as a value or from a supplier that is asked again when Lago stops accepting the key, so that a rotated one
 * needs no restart. Thread-safe.
 */
public final class Credentials {

    /** The option {@code apiKey} of an endpoint whose calls each bring their own key. It has a space, so it is no key. */
    public static final String PER_MESSAGE = "per message";

    private static final int MAX_USED = 10;

    private final Supplier<String> supplier;
    private volatile Key key;
    /** The keys that were sent to Lago, so that they can be masked where a server echoes them. The last ones only. */
    private final Deque<Key> used = new ConcurrentLinkedDeque<>();

    private Credentials(Supplier<String> supplier) {
        this.supplier = supplier;
    }

    /** @throws IllegalArgumentException when the key cannot be sent; the message does not hold it */
    public static Credentials of(String apiKey) {
        Credentials credentials = new Credentials(null);
        credentials.use(Key.of(apiKey, "apiKey"));
        return credentials;
    }

    /** No key: each call needs that of its message. */
    public static Credentials ofMessages() {
        return new Credentials(() -> {
            throw new LagoOptionException("apiKey",
                    "The endpoint has no API key of its own: toD computes a key for each message,"
                            + " and this call has none");
        });
    }

    public static Credentials of(Supplier<String> supplier) {
        return new Credentials(supplier);
    }

    /** The key in use, or null if none was asked for yet. */
    Key inUse() {
        return key;
    }

    Key current() {
        Key current = key;
        return current != null ? current : refresh(null);
    }

    /** The key to try after Lago refused one: another one if there is one by now, else the same. */
    synchronized Key refresh(Key refused) {
        if (key == null || key == refused) {
            Key asked = supplier == null ? key : Key.of(supplier.get(), "credentials");
            if (key == null || !asked.value.equals(key.value)) {
                use(asked);
            }
        }
        return key;
    }

    private void use(Key asked) {
        key = asked;
        used.addFirst(asked);
        if (used.size() > MAX_USED) {
            used.removeLast();
        }
    }

    Collection<Key> used() {
        return used;
    }

    @Override
    public String toString() {
        return "Credentials[xxxxxx]";
    }

    /** A key that can stand in an HTTP header. Compared by identity. */
    static final class Key {

        private final String value;
        private final String fingerprint;
        private volatile Pattern echo;

        private Key(String value) {
            this.value = value;
            this.fingerprint = RateBudgets.fingerprint(value);
        }

        static Key of(String value, String option) {
            String stripped = value == null ? "" : value.strip();
            if (stripped.isEmpty()) {
                throw new LagoOptionException(option,
                        "The option " + option + " gave no API key. Lago's dashboard shows it under"
                                + " Developers > API keys.");
            }
            if (!stripped.chars().allMatch(c -> c > ' ' && c < 127)) {
                throw new LagoOptionException(option, "The option " + option + " holds characters that an API key cannot have:"
                        + " only printable ASCII without spaces is allowed.");
            }
            return new Key(stripped);
        }

        String authorization() {
            return "Bearer " + value;
        }

        String fingerprint() {
            return fingerprint;
        }

        /** What a server may echo of the key. Made when it is needed, since most calls succeed. */
        Pattern echo() {
            Pattern made = echo;
            if (made == null) {
                made = EchoedKey.pattern(value);
                echo = made;
            }
            return made;
        }

        @Override
        public String toString() {
            return "xxxxxx";
        }
    }
}
