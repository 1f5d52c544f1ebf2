package io.github.camellago.catalog;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** How far apart two words are spelt. */
public final class Spelling {

    private Spelling() {}

    /** The words that are spelt most like a given one, nearest first. Those that are farther away are left out. */
    public static List<String> nearest(String word, Stream<String> known, int count, int farthest) {
        return known.map(k -> Map.entry(k, distance(word, k))).filter(k -> k.getValue() <= farthest)
                .sorted(Map.Entry.<String, Integer>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .limit(count).map(Map.Entry::getKey).toList();
    }

    /** The number of letters to insert, delete or replace to turn one word into the other (Levenshtein). */
    public static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int above = row[j];
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
