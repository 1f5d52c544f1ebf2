package io.github.camellago.events;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.camellago.api.RejectedEvent;

/** Rejected events, in memory as they were given. So millions of bad events neither get lost nor fill the memory. */
final class Rejections extends LargeList<KeptEvent, RejectedEvent> {

    private static final long serialVersionUID = 1L;

    Rejections() {
        super(KeptEvent.class, KeptEvent::index, KeptEvent::toJson);
    }

    void add(EventItem item, Map<String, List<String>> reasons) {
        keep(KeptEvent.of(item, reasons));
    }

    void addAll(Rejections others) {
        others.kept().forEach(this::keep);
    }

    /** The events, to try them again. */
    Stream<EventItem> items() {
        return kept().map(KeptEvent::item);
    }

    @Override
    RejectedEvent shown(KeptEvent kept) {
        return new RejectedEvent(kept.index(), kept.item().given(), kept.reasons());
    }
}
