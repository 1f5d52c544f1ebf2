package io.github.camellago.test.spring;

import io.github.camellago.test.LagoSandbox;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestContextAnnotationUtils;
import org.springframework.test.context.support.AbstractTestExecutionListener;

/** Resets the sandbox of {@link EnableLagoSandbox} before each test. */
class LagoSandboxReset extends AbstractTestExecutionListener {

    @Override
    public void beforeTestMethod(TestContext test) {
        if (TestContextAnnotationUtils.hasAnnotation(test.getTestClass(), EnableLagoSandbox.class)) {
            test.getApplicationContext().getBean(LagoSandbox.class).reset();
        }
    }
}
