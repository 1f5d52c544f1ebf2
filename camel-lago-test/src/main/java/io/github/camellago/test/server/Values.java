package io.github.camellago.test.server;

import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The allowed values of a field or a filter.
 *
 * @param expected Lago's reason for other values
 */
public record Values(Predicate<String> test, String expected) {

    private static final Set<String> FALSE = Set.of("false", "FALSE", "False", "f", "F", "0", "off", "OFF", "Off", "n", "N",
            "no",
            "NO");
    private static final Set<String> TRUE = Set.of("true", "TRUE", "True", "t", "T", "1", "on", "ON", "On", "y", "Y", "yes",
            "YES");
    private static final Pattern UUID = Pattern.compile("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final String NAME = "[\\p{L}\\p{M}\\p{N}!#$%&'*+/=?^_`{|}~-]+";
    private static final String HOST = "[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?";
    private static final Pattern EMAIL = Pattern
            .compile(NAME + "(\\." + NAME + ")*@(" + HOST + "\\.)+" + HOST);
    private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());
    private static final Set<String> CURRENCIES = Currency.getAvailableCurrencies().stream()
            .filter(currency -> currency.getDefaultFractionDigits() >= 0).map(Currency::getCurrencyCode)
            .collect(Collectors.toUnmodifiableSet());

    /** Parses {@code a|b}, a list of values, or a name: {@code currencies}, {@code dates}, {@code uuids} …. */
    static Values of(String set) {
        return switch (set) {
            case "currencies" -> new Values(Values::isCurrency, "value_is_invalid");
            case "countries" -> new Values(Values::isCountry, "value_is_invalid");
            case "dates" -> new Values(value -> SandboxClock.parse(value) != null, "invalid_date");
            case "numbers" -> new Values(value -> value.strip().matches("[+-]?\\d*\\.?\\d+"), "value_is_invalid");
            case "uuids" -> new Values(value -> UUID.matcher(value).matches(), "is in invalid format");
            case "flags" -> new Values(value -> TRUE.contains(value) || FALSE.contains(value), "must be boolean");
            default -> new Values(List.of(set.split("\\|"))::contains, "must be one of: " + set.replace("|", ", "));
        };
    }

    boolean contains(String value) {
        return test.test(value);
    }

    /** An ISO 4217 code in upper case. */
    public static boolean isCurrency(String code) {
        return CURRENCIES.contains(code);
    }

    /** A two-letter ISO 3166 code in upper case. */
    public static boolean isCountry(String code) {
        return COUNTRIES.contains(code);
    }

    /** One address, or several separated by commas. */
    public static boolean isEmail(String text) {
        for (String address : text.split(",", -1)) {
            if (!EMAIL.matcher(address.strip()).matches()) {
                return false;
            }
        }
        return true;
    }

    /** Parses a flag as Lago does: all text that is not false is true. */
    public static boolean isTrue(String text) {
        return !text.isEmpty() && !FALSE.contains(text);
    }
}
