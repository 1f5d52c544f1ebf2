package io.github.camellago.springboot;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.camellago.api.LagoOptionException;
import org.apache.camel.ResolveEndpointFailedException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Describes an invalid option of the component instead of printing a stack trace. */
class LagoFailureAnalyzer extends AbstractFailureAnalyzer<LagoOptionException> {

    private static final Pattern ACCOUNT = Pattern.compile("(accounts\\..+)\\.([a-zA-Z]+)");

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, LagoOptionException cause) {
        String endpoint = endpoint(rootFailure);
        Matcher account = ACCOUNT.matcher(cause.getOption());
        String prefix = account.matches() ? LagoComponentConfiguration.PREFIX + "." + account.group(1) : prefix(endpoint);
        String option = account.matches() ? account.group(2) : cause.getOption();
        String description = (endpoint == null ? "" : "The endpoint " + endpoint + " cannot be created. ") + cause.getMessage()
                + ".";
        return new FailureAnalysis(description.replaceAll("\\.+$", "."), action(option, prefix), cause);
    }

    private static String action(String option, String prefix) {
        return switch (option) {
            case "apiKey" -> "Set " + prefix + ".api-key to Lago's API key, for example from the environment variable "
                    + prefix.replace("-", "").replace('.', '_').toUpperCase(java.util.Locale.ROOT) + "_APIKEY or a config tree;"
                    + " or set " + prefix + ".credentials=#bean:NAME to a bean of type Supplier<String> that supplies it.";
            case "credentials" -> "Set only one of them: either " + prefix + ".api-key, or " + prefix
                    + ".credentials with a bean that supplies the key.";
            case "baseUrl" ->
                "Set " + prefix + ".base-url to the URL of your Lago server. For Lago Cloud, remove it and set " + prefix
                        + ".region to US or EU.";
            case "ingestUrl" ->
                "Set " + prefix + ".ingest-url to the URL of the server that ingests usage events, or remove it.";
            default -> "Change the property " + prefix + "." + option + ".";
        };
    }

    /** The properties of the component that the endpoint belongs to. */
    private static String prefix(String endpoint) {
        String component = endpoint == null ? LagoComponentAutoConfiguration.NAME : endpoint.replaceFirst(":.*", "");
        return component.equals(LagoComponentAutoConfiguration.NAME)
                ? LagoComponentConfiguration.PREFIX
                : LagoComponentConfiguration.PREFIX + ".accounts." + component;
    }

    private static String endpoint(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ResolveEndpointFailedException unresolved) {
                return unresolved.getUri().replaceFirst("\\?.*", "");
            }
        }
        return null;
    }
}
