package io.github.camellago.client;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;

/** Moments as Lago writes them. */
public final class Iso8601 {

    private static final String USUAL = "0000-00-00T00:00:00Z";

    private Iso8601() {}

    /** A time in milliseconds since the epoch, or null if the text is null or not a time. */
    public static Long millis(String text) {
        if (text == null) {
            return null;
        }
        try {
            return isUsual(text) ? usual(text) : OffsetDateTime.parse(text).toInstant().toEpochMilli();
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** Whether it is in whole seconds of UTC, as nearly all are: two of them are in each record, and a formatter is slow. */
    private static boolean isUsual(String text) {
        if (text.length() != USUAL.length()) {
            return false;
        }
        for (int i = 0; i < USUAL.length(); i++) {
            char c = text.charAt(i);
            if (USUAL.charAt(i) == '0' ? c < '0' || c > '9' : c != USUAL.charAt(i)) {
                return false;
            }
        }
        return number(text, 11) < 24 && number(text, 14) < 60 && number(text, 17) < 60;
    }

    private static long usual(String text) {
        LocalDate date = LocalDate.of(100 * number(text, 0) + number(text, 2), number(text, 5), number(text, 8));
        return 1000 * (date.toEpochDay() * 86_400 + number(text, 11) * 3_600 + number(text, 14) * 60 + number(text, 17));
    }

    /** The two digits at a place. */
    private static int number(String text, int at) {
        return 10 * (text.charAt(at) - '0') + text.charAt(at + 1) - '0';
    }
}
