package io.github.camellago.operation;

import java.util.Map;

import org.apache.camel.spi.PropertyConfigurerGetter;
import org.apache.camel.util.TimeUtils;

/** Refuses values that an option cannot have. */
public final class OptionChecks {

    private OptionChecks() {}

    /** Refuses texts where an endpoint's option wants a number or a duration: Camel would take them for 0. */
    public static void requireNumbers(Map<String, Object> parameters, PropertyConfigurerGetter options) {
        parameters.forEach((name, value) -> {
            Class<?> type = options.getOptionType(name, true);
            if (value instanceof String text && !text.startsWith("#") && type != null && type.isPrimitive()) {
                if (type == int.class && !text.strip().matches("[-+]?\\d{1,9}")) {
                    throw new IllegalArgumentException("The option " + name + "=" + text + " must be a whole number");
                }
                if (type == long.class && !isDuration(text)) {
                    throw new IllegalArgumentException(
                            "The option " + name + "=" + text + " must be a number of milliseconds or a duration such as 30s");
                }
            }
        });
    }

    private static boolean isDuration(String text) {
        String duration = text.strip();
        try {
            return duration.matches("[-+]?\\d+") || TimeUtils.toMilliSeconds(duration) > 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    public static void requirePositive(String option, long value) {
        requireAtLeast(option, value, 1);
    }

    public static void requireAtLeast(String option, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException("The option " + option + "=" + value + " must be at least " + least);
        }
    }

    public static void requireNotNegative(String option, long value) {
        if (value < 0) {
            throw new IllegalArgumentException("The option " + option + "=" + value + " must not be negative");
        }
    }
}
