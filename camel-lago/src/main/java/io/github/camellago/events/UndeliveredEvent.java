package io.github.camellago.events;

import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;

import io.github.camellago.api.EventJson;
import io.github.camellago.api.JsonBody;

/** An event that was not delivered, with the transaction_id and timestamp that it was sent with. */
public final class UndeliveredEvent extends LinkedHashMap<String, Object> implements JsonBody {

    private static final long serialVersionUID = 1L;

    @Override
    public Iterator<String> jsonParts() {
        // not as itself, because Jackson would ask for this form again
        return Collections.singleton(EventJson.of(new LinkedHashMap<>(this))).iterator();
    }

    @Override
    public String toString() {
        return toJson();
    }
}
