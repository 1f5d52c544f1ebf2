package io.github.camellago.client;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;

/** One record of a list. */
public final class LagoRecord {

    private static final Object UNREAD = new Object();

    private final Object body;
    private final Map<String, String> fields;
    private final byte[] source;
    private final int from;
    private final int to;
    private volatile String contentDigest;

    /**
     * @param body   what the route gets
     * @param fields the record's own scalar fields that were asked for, as text
     * @param source the page's bytes
     * @param from   where the record's JSON begins in them
     * @param to     where it ends
     */
    public LagoRecord(Object body, Map<String, String> fields, byte[] source, int from, int to) {
        this.body = body;
        this.fields = fields;
        this.source = source;
        this.from = from;
        this.to = to;
    }

    /** A record without a body, which nobody needs. */
    static LagoRecord unread(Map<String, String> fields, byte[] source, int from, int to) {
        return new LagoRecord(UNREAD, fields, source, from, to);
    }

    /** Whether the record has a body. */
    public boolean isRead() {
        return body != UNREAD;
    }

    /** The body that the route gets. */
    public Object body() {
        return body;
    }

    /** A field's value as text, or null. */
    public String field(String name) {
        return name == null ? null : fields.get(name);
    }

    /** The record's JSON. */
    ByteBuffer source() {
        return ByteBuffer.wrap(source, from, to - from);
    }

    /** A digest of the record's JSON as it was sent: records that differ in anything have different ones. */
    public String digest() {
        return digest(source, from, to - from);
    }

    /** A digest of what the record's JSON says: the order of keys, which means nothing, and white space do not count. */
    public String contentDigest() {
        String digest = contentDigest;
        if (digest == null) {
            byte[] ordered = Json.ordered(source, from, to - from);
            digest = digest(ordered, 0, ordered.length);
            contentDigest = digest;
        }
        return digest;
    }

    private static String digest(byte[] bytes, int from, int length) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(bytes, from, length);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(sha.digest()).substring(0, 27);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
