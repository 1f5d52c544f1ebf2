package io.github.camellago.client;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;

/**
 * One record of a list.
 *
 * @param body   what the route gets
 * @param fields the record's own scalar fields that were asked for, as text
 * @param source the page's bytes
 * @param from   where the record's JSON begins in them
 * @param to     where it ends
 */
public record LagoRecord(Object body, Map<String, String> fields, byte[] source, int from, int to) {

    /** A field's value as text, or null. */
    public String field(String name) {
        return name == null ? null : fields.get(name);
    }

    /** A digest of the record's JSON: records that differ in anything have different ones. */
    public String digest() {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(source, from, to - from);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(sha.digest()).substring(0, 27);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
