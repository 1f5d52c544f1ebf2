package io.github.camellago.test;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestInstancePostProcessor;

/**
 * JUnit 5 extension that starts one sandbox per test class and resets it before each test. The sandbox is injected into parameters and
 * non-final fields of type {@link LagoSandbox}.
 *
 * <pre>{@code
 * @ExtendWith(LagoSandboxExtension.class)
 * class InvoicesTest {
 *
 *     @Test
 *     void listsInvoices(LagoSandbox sandbox) { … }
 * }
 * }</pre>
 *
 * To configure the sandbox, or to start it before other extensions:
 *
 * <pre>{@code
 * @RegisterExtension
 * static LagoSandboxExtension lago = new LagoSandboxExtension(LagoSandbox.builder().clickhouse(true));
 * }</pre>
 */
public final class LagoSandboxExtension
        implements
            BeforeAllCallback,
            BeforeEachCallback,
            ParameterResolver,
            TestInstancePostProcessor {

    private static final Namespace NAMESPACE = Namespace.create(LagoSandboxExtension.class);

    private final LagoSandboxBuilder options;
    private volatile LagoSandbox current;

    public LagoSandboxExtension() {
        this(LagoSandbox.builder());
    }

    public LagoSandboxExtension(LagoSandboxBuilder options) {
        this.options = options;
    }

    /** The sandbox of the running test class. */
    public LagoSandbox sandbox() {
        if (current == null) {
            throw new IllegalStateException("No test class with this extension is running");
        }
        return current;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IllegalAccessException {
        inject(context.getRequiredTestClass(), null, sandbox(context));
    }

    @Override
    public void postProcessTestInstance(Object test, ExtensionContext context) throws IllegalAccessException {
        inject(test.getClass(), test, sandbox(context));
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        sandbox(context).reset();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == LagoSandbox.class;
    }

    @Override
    public LagoSandbox resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return sandbox(context);
    }

    private LagoSandbox sandbox(ExtensionContext context) {
        LagoSandbox sandbox = context.getStore(NAMESPACE)
                .getOrComputeIfAbsent(this, key -> new Held(options.start()), Held.class).sandbox();
        current = sandbox;
        return sandbox;
    }

    private static void inject(Class<?> type, Object test, LagoSandbox sandbox) throws IllegalAccessException {
        for (Class<?> owner = type; owner != null; owner = owner.getSuperclass()) {
            for (Field field : owner.getDeclaredFields()) {
                boolean wanted = field.getType() == LagoSandbox.class && !Modifier.isFinal(field.getModifiers());
                if (wanted && Modifier.isStatic(field.getModifiers()) == (test == null)) {
                    field.setAccessible(true);
                    field.set(test, sandbox);
                }
            }
        }
    }

    /** JUnit closes this resource after the test class. All versions of JUnit 5 support this type. */
    @SuppressWarnings("deprecation")
    private record Held(LagoSandbox sandbox) implements ExtensionContext.Store.CloseableResource, AutoCloseable {

        @Override
        public void close() {
            sandbox.close();
        }
    }
}
