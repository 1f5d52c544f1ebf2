package io.github.camellago.test.domain;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The event types that webhook endpoints can register for, one per line in {@code webhook-types.txt}.
 */
final class WebhookTypes {

    private static final Set<String> ALL = load();

    private WebhookTypes() {}

    static Set<String> all() {
        return ALL;
    }

    private static Set<String> load() {
        try (InputStream in = WebhookTypes.class.getResourceAsStream("webhook-types.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
