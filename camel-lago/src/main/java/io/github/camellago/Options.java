package io.github.camellago;

/** Refuses values that an option cannot have. */
final class Options {

    private Options() {}

    static void requirePositive(String option, long value) {
        if (value < 1) {
            throw new IllegalArgumentException("The option " + option + "=" + value + " must be at least 1");
        }
    }

    static void requireNotNegative(String option, long value) {
        if (value < 0) {
            throw new IllegalArgumentException("The option " + option + "=" + value + " must not be negative");
        }
    }
}
