package io.github.camellago.poll;

/**
 * The identity of a record of a list.
 *
 * @param list     the list's name
 * @param identity the list's name and what identifies the record within the list
 * @param hash     stands for the identity
 * @param id       the id by which Lago's API addresses the record, or null
 */
record RecordId(String list, String identity, long hash, String id) {

    static RecordId of(String list, String identity, String id) {
        RecordId unhashed = new RecordId(list, identity, 0, id);
        return new RecordId(list, identity, hash(list, unhashed.storedKey()), id);
    }

    /** Stands for the record of a stored key. */
    static long hash(String list, String storedKey) {
        return Hash.of(list + '/' + storedKey);
    }

    /** The list's name as repositories store it. */
    String storedList() {
        return Hash.key(list);
    }

    /** The key of the record within the list, as repositories store it. */
    String storedKey() {
        if (identity.length() == list.length()) {
            return "-";
        }
        return Hash.key(identity.substring(list.length() + (identity.charAt(list.length()) == '/' ? 1 : 0)));
    }
}
