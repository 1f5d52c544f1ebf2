package io.github.camellago.client;

import java.util.Locale;

import io.github.camellago.catalog.BoundOperation;
import io.github.camellago.catalog.Catalog;
import io.github.camellago.catalog.PathTemplate;
import io.github.camellago.catalog.RecordType;
import io.github.camellago.catalog.Resource;

/**
 * What a call is named in metrics and traces: Lago's resource as a template, and the operation. There is a known number of them,
 * and no id stands in any.
 *
 * @param resource  the resource's path with its placeholders, or {@code other} for paths that the catalogue does not know
 * @param operation the operation's name; for paths that the catalogue does not know, the HTTP method in lower case
 */
public record CallName(String resource, String operation) {

    private static final String OTHER = "other";

    public static CallName of(LagoRequest request) {
        Resource resource = Catalog.get().find(PathTemplate.of(request.path()));
        if (resource != null) {
            for (BoundOperation bound : resource.direct()) {
                if (bound.operation().method().equals(request.method())) {
                    return of(bound);
                }
            }
        }
        return new CallName(OTHER, request.method().toLowerCase(Locale.ROOT));
    }

    public static CallName of(BoundOperation bound) {
        boolean known = bound.entry().records() != RecordType.UNKNOWN;
        return new CallName(known ? bound.entry().path().toString() : OTHER, bound.name());
    }
}
