package io.github.camellago.examples.kafka;

import java.util.Map;

import org.apache.camel.main.Main;

/** One instance of the application. All instances share the topic's partitions. An instance can be a process of its own. */
final class Instance implements AutoCloseable {

    private final Main main = new Main();

    private Instance(Map<String, String> settings, Numbers numbers) {
        main.addInitialProperty("usage.topic", KafkaMetering.TOPIC);
        main.addInitialProperty("usage.batch", "500");
        main.addInitialProperty("usage.sessionTimeout", "10000");
        main.addInitialProperty("usage.heartbeat", "1000");
        settings.forEach(main::addInitialProperty);
        main.configure().addRoutesBuilder(new MeteringRoute());
        main.bind("numbers", numbers);
    }

    /** Starts an instance in this JVM with settings such as {@code camel.component.kafka.brokers}. */
    static Instance start(Map<String, String> settings, Numbers numbers) {
        Instance instance = new Instance(settings, numbers);
        instance.main.start();
        return instance;
    }

    /** Starts an instance as a process, with its settings as system properties. */
    public static void main(String[] args) throws Exception {
        Map<String, String> settings = new java.util.HashMap<>();
        System.getProperties().stringPropertyNames().stream().filter(p -> p.startsWith("usage.") || p.startsWith("camel."))
                .forEach(p -> settings.put(p, System.getProperty(p)));
        start(settings, new Numbers());
        Thread.currentThread().join();
    }

    @Override
    public void close() {
        main.stop();
    }
}
