package io.github.camellago.test.domain;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Decimals and cents.
 */
final class Amounts {

    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    private Amounts() {}

    /** A decimal from a JSON number or string. Null for other values. */
    static BigDecimal decimal(Object value) {
        if (value == null) {
            return null;
        }
        try {
            return new BigDecimal(value.toString().trim());
        } catch (NumberFormatException e) {
            return null;
        }
    }

    static BigDecimal decimal(Object value, BigDecimal otherwise) {
        BigDecimal decimal = decimal(value);
        return decimal == null ? otherwise : decimal;
    }

    /** A whole number of cents. 0 for values that are not numbers. */
    static long cents(Object value) {
        return decimal(value, BigDecimal.ZERO).setScale(0, RoundingMode.HALF_UP).longValue();
    }

    /** Converts units of a currency to cents, rounded. */
    static long toCents(BigDecimal units) {
        return cents(units.multiply(HUNDRED));
    }

    static BigDecimal ofCents(Object cents) {
        return decimal(cents, BigDecimal.ZERO).movePointLeft(2);
    }

    /** {@code rate} percent of {@code cents}, rounded. */
    static long percent(long cents, BigDecimal rate) {
        return cents(BigDecimal.valueOf(cents).multiply(rate).divide(HUNDRED, 10, RoundingMode.HALF_UP));
    }

    /** Formats a decimal as Lago does: {@code "10.0"}, {@code "0.125"}. */
    static String text(BigDecimal value) {
        BigDecimal plain = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
        return (plain.scale() < 1 ? plain.setScale(1) : plain).toPlainString();
    }
}
