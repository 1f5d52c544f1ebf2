package io.github.camellago.client;

import java.io.IOException;
import java.io.Serial;
import java.io.Serializable;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.io.SerializedString;

/**
 * A JSON object as a Map, in the order of its fields. Objects with the same fields share their keys, so that a record takes little more memory than its
 * values. The map can be changed. Like a {@link LinkedHashMap}, it may be read by several threads.
 */
final class JsonMap extends AbstractMap<String, Object> implements Serializable {

    private static final long serialVersionUID = 1L;

    private final transient Keys keys;
    private final transient Object[] values;
    /** All entries, after a key was added or removed. */
    private transient Map<String, Object> changed;

    /** The keys of objects. Immutable. */
    static final class Keys {

        private static final int SEARCHED = 8;

        private final String[] names;
        private final SerializedString[] texts;
        private volatile Map<String, Integer> positions;

        /** @param names names that differ from each other */
        Keys(String... names) {
            this.names = names;
            this.texts = Arrays.stream(names).map(SerializedString::new).toArray(SerializedString[]::new);
        }

        int size() {
            return names.length;
        }

        String name(int position) {
            return names[position];
        }

        /** Whether the next field of a parser's object is the one at a position. The parser goes on to the field, whatever its name is. */
        boolean isNext(JsonParser parser, int position) throws IOException {
            return parser.nextFieldName(texts[position]);
        }

        /** The position of a key, or -1. */
        private int find(Object key) {
            if (names.length > SEARCHED) {
                return positions().getOrDefault(key, -1);
            }
            for (int i = 0; i < names.length; i++) {
                if (names[i].equals(key)) {
                    return i;
                }
            }
            return -1;
        }

        private Map<String, Integer> positions() {
            Map<String, Integer> found = positions;
            if (found == null) {
                found = new HashMap<>(2 * names.length);
                for (int i = 0; i < names.length; i++) {
                    found.put(names[i], i);
                }
                positions = found;
            }
            return found;
        }
    }

    /** @param values the values of the keys, which belong to this map now */
    JsonMap(Keys keys, Object[] values) {
        this.keys = keys;
        this.values = values;
    }

    @Override
    public int size() {
        return changed == null ? values.length : changed.size();
    }

    @Override
    public boolean containsKey(Object key) {
        return changed == null ? keys.find(key) >= 0 : changed.containsKey(key);
    }

    @Override
    public Object get(Object key) {
        if (changed != null) {
            return changed.get(key);
        }
        int position = keys.find(key);
        return position < 0 ? null : values[position];
    }

    @Override
    public Object put(String key, Object value) {
        int position = changed == null ? keys.find(key) : -1;
        if (position < 0) {
            return changed().put(key, value);
        }
        Object before = values[position];
        values[position] = value;
        return before;
    }

    @Override
    public Object remove(Object key) {
        return containsKey(key) ? changed().remove(key) : null;
    }

    @Override
    public void clear() {
        changed = new LinkedHashMap<>();
    }

    @Override
    public Set<Entry<String, Object>> entrySet() {
        return changed == null ? new Entries() : changed.entrySet();
    }

    private Map<String, Object> changed() {
        if (changed == null) {
            changed = new LinkedHashMap<>(this);
        }
        return changed;
    }

    @Serial
    private Object writeReplace() {
        return new LinkedHashMap<>(this);
    }

    /** The entries as long as no key has been added or removed. */
    private final class Entries extends AbstractSet<Entry<String, Object>> {

        @Override
        public int size() {
            return JsonMap.this.size();
        }

        @Override
        public void clear() {
            JsonMap.this.clear();
        }

        @Override
        public Iterator<Entry<String, Object>> iterator() {
            return changed == null ? new EntryIterator() : changed.entrySet().iterator();
        }
    }

    private final class EntryIterator implements Iterator<Entry<String, Object>> {

        private int next;
        private boolean removable;

        @Override
        public boolean hasNext() {
            return next < values.length;
        }

        @Override
        public Entry<String, Object> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            removable = true;
            int position = next++;
            return new SimpleEntry<>(keys.name(position), values[position]) {
                private static final long serialVersionUID = 1L;

                @Override
                public Object setValue(Object value) {
                    put(getKey(), value);
                    return super.setValue(value);
                }
            };
        }

        @Override
        public void remove() {
            if (!removable) {
                throw new IllegalStateException();
            }
            removable = false;
            JsonMap.this.remove(keys.name(next - 1));
        }
    }
}
