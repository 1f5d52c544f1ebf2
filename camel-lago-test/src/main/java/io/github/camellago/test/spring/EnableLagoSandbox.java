package io.github.camellago.test.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Gives a Spring test a sandbox instead of Lago: it runs as long as the application context, is a bean of type
 * {@link io.github.camellago.test.LagoSandbox}, is reset before each test, and stands in the properties of the component.
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
     * The prefixes of the properties {@code base-url} and {@code api-key} that lead to the sandbox, before any other source of
     * properties. The key is the sandbox's at any time, also after {@code rotateKey()}.
     */
    String[] prefixes() default "camel.component.lago";

    /** Whether it starts with some customers, a plan, subscriptions and invoices. */
    boolean demo() default false;
}
