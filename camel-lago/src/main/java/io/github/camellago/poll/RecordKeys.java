package io.github.camellago.poll;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.github.camellago.catalog.RecordType;
import io.github.camellago.client.LagoRecord;

/**
 * What identifies the records of a list.
 *
 * @param fields  the fields that do so together; empty where records have none
 * @param single  whether the list is one object that is always the same one
 * @param updated whether records carry {@code updated_at}
 */
record RecordKeys(List<String> fields, boolean single, boolean updated) {

    /** Columns of repositories are seldom wider than 255. */
    private static final int LONGEST = 200;

    static RecordKeys of(RecordType type, boolean single) {
        return new RecordKeys(type.key() == null ? List.of() : List.of(type.key().split(",")), single, type.updatedAt());
    }

    Set<String> names() {
        Set<String> names = new LinkedHashSet<>(fields);
        if (updated) {
            names.add("updated_at");
        }
        return names;
    }

    /** What tells a record from all others for ever, or null where nothing but its content does. */
    String identity(String list, LagoRecord record) {
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

    /** An identity as it stands in a repository: as it is, unless it is too long for one or holds line breaks. */
    static String stored(String identity) {
        if (identity.length() <= LONGEST && identity.chars().allMatch(c -> c >= ' ')) {
            return identity;
        }
        return "lago-" + java.util.UUID.nameUUIDFromBytes(identity.getBytes(StandardCharsets.UTF_8)) + '-'
                + Hash.text(Hash.of(identity));
    }
}
