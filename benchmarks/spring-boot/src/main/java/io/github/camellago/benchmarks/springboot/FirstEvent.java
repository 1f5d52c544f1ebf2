package io.github.camellago.benchmarks.springboot;

import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import com.sun.management.OperatingSystemMXBean;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.dataformat.JsonLibrary;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** Starts an application with one route, sends one event, and ends. Prints the CPU time in milliseconds, and the number of classes. */
@SpringBootApplication
public class FirstEvent {

    private static String name;
    private static String url;

    public static void main(String[] args) {
        name = args[0];
        url = args[1];
        ConfigurableApplicationContext application = SpringApplication.run(FirstEvent.class);
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("transaction_id", "first");
        event.put("external_subscription_id", "sub_1");
        event.put("code", "api_calls");
        event.put("timestamp", 1_760_000_000L);
        event.put("properties", Map.of("tokens", 1));
        application.getBean(ProducerTemplate.class).sendBody("direct:event", event);
        double all = ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime() / 1e6;
        System.out.printf(Locale.ROOT, "start: %.3f %d%n", all,
                ManagementFactory.getClassLoadingMXBean().getTotalLoadedClassCount());
        System.out.flush();
        System.exit(0);
    }

    @Bean
    RouteBuilder route() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                if (name.equals("lago")) {
                    from("direct:event").to("lago:events?apiKey=benchmark-key&baseUrl=" + url);
                } else {
                    from("direct:event").setBody(e -> Map.of("event", e.getMessage().getBody()))
                            .marshal().json(JsonLibrary.Jackson)
                            .setHeader("Authorization", constant("Bearer benchmark-key"))
                            .setHeader(Exchange.CONTENT_TYPE, constant("application/json")).to(url + "/api/v1/events");
                }
            }
        };
    }
}
