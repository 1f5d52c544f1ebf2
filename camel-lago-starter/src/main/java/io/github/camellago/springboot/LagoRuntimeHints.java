package io.github.camellago.springboot;

import java.util.List;

import io.github.camellago.LagoComponent;
import io.github.camellago.LagoConfiguration;
import io.github.camellago.LagoConstants;
import io.github.camellago.LagoEndpoint;
import io.github.camellago.LagoSendDynamicAware;
import io.github.camellago.api.LagoEvent;
import io.github.camellago.api.LagoEventsReport;
import io.github.camellago.api.RejectedEvent;
import io.github.camellago.transform.LagoCloudEventDataTypeTransformer;
import io.github.camellago.transform.LagoEventDataTypeTransformer;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/** Native-image hints for the component: its data files, the classes that Camel looks up by name, and the types that Jackson maps. */
class LagoRuntimeHints implements RuntimeHintsRegistrar {

    private static final List<Class<?>> BY_REFLECTION = List.of(LagoComponent.class, LagoConfiguration.class,
            LagoConstants.class, LagoEndpoint.class, LagoSendDynamicAware.class, LagoCloudEventDataTypeTransformer.class,
            LagoEventDataTypeTransformer.class, LagoEvent.class, LagoEventsReport.class, RejectedEvent.class);
    private static final List<String> BY_NAME = List.of("io.github.camellago.LagoComponentConfigurer",
            "io.github.camellago.LagoEndpointConfigurer", "io.github.camellago.LagoEndpointUriFactory");

    @Override
    public void registerHints(RuntimeHints hints, ClassLoader classLoader) {
        hints.resources().registerPattern("io/github/camellago/*");
        hints.resources().registerPattern("META-INF/io/github/camellago/*");
        hints.resources().registerPattern("META-INF/services/org/apache/camel/*");
        hints.resources().registerPattern("kamelets/lago-*");
        for (Class<?> type : BY_REFLECTION) {
            hints.reflection().registerType(type, MemberCategory.INVOKE_PUBLIC_CONSTRUCTORS,
                    MemberCategory.INVOKE_PUBLIC_METHODS);
        }
        for (String type : BY_NAME) {
            hints.reflection().registerTypeIfPresent(classLoader, type, MemberCategory.INVOKE_PUBLIC_CONSTRUCTORS,
                    MemberCategory.INVOKE_PUBLIC_METHODS);
        }
    }
}
