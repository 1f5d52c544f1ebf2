package io.github.camellago.client;

import java.io.IOException;
import java.util.stream.Collectors;

import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.JsonMappingException;

/** An answer that is Lago's, but does not fit the class to bind it to. */
final class OutputClassMismatch extends IOException {

    private static final long serialVersionUID = 1L;

    private OutputClassMismatch(String message, Throwable cause) {
        super(message, cause);
    }

    /** The mismatch, or the exception itself if the JSON is broken. */
    static IOException of(Class<?> outputClass, JsonMappingException e) {
        if (e.getCause() instanceof StreamReadException) {
            return e;
        }
        String field = e.getPath().stream()
                .map(step -> step.getFieldName() == null ? String.valueOf(step.getIndex()) : step.getFieldName())
                .collect(Collectors.joining("."));
        return new OutputClassMismatch("the outputClass " + outputClass.getName() + " does not fit"
                + (field.isEmpty() ? "" : ", see its field " + field) + ": " + e.getOriginalMessage().replaceAll("\\s+", " "),
                e);
    }
}
