package io.github.camellago.test.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Gives a Spring test a sandbox in place of Lago. The sandbox runs as long as the application context, is a bean of type
 * {@link io.github.camellago.test.LagoSandbox}, and is reset before each test. The component and all its further accounts
 * ({@code camel.component.lago.accounts.*}) use it: their {@code base-url}, {@code api-key}, {@code credentials} and {@code ingest-url}
 * are replaced, and a bean {@code LagoConnectionDetails} too.
 *
 * <p>Not replaced are a server that a route's URI names ({@code lago:invoices?baseUrl=...}) and the settings of a
 * {@code LagoComponent} bean of the application.
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
     * The prefixes of the properties to replace. They win over all other property sources. The key follows the sandbox's
     * {@code rotateKey()}.
     */
    String[] prefixes() default "camel.component.lago";

    /** Whether the sandbox starts with some customers, a plan, subscriptions and invoices. */
    boolean demo() default false;
}
