package io.github.camellago.poll;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import io.github.camellago.catalog.RecordType;
import io.github.camellago.client.LagoRecord;

/**
 * Everything, in each poll; a record that moves while the list is read comes once. A poll that was cut off is continued by the
 * next ones, which hand over the rest: what any of them has handed over, of whatever list, is remembered until one of them has
 * come past all lists. Then everything begins anew.
 */
public final class AllSelection implements Selection {

    private final RecordKeys keys;
    private volatile LongLongMap pass;

    public AllSelection(RecordType type, boolean single) {
        this.keys = RecordKeys.of(type, single);
    }

    @Override
    public Set<String> fields() {
        return keys.names();
    }

    @Override
    public Reading begin(String list) {
        LongLongMap seen = pass;
        if (seen == null) {
            seen = new LongLongMap(LongLongMap.forHeap());
            pass = seen;
        }
        return new AllReading(list, seen);
    }

    @Override
    public void polled(boolean whole) {
        if (whole) {
            pass = null;
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
        public HandOver claim(LagoRecord record, long readAt) {
            String identity = keys.identity(list, record);
            if (identity == null) {
                // rows that are alike are as many as there are
                String digest = record.digest();
                identity = list + '#' + digest + '#' + rows.merge(digest, 1, Integer::sum);
            }
            long hash = Hash.of(identity);
            if (seen.get(hash) != 0) {
                return null;
            }
            seen.put(hash, 1);
            return new Once(hash);
        }

        private final class Once implements HandOver {

            private final long hash;

            private Once(long hash) {
                this.hash = hash;
            }

            @Override
            public void completed() {}

            @Override
            public void failed() {
                seen.put(hash, 0);
            }
        }
    }
}
