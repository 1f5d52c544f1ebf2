package io.github.camellago;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks Camel's version. On an older Camel, calls would fail with a {@link NoSuchMethodError}. */
final class CamelVersion {

    private static final int MAJOR = 4;
    private static final int MINOR = 18;
    private static final Pattern NUMBER = Pattern.compile("(\\d+)\\.(\\d+)(\\D.*)?");

    private CamelVersion() {}

    /** @param version Camel's version. A version without a number, as of a build of Camel's sources, is accepted */
    static void requireSupported(String version) {
        Matcher number = NUMBER.matcher(version == null ? "" : version);
        if (!number.matches()) {
            return;
        }
        int major = Integer.parseInt(number.group(1));
        int minor = Integer.parseInt(number.group(2));
        if (major < MAJOR || major == MAJOR && minor < MINOR) {
            throw new IllegalStateException("camel-lago needs Camel %d.%d or later, but the application runs Camel %s."
                    .formatted(MAJOR, MINOR, version) + " Upgrade Camel, for example the version of camel-bom");
        }
    }
}
