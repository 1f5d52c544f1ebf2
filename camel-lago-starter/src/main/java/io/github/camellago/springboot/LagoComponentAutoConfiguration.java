package io.github.camellago.springboot;

import io.github.camellago.LagoComponent;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.spi.ComponentCustomizer;
import org.apache.camel.spring.boot.CamelAutoConfiguration;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.apache.camel.spring.boot.ComponentConfigurationProperties;
import org.apache.camel.spring.boot.util.ConditionalOnCamelContextAndAutoConfigurationBeans;
import org.apache.camel.spring.boot.util.ConditionalOnHierarchicalProperties;
import org.apache.camel.spring.boot.util.HierarchicalPropertiesEvaluator;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.ConfigurableEnvironment;

/** Configures the component {@code lago} from {@code camel.component.lago.*}, and one component for each additional account. */
@AutoConfiguration(after = CamelAutoConfiguration.class)
@Conditional(ConditionalOnCamelContextAndAutoConfigurationBeans.class)
@EnableConfigurationProperties({ComponentConfigurationProperties.class, LagoComponentConfiguration.class})
@ConditionalOnHierarchicalProperties({"camel.component", "camel.component.lago"})
public class LagoComponentAutoConfiguration {

    static final String NAME = "lago";

    @Bean
    LagoConfigurer lagoConfigurer(CamelContext context, ConfigurableEnvironment environment,
            LagoComponentConfiguration configuration, ObjectProvider<LagoConnectionDetails> connection) {
        return new LagoConfigurer(context, environment, configuration, connection);
    }

    /** Configures only the component lago. A component that the application creates itself may be for another account. */
    @Lazy
    @Bean
    ComponentCustomizer configureLagoComponent(LagoConfigurer configurer, ApplicationContext applicationContext) {
        return new ComponentCustomizer() {
            @Override
            public void configure(String name, Component target) {
                configurer.configure((LagoComponent) target);
            }

            @Override
            public boolean isEnabled(String name, Component target) {
                return NAME.equals(name) && target instanceof LagoComponent && HierarchicalPropertiesEvaluator.evaluate(
                        applicationContext, "camel.component.customizer", "camel.component.lago.customizer");
            }
        };
    }

    @Bean
    CamelContextConfiguration lagoAccounts(LagoConfigurer configurer) {
        return new CamelContextConfiguration() {
            @Override
            public void beforeApplicationStart(CamelContext context) {
                configurer.addAccounts();
            }

            @Override
            public void afterApplicationStart(CamelContext context) {
                // nothing to do
            }
        };
    }
}
