package io.github.camellago.client;

import java.util.Locale;
import java.util.stream.Stream;

import io.github.camellago.api.LagoCall;
import io.github.camellago.catalog.BoundOperation;
import io.github.camellago.catalog.Catalog;
import io.github.camellago.catalog.PathTemplate;
import io.github.camellago.catalog.RecordType;

/**
 * The name of a call in metrics and traces: Lago's resource as a template, and the operation. The number of names is bounded, and no
 * name contains an id.
 *
 * @param resource  the resource's path with its placeholders, or {@code other} for paths that the catalog does not know
 * @param operation the operation's name; for paths that the catalog does not know, the HTTP method in lower case
 */
public record CallName(String resource, String operation) {

    private static final String OTHER = "other";

    /** The call as observers see it. */
    static LagoCall describe(LagoRequest request) {
        CallName name = of(request);
        return new LagoCall(request.method(), request.path(), name.resource(), name.operation(),
                request.rateLimit().name().toLowerCase(Locale.ROOT));
    }

    private static CallName of(LagoRequest request) {
        return Stream.ofNullable(Catalog.get().find(PathTemplate.of(request.path())))
                .flatMap(resource -> resource.direct().stream())
                .filter(bound -> bound.operation().method().equals(request.method()))
                .findFirst().map(CallName::of)
                .orElseGet(() -> new CallName(OTHER, request.method().toLowerCase(Locale.ROOT)));
    }

    public static CallName of(BoundOperation bound) {
        boolean known = bound.entry().records() != RecordType.UNKNOWN;
        return new CallName(known ? bound.entry().path().toString() : OTHER, bound.name());
    }
}
