package io.github.camellago.test.spring;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.camellago.test.LagoSandbox;
import org.springframework.beans.factory.support.DefaultSingletonBeanRegistry;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;

/** Starts a sandbox for an application context. Equal ones share a context. */
record LagoSandboxContextCustomizer(List<String> prefixes, boolean demo) implements ContextCustomizer {

    private static final String NAME = "lagoSandbox";

    @Override
    public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration test) {
        LagoSandbox sandbox = LagoSandbox.builder().demo(demo).start();
        DefaultSingletonBeanRegistry beans = (DefaultSingletonBeanRegistry) context.getBeanFactory();
        beans.registerSingleton(NAME, sandbox);
        beans.registerDisposableBean(NAME, sandbox::close);
        Map<String, Supplier<String>> properties = prefixes.stream().flatMap(prefix -> Stream.of(
                Map.<String, Supplier<String>>entry(prefix + ".base-url", sandbox::baseUrl),
                Map.<String, Supplier<String>>entry(prefix + ".api-key", sandbox::apiKey)))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        context.getEnvironment().getPropertySources().addFirst(new Properties(properties));
    }

    /** What the sandbox says when it is asked. */
    private static final class Properties extends EnumerablePropertySource<Map<String, Supplier<String>>> {

        Properties(Map<String, Supplier<String>> properties) {
            super(NAME, properties);
        }

        @Override
        public String[] getPropertyNames() {
            return source.keySet().toArray(String[]::new);
        }

        @Override
        public Object getProperty(String name) {
            Supplier<String> value = source.get(name);
            return value == null ? null : value.get();
        }
    }
}
