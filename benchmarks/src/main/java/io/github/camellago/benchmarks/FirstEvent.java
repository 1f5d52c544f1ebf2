package io.github.camellago.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import io.github.camellago.catalog.Catalog;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.dataformat.JsonLibrary;

/** Starts a route, sends one event, and ends. Prints the CPU time in milliseconds, the number of classes, and what the catalog costs. */
public final class FirstEvent {

    private FirstEvent() {}

    public static void main(String[] args) throws Exception {
        String url = args[1];
        boolean lago = args[0].equals("lago");
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        // both routes need Jackson
        new ObjectMapper().readTree("{}");
        long cpu = threads.getCurrentThreadCpuTime();
        long bytes = threads.getCurrentThreadAllocatedBytes();
        if (lago) {
            Catalog.get();
        }
        double catalogCpu = (threads.getCurrentThreadCpuTime() - cpu) / 1e6;
        double catalogKb = (threads.getCurrentThreadAllocatedBytes() - bytes) / 1024.0;
        CamelContext context = new DefaultCamelContext();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                if (lago) {
                    from("direct:event").to("lago:events?apiKey=benchmark-key&baseUrl=" + url);
                } else {
                    from("direct:event").setBody(e -> Map.of("event", e.getMessage().getBody()))
                            .marshal().json(JsonLibrary.Jackson)
                            .setHeader("Authorization", constant("Bearer benchmark-key"))
                            .setHeader(Exchange.CONTENT_TYPE, constant("application/json")).to(url + "/api/v1/events");
                }
            }
        });
        context.start();
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("transaction_id", "first");
        event.put("external_subscription_id", "sub_1");
        event.put("code", "api_calls");
        event.put("timestamp", 1_760_000_000L);
        event.put("properties", Map.of("tokens", 1));
        context.createProducerTemplate().sendBody("direct:event", event);
        double all = ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime() / 1e6;
        System.out.printf(Locale.ROOT, "start: %.3f %d %.3f %.3f%n", all,
                ManagementFactory.getClassLoadingMXBean().getTotalLoadedClassCount(),
                catalogCpu, catalogKb);
        System.out.flush();
        System.exit(0);
    }
}
