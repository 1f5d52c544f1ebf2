package io.github.camellago.api;

/** An option is missing, cannot be what it is, or contradicts another one. The message never holds a secret. */
public class LagoOptionException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String option;

    public LagoOptionException(String option, String message) {
        super(message);
        this.option = option;
    }

    /** The option's name. */
    public String getOption() {
        return option;
    }
}
