package io.github.camellago.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.Locale;

import com.sun.management.OperatingSystemMXBean;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/** Starts a route that reads invoices, and ends when it has the first. Prints the CPU time in milliseconds, and the number of classes. */
public final class FirstRecord {

    private FirstRecord() {}

    public static void main(String[] args) throws Exception {
        String url = args[1];
        CamelContext context = new DefaultCamelContext();
        if (args[0].equals("lago")) {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("lago:invoices?initialDelay=0&apiKey=benchmark-key&baseUrl=" + url).process(e -> end());
                }
            });
            context.start();
            Thread.currentThread().join();
        } else {
            context.addRoutes(new HandWrittenReader(url, invoice -> end()));
            context.start();
            context.createProducerTemplate().sendBody("direct:read", null);
        }
    }

    private static void end() {
        double all = ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime() / 1e6;
        System.out.printf(Locale.ROOT, "start: %.3f %d%n", all,
                ManagementFactory.getClassLoadingMXBean().getTotalLoadedClassCount());
        System.out.flush();
        System.exit(0);
    }
}
