package io.github.camellago.poll;

/** 64 bits that stand for a text. Two of a million texts share theirs with a probability of 3 in 100 million. */
final class Hash {

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

    /** As text of letters and digits, for keys. */
    static String text(long hash) {
        return Long.toUnsignedString(hash, 36);
    }
}
