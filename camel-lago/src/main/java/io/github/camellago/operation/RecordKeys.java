package io.github.camellago.operation;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.github.camellago.catalog.RecordType;
import io.github.camellago.client.LagoRecord;

/**
 * The keys of the records of a list.
 *
 * @param fields  the fields that do so together; empty where records have none
 * @param single  whether the list is one object that is always the same one
 * @param updated whether records carry {@code updated_at}
 */
public record RecordKeys(List<String> fields, boolean single, boolean updated) {

    public static RecordKeys of(RecordType type, boolean single) {
        return new RecordKeys(type.key() == null ? List.of() : List.of(type.key().split(",")), single, type.updatedAt());
    }

    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>(fields);
        if (updated) {
            names.add("updated_at");
        }
        return names;
    }

    /** Like {@link #identity(String, LagoRecord)}, with a digest in place of null. */
    public String identity(String list, LagoRecord record, String digest) {
        String identity = identity(list, record);
        return identity == null ? list + '#' + digest : identity;
    }

    /** The permanent key of a record of a list, or null if only its content identifies it. */
    public String identity(String list, LagoRecord record) {
        if (single) {
            return list;
        }
        StringBuilder identity = new StringBuilder(list);
        for (String field : fields) {
            String value = record.field(field);
            if (value == null) {
                return null;
            }
            identity.append('/').append(value);
        }
        return fields.isEmpty() ? null : identity.toString();
    }
}
