package io.github.camellago.events;

import java.util.Iterator;

import io.github.camellago.api.EventJson;
import io.github.camellago.api.JsonBody;
import io.github.camellago.api.ReconciledEvent;

/** The events that Lago has not stored as they were given. As JSON it is an array. */
public final class ReconciledEvents extends LargeList<ReconciledEvent, ReconciledEvent> implements JsonBody {

    private static final long serialVersionUID = 1L;

    ReconciledEvents() {
        super(ReconciledEvent.class, ReconciledEvent::index, ReconciledEvent::toJson);
    }

    /** The other events. */
    ReconciledEvents without(ReconciledEvent.Status status) {
        ReconciledEvents left = new ReconciledEvents();
        kept().filter(event -> event.status() != status).forEach(left::keep);
        return left;
    }

    @Override
    ReconciledEvent shown(ReconciledEvent kept) {
        return kept;
    }

    @Override
    public Iterator<String> jsonParts() {
        return EventJson.array(iterator(), ReconciledEvent::toJson);
    }

    @Override
    public String toString() {
        return size() + " events that are not stored as they were given";
    }
}
