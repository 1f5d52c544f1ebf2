package io.github.camellago.events;

import java.io.IOException;

import com.fasterxml.jackson.core.JsonParser;

/** Names that events have had before, so that a name is not made again for each event. Thread-safe: threads that write one place at once do no harm. */
final class RecentNames {

    private static final int PLACES = 8192;
    private static final int LONGEST = 100;

    private final String[] names = new String[PLACES];

    /**
     * The text of a parser's token.
     *
     * @param likely what the text most likely is, or null
     */
    String of(JsonParser parser, String likely) throws IOException {
        int length = parser.getTextLength();
        if (length > LONGEST) {
            return parser.getText();
        }
        char[] text = parser.getTextCharacters();
        int from = parser.getTextOffset();
        if (likely != null && isText(likely, text, from, length)) {
            return likely;
        }
        int hash = 0;
        for (int i = from; i < from + length; i++) {
            hash = 31 * hash + text[i];
        }
        int place = (hash ^ hash >>> 16) & PLACES - 1;
        String known = names[place];
        if (known == null || known.hashCode() != hash || !isText(known, text, from, length)) {
            known = parser.getText();
            names[place] = known;
        }
        return known;
    }

    private static boolean isText(String name, char[] text, int from, int length) {
        if (name.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (name.charAt(i) != text[from + i]) {
                return false;
            }
        }
        return true;
    }
}
