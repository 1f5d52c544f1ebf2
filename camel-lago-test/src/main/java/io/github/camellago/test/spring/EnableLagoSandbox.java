package io.github.camellago.test.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Replaces Lago by a sandbox in a Spring test. The sandbox runs as long as the application context, is a bean of type
 * {@link io.github.camellago.test.LagoSandbox}, and is reset before each test. The component and all additional accounts
 * ({@code camel.component.lago.accounts.*}) use it: the sandbox replaces their {@code base-url}, {@code api-key}, {@code credentials} and
 * {@code ingest-url}, and a bean {@code LagoConnectionDetails}.
 *
 * <p>It does not replace a server in a route's URI ({@code lago:invoices?baseUrl=...}) or the settings of a {@code LagoComponent} bean that
 * the application defines.
 *
 * <pre>{@code
 * @SpringBootTest
 * @EnableLagoSandbox
 * class BillingTest {
 *
 *     @Autowired
 *     LagoSandbox sandbox;
 * }
 * }</pre>
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface EnableLagoSandbox {

    /**
     * The prefixes of the properties to replace. These properties take precedence over all other property sources. The key changes with the
     * sandbox's {@code rotateKey()}.
     */
    String[] prefixes() default "camel.component.lago";

    /** Whether the sandbox starts with customers, a plan, subscriptions and invoices. */
    boolean demo() default false;
}
