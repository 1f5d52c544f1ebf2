package io.github.camellago.upsert;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camellago.api.Failure;
import io.github.camellago.api.LagoNotAppliedException;
import io.github.camellago.client.LagoRequest;
import io.github.camellago.operation.Comparison;

/** Finds out whether Lago has done all that it accepted. */
final class NotApplied {

    private NotApplied() {}

    /** @throws LagoNotAppliedException if the object still differs from what was sent */
    static void check(LagoRequest request, ObjectNode sent, ObjectNode now) {
        Comparison comparison = Comparison.of(now, sent);
        if (comparison.changes().isEmpty()) {
            return;
        }
        Map<String, Object> details = new LinkedHashMap<>();
        comparison.changes().forEach(change -> details.put(change.path(), List.of("not_applied")));
        throw new LagoNotAppliedException(new Failure("Lago accepted " + request + " but left other values in: "
                + String.join(", ", details.keySet())
                + ". Lago does not change some fields of an object that is in use, such as"
                + " a plan with subscriptions, and ignores fields that the organization does not have. Other fields may have"
                + " changed. Send what Lago has in these fields, or change the object in Lago", request.method(),
                request.path(),
                200, null, details, true, null));
    }
}
