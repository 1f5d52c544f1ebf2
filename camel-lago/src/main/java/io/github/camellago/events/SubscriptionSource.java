package io.github.camellago.events;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;

import io.github.camellago.catalog.PathTemplate;

/**
 * Subscriptions, by external_id. An id may stand for several, for example after an upgrade. An active or pending subscription counts, or else the one
 * that was terminated last.
 */
final class SubscriptionSource implements ReferenceSource<Subscription> {

    /** With fewer names, the list is not worth a look. */
    private static final int LIST_FROM = 20;
    /** Lago finds active subscriptions unless another status is given. It is asked for them twice, since others become active meanwhile. */
    private static final List<String> STATUSES = Arrays.asList(null, "status=pending", "status=incomplete", null,
            "status=terminated");
    private static final String OPEN = "status%5B%5D=active&status%5B%5D=pending";

    private final ReferenceCalls calls;
    private int pages;

    SubscriptionSource(ReferenceCalls calls) {
        this.calls = calls;
    }

    @Override
    public boolean isListCheaper(int names) {
        return names >= LIST_FROM && pages <= names;
    }

    @Override
    public boolean list(int names, BiConsumer<String, Subscription> found) {
        return calls.list("subscriptions", OPEN,
                record -> found.accept(String.valueOf(record.get("external_id")), Subscription.of(record)), total -> {
                    pages = total;
                    return total <= names;
                });
    }

    @Override
    public Subscription get(String externalId) {
        String path = "subscriptions/" + PathTemplate.encodeSegment(externalId);
        return STATUSES.stream().map(status -> calls.get(path, status, "subscription")).filter(Objects::nonNull)
                .findFirst().map(Subscription::of).orElse(null);
    }

    /** Other customers' ids are of no use, so only those that differ by a slip of the keyboard are suggested. */
    @Override
    public int farthest(String unknown) {
        return Math.min(2, unknown.length() / 3);
    }
}
