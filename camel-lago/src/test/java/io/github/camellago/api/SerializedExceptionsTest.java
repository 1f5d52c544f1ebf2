package io.github.camellago.api;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Exceptions leave the JVM with {@code transferException} of JMS, for example. */
class SerializedExceptionsTest {

    /** An exception of a user's code, which holds what cannot be serialized. */
    private static final class VaultException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        @SuppressWarnings({"unused", "serial"})
        private final Object connection = new Object();

        VaultException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    static Stream<Function<Failure, LagoException>> kinds() {
        return Stream.of(LagoException::new, LagoAuthenticationException::new, LagoNotAllowedException::new,
                LagoNotAppliedException::new, LagoNotFoundException::new, LagoOutputClassException::new,
                LagoPermissionException::new, LagoRateLimitException::new, LagoServerException::new,
                LagoTransportException::new, LagoValidationException::new);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void keepsAllItKnows(Function<Failure, LagoException> kind) throws Exception {
        Throwable cause = new IOException("reset", new IllegalStateException("by peer"));
        LagoException failure = kind.apply(new Failure("It failed", "POST", "customers", 422, "validation_errors",
                Map.of("name", List.of("value_is_mandatory")), false, cause));

        LagoException copy = copy(failure);

        assertThat(copy).hasSameClassAs(failure).hasMessage("It failed");
        assertThat(copy.getStackTrace()).isEqualTo(failure.getStackTrace());
        assertThat(copy.getMethod()).isEqualTo("POST");
        assertThat(copy.getPath()).isEqualTo("customers");
        assertThat(copy.getStatusCode()).isEqualTo(422);
        assertThat(copy.getCode()).isEqualTo("validation_errors");
        assertThat(copy.getErrorDetails()).isEqualTo(failure.getErrorDetails());
        assertThat(copy.mayHaveBeenProcessed()).isFalse();
        assertThat(copy.getCause()).isInstanceOf(IOException.class).hasMessage("reset");
        assertThat(copy.getCause().getCause()).isInstanceOf(IllegalStateException.class).hasMessage("by peer");
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aCauseThatCannotBeSerializedIsReplacedByItsText(Function<Failure, LagoException> kind) throws Exception {
        Throwable cause = new VaultException("sealed", new IOException("no route", new VaultException("again", null)));
        LagoException failure = kind.apply(Failure.local("No API key", "GET", "plans", true, cause));

        LagoException copy = copy(failure);

        assertThat(copy).hasSameClassAs(failure).hasMessage("No API key");
        assertThat(copy.mayHaveBeenProcessed()).isTrue();
        assertThat(copy.getCause()).hasMessage(VaultException.class.getName() + ": sealed");
        assertThat(copy.getCause().getStackTrace()).isEqualTo(cause.getStackTrace());
        assertThat(copy.getCause().getCause()).hasMessageContaining("no route");
        assertThat(copy.getCause().getCause().getCause()).hasMessage(VaultException.class.getName() + ": again");
        assertThat(failure.getCause()).as("in this JVM").isSameAs(cause);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void suppressedExceptionsThatCannotBeSerializedAreReplacedByTheirText(Function<Failure, LagoException> kind)
            throws Exception {
        Throwable vault = new VaultException("sealed", null);
        LagoException inner = new LagoServerException(Failure.local("503", "GET", "plans", false, null));
        inner.addSuppressed(vault);
        LagoException failure = kind.apply(Failure.local("It failed", "GET", "plans", true, vault));
        failure.addSuppressed(vault);
        failure.addSuppressed(new IllegalStateException("kept"));
        failure.addSuppressed(inner);

        LagoException copy = copy(failure);

        assertThat(copy).hasSameClassAs(failure).hasMessage("It failed");
        assertThat(copy.getStackTrace()).isEqualTo(failure.getStackTrace());
        assertThat(copy.getPath()).isEqualTo("plans");
        assertThat(copy.getCause()).hasMessage(vault.toString());
        assertThat(copy.getSuppressed()).extracting(Throwable::getMessage).containsExactly(vault.toString(), "kept", "503");
        assertThat(copy.getSuppressed()[1]).isInstanceOf(IllegalStateException.class);
        assertThat(copy.getSuppressed()[2]).isInstanceOf(LagoServerException.class);
        assertThat(copy.getSuppressed()[2].getSuppressed()).extracting(Throwable::getMessage).containsExactly(vault.toString());
        assertThat(failure.getSuppressed()).as("in this JVM").contains(vault, inner);
        assertThat(copy(failure).getSuppressed()).as("once more").hasSize(3);
    }

    @Test
    void anExceptionWithoutCauseHasNone() throws Exception {
        assertThat(copy(new LagoServerException(Failure.local("500", "GET", "plans", false, null)))).hasNoCause();
    }

    @Test
    void othersKeepAllTheyKnow() throws Exception {
        LagoEventsRejectedException rejected = copy(new LagoEventsRejectedException(new LagoEventsReport(1, 2,
                List.of(new RejectedEvent(3, new Object(), Map.of("code", List.of("bad"))))), "events"));
        assertThat(rejected.getReport().rejected().get(0).reasons()).containsKey("code");
        assertThat(rejected.getReport().total()).isEqualTo(4);
        assertThat(copy(LagoWebhookException.tooLarge(7)).getCode()).isEqualTo(LagoWebhookException.BODY_TOO_LARGE);
        assertThat(copy(new LagoOptionException("apiKey", "It is missing")).getOption()).isEqualTo("apiKey");
    }

    @SuppressWarnings("unchecked")
    private static <T> T copy(T exception) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new ObjectOutputStream(bytes).writeObject(exception);
        return (T) new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
    }
}
