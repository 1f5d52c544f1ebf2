package io.github.camellago.api;

import java.io.Serial;
import java.io.Serializable;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * An event that was rejected. As JSON: {@code index}, {@code event} and {@code reasons}.
 *
 * @param index   its position among the events of its message, from 0
 * @param event   the event as it was given; JSON text is a String. If Lago may have stored the event (status 413 or 500), it has the
 *                transaction_id and timestamp that it was sent with, so that sending it again cannot bill twice
 * @param reasons by field, what is wrong with it, in Lago's words
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record RejectedEvent(long index, Object event, Map<String, List<String>> reasons) implements JsonBody, Serializable {

    /** The reasons in one line. */
    public String describe() {
        StringJoiner described = new StringJoiner("; ");
        reasons.forEach((field, why) -> described.add(field + ": " + String.join(", ", why)));
        return described.toString();
    }

    @Override
    public Iterator<String> jsonParts() {
        return Collections.singleton("{\"index\":" + index + ",\"event\":" + EventJson.of(event) + ",\"reasons\":"
                + EventJson.of(reasons) + '}').iterator();
    }

    @Serial
    private Object writeReplace() {
        return new RejectedEvent(index, EventJson.plain(event), reasons);
    }
}
