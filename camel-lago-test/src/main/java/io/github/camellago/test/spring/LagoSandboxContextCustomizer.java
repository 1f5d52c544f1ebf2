package io.github.camellago.test.spring;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.github.camellago.test.LagoSandbox;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;
import org.springframework.util.ClassUtils;

/**
 * Starts a sandbox for an application context. Equal customizers share a context.
 *
 * <p>A test must not reach a real Lago. So the sandbox replaces the URLs and keys of the component and of each additional account, and a bean
 * {@code LagoConnectionDetails}, which would take precedence over the properties.
 */
record LagoSandboxContextCustomizer(List<String> prefixes, boolean demo) implements ContextCustomizer {

    private static final String NAME = "lagoSandbox";
    private static final String DETAILS = "io.github.camellago.springboot.LagoConnectionDetails";
    private static final String COMPONENT = "camel.component.lago";

    @Override
    public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration test) {
        LagoSandbox sandbox = LagoSandbox.builder().demo(demo).start();
        DefaultListableBeanFactory beans = (DefaultListableBeanFactory) context.getBeanFactory();
        beans.registerSingleton(NAME, sandbox);
        beans.registerDisposableBean(NAME, sandbox::close);
        Map<String, Supplier<String>> options = Map.of("base-url", sandbox::baseUrl, "api-key", sandbox::apiKey, "credentials",
                () -> "", "ingest-url", () -> "");
        context.getEnvironment().getPropertySources().addFirst(new Properties(prefixes, options));
        if (prefixes.contains(COMPONENT) && ClassUtils.isPresent(DETAILS, context.getClassLoader())) {
            replaceConnectionDetails(beans, sandbox, ClassUtils.resolveClassName(DETAILS, context.getClassLoader()));
        }
    }

    /** The interface belongs to the starter, and this module does not depend on the starter. */
    private static <T> void replaceConnectionDetails(DefaultListableBeanFactory beans, LagoSandbox sandbox, Class<T> type) {
        Object details = Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getBaseUrl" -> sandbox.baseUrl();
                    case "getApiKey" -> sandbox.apiKey();
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "equals" -> proxy == arguments[0];
                    default -> NAME;
                });
        RootBeanDefinition definition = new RootBeanDefinition(type, () -> type.cast(details));
        definition.setPrimary(true);
        beans.registerBeanDefinition(NAME + "ConnectionDetails", definition);
    }

    /**
     * The options for the server and the key, for each prefix and each account below it, whatever the names of the accounts. Reads the sandbox at
     * each access, because the key may be rotated.
     */
    private static final class Properties extends EnumerablePropertySource<Map<String, Supplier<String>>> {

        private final List<String> prefixes;
        private final Pattern names;

        Properties(List<String> prefixes, Map<String, Supplier<String>> options) {
            super(NAME, options);
            this.prefixes = prefixes;
            this.names = Pattern.compile("(?:" + prefixes.stream().map(Pattern::quote).collect(Collectors.joining("|"))
                    + ")(?:\\.accounts(?:\\[[^]]+]|\\.[^.]+))?\\.(" + String.join("|", options.keySet()) + ")");
        }

        @Override
        public String[] getPropertyNames() {
            return prefixes.stream().flatMap(prefix -> source.keySet().stream().map(option -> prefix + '.' + option))
                    .toArray(String[]::new);
        }

        @Override
        public Object getProperty(String name) {
            Matcher matcher = names.matcher(name);
            return matcher.matches() ? source.get(matcher.group(1)).get() : null;
        }
    }
}
