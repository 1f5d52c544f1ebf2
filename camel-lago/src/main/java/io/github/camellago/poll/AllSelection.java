package io.github.camellago.poll;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import io.github.camellago.catalog.RecordType;
import io.github.camellago.client.LagoRecord;
import io.github.camellago.operation.RecordKeys;

/**
 * All records, in each poll. A record that moves while the list is read is delivered once. If a poll is interrupted, the next ones
 * deliver the rest: what was delivered, of whichever list, is remembered until one poll has come past all lists.
 */
public final class AllSelection implements Selection {

    private final RecordKeys keys;
    private final boolean outOfOrder;
    private volatile LongLongMap delivered = new LongLongMap(LongLongMap.forHeap());

    /**
     * @param single     whether the list is one object
     * @param outOfOrder whether a record may be missed that moves while the list is read
     */
    public AllSelection(RecordType type, boolean single, boolean outOfOrder) {
        this.keys = RecordKeys.of(type, single);
        this.outOfOrder = outOfOrder;
    }

    @Override
    public Set<String> fields() {
        return keys.names();
    }

    @Override
    public Reading begin(String list) {
        return new AllReading(list, delivered);
    }

    @Override
    public void polled(boolean whole) {
        if (whole) {
            delivered = new LongLongMap(LongLongMap.forHeap());
        }
    }

    private final class AllReading implements Reading {

        private final String list;
        private final LongLongMap seen;
        private final Map<String, Integer> rows = new HashMap<>();

        private AllReading(String list, LongLongMap seen) {
            this.list = list;
            this.seen = seen;
        }

        @Override
        public boolean mayReadOutOfOrder() {
            return outOfOrder;
        }

        @Override
        public Claim claim(LagoRecord record, long readAt) {
            String identity = keys.identity(list, record);
            if (identity == null) {
                // equal rows are as many as there are
                String digest = record.digest();
                identity = list + '#' + digest + '#' + rows.merge(digest, 1, Integer::sum);
            }
            long hash = Hash.of(identity);
            if (seen.get(hash) != 0) {
                return null;
            }
            seen.put(hash, 1);
            return new OneShotClaim(() -> {}, () -> {}, () -> seen.put(hash, 0));
        }
    }
}
