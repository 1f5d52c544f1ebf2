package io.github.camellago.examples.warehouse;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.camellago.LagoConstants;
import io.github.camellago.api.LagoAuthenticationException;
import io.github.camellago.api.LagoException;
import io.github.camellago.api.LagoNotFoundException;
import io.github.camellago.api.LagoPermissionException;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;

/**
 * The lists that the API key may read.
 *
 * @param readable the lists, with the number of their records; null where Lago does not say it
 * @param refused  the reasons why the others cannot be read, by resource
 */
record Access(Map<MirroredList, Integer> readable, Map<String, String> refused) {

    /** Asks for one record of each list. */
    static Access of(ProducerTemplate lago, List<MirroredList> lists) {
        Map<MirroredList, Integer> readable = new LinkedHashMap<>();
        Map<String, String> refused = new LinkedHashMap<>();
        for (MirroredList list : lists) {
            Exchange answer = lago.request(list.probe(), exchange -> {});
            LagoException failure = answer.getException(LagoException.class);
            if (failure instanceof LagoAuthenticationException) {
                throw failure;
            } else if (failure instanceof LagoPermissionException || isUnknownPath(failure)) {
                refused.put(list.resource(), failure.getMessage());
            } else {
                readable.put(list, answer.getMessage().getHeader(LagoConstants.TOTAL_COUNT, Integer.class));
            }
        }
        return new Access(readable, refused);
    }

    /** Whether this Lago is older than the list. Without the object in the path, the list itself exists. */
    private static boolean isUnknownPath(LagoException failure) {
        return failure instanceof LagoNotFoundException && "resource_not_found".equals(failure.getCode());
    }

    List<MirroredList> lists() {
        return new ArrayList<>(readable.keySet());
    }

    String toText() {
        StringBuilder text = new StringBuilder("%d lists are mirrored.%n".formatted(readable.size()));
        if (!refused.isEmpty()) {
            text.append("%d lists cannot be read:%n".formatted(refused.size()));
            refused.forEach((resource, reason) -> text.append("  %-40s %s%n".formatted(resource, reason)));
        }
        return text.toString();
    }
}
