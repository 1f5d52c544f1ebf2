package io.github.camellago.client;

import java.io.IOException;
import java.util.stream.Collectors;

import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.JsonMappingException;

/** An answer that is Lago's, but does not fit the class to bind it to. */
final class OutputClassMismatch extends IOException {

    private static final long serialVersionUID = 1L;

    private OutputClassMismatch(Class<?> outputClass, String field, String why, Throwable cause) {
        super("the outputClass " + outputClass.getName() + " does not fit" + (field.isEmpty() ? "" : ", see its field " + field)
                + ": " + (why == null ? cause.toString() : why).replaceAll("\\s+", " "), cause);
    }

    /** The mismatch, or the exception itself if the JSON is broken. */
    static IOException of(Class<?> outputClass, JsonMappingException e) {
        // a number that its field cannot hold is no broken JSON
        if (e.getCause() instanceof StreamReadException && !(e.getCause() instanceof InputCoercionException)) {
            return e;
        }
        String field = e.getPath().stream()
                .map(step -> step.getFieldName() == null ? String.valueOf(step.getIndex()) : step.getFieldName())
                .collect(Collectors.joining("."));
        return new OutputClassMismatch(outputClass, field, e.getOriginalMessage(), e);
    }

    /** The mismatch if the class itself failed. */
    static OutputClassMismatch failed(Class<?> outputClass, Throwable e) {
        return new OutputClassMismatch(outputClass, "", null, e);
    }
}
