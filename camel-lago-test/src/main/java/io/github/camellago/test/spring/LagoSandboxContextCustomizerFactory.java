package io.github.camellago.test.spring;

import java.util.List;

import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.TestContextAnnotationUtils;

/** Finds {@link EnableLagoSandbox} on test classes, their superclasses and enclosing classes. */
class LagoSandboxContextCustomizerFactory implements ContextCustomizerFactory {

    @Override
    public ContextCustomizer createContextCustomizer(Class<?> test, List<ContextConfigurationAttributes> attributes) {
        EnableLagoSandbox found = TestContextAnnotationUtils.findMergedAnnotation(test, EnableLagoSandbox.class);
        return found == null ? null : new LagoSandboxContextCustomizer(List.of(found.prefixes()), found.demo());
    }
}
