package io.github.camellago.kafka.connect;

/** The version of the connectors. */
final class Version {

    static final String VERSION = version();

    private Version() {}

    private static String version() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "unknown" : version;
    }
}
