package io.github.camellago.springboot;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.camellago.api.LagoOptionException;
import org.apache.camel.ResolveEndpointFailedException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Describes a wrong option of the component in place of a stack trace. */
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
                    + " or set " + prefix + ".credentials=#bean:NAME to a bean of type Supplier<String> that gives it.";
            case "credentials" -> "Give one key: either " + prefix + ".api-key, or " + prefix
                    + ".credentials with a bean that gives one.";
            case "baseUrl" -> "Set " + prefix + ".base-url to the URL of your Lago server; or leave it out and set " + prefix
                    + ".region to US or EU for Lago Cloud.";
            case "ingestUrl" ->
                "Set " + prefix + ".ingest-url to the URL of the server that takes usage events, or leave it out.";
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
