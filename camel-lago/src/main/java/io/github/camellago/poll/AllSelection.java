package io.github.camellago.poll;

import java.util.Set;

import io.github.camellago.catalog.RecordType;

/** Everything, in each poll; a record that moves while the list is read comes once. */
public final class AllSelection implements Selection {

    private static final Reading.HandOver NOTHING_TO_DO = new Reading.HandOver() {
        @Override
        public void completed() {}

        @Override
        public void failed() {}
    };

    private final RecordKeys keys;

    public AllSelection(RecordType type, boolean single) {
        this.keys = RecordKeys.of(type, single);
    }

    @Override
    public Reading begin(String list) {
        LongTable seen = new LongTable(LongTable.forHeap());
        return (record, readAt) -> take(keys.identity(list, record), seen);
    }

    private static Reading.HandOver take(String identity, LongTable seen) {
        if (identity == null) {
            return NOTHING_TO_DO;
        }
        long hash = Hash.of(identity);
        if (seen.get(hash) != 0) {
            return null;
        }
        seen.put(hash, 1);
        return NOTHING_TO_DO;
    }

    @Override
    public Set<String> fields() {
        return keys.names();
    }
}
