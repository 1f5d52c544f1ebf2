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
        throw notApplied(request, comparison.changes().stream().map(Comparison.Change::path).toList(),
                "Lago accepted " + request
                        + " but left other values in: ",
                ". Lago does not change some fields of an object that is in use, such as"
                        + " a metric of a plan, and ignores fields that the organization does not have. Other fields may"
                        + " have changed. Send what Lago has in these fields, or change the object in Lago");
    }

    /** @throws LagoNotAppliedException if there are fields that Lago does not have */
    static void checkIgnored(LagoRequest request, List<String> ignored) {
        if (!ignored.isEmpty()) {
            throw notApplied(request, ignored, "Lago accepted " + request + " but does not show: ",
                    ". It ignores fields that it does not know. Is the name right?"
                            + " With unknownFields=drop, such fields are sent without this check");
        }
    }

    /** @param paths the fields, which are named between the two parts of the message */
    static LagoNotAppliedException notApplied(LagoRequest request, List<String> paths, String message, String advice) {
        Map<String, Object> details = new LinkedHashMap<>();
        paths.forEach(path -> details.put(path, List.of("not_applied")));
        return new LagoNotAppliedException(new Failure(message + String.join(", ", details.keySet()) + advice,
                request.method(), request.path(), 200, null, details, true, null));
    }
}
