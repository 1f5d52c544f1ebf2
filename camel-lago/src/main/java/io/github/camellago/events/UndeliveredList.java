package io.github.camellago.events;

import java.util.ArrayList;
import java.util.Iterator;

import io.github.camellago.api.EventJson;
import io.github.camellago.api.JsonBody;

/** The events that a failed delivery leaves behind, if the message had all of them in memory. As JSON it is an array. */
public final class UndeliveredList extends ArrayList<Object> implements JsonBody {

    private static final long serialVersionUID = 1L;

    @Override
    public Iterator<String> jsonParts() {
        return EventJson.array(iterator(), EventJson::of);
    }

    @Override
    public String toString() {
        return toJson();
    }
}
