package io.github.camellago.poll;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** 64 bits that stand for a text. Two of a million texts share theirs with a probability of 3 in 100 million. */
final class Hash {

    /** Columns of repositories are seldom wider than 255. */
    private static final int LONGEST_KEY = 200;

    private Hash() {}

    /** Never 0. */
    static long of(String text) {
        long hash = text.length();
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 32;
        }
        hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
        hash ^= hash >>> 33;
        return hash == 0 ? 1 : hash;
    }

    /** The key of a text in a repository: the text itself, unless it is too long or contains line breaks. */
    static String key(String text) {
        if (text.length() <= LONGEST_KEY && !hasControl(text)) {
            return text;
        }
        return "lago-" + UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)) + '-' + text(of(text));
    }

    private static boolean hasControl(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ') {
                return true;
            }
        }
        return false;
    }

    /** As text of letters and digits, for keys. */
    static String text(long hash) {
        return Long.toUnsignedString(hash, 36);
    }
}
