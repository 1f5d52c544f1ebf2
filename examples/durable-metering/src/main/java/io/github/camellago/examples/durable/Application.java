package io.github.camellago.examples.durable;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import org.apache.activemq.artemis.api.jms.ActiveMQJMSClient;
import org.apache.camel.component.jms.JmsComponent;
import org.apache.camel.main.Main;

/** The application: an HTTP server, a broker and the routes in one process. */
final class Application implements AutoCloseable {

    private final Broker broker;
    private final Main main = new Main();

    private Application(Path folder, int port, Map<String, String> settings) throws Exception {
        broker = new Broker(folder);
        main.addInitialProperty("camel.server.enabled", "true");
        main.addInitialProperty("camel.server.host", "localhost");
        main.addInitialProperty("camel.server.port", String.valueOf(port));
        main.addInitialProperty("camel.server.max-body-size", "1048576");
        main.addInitialProperty("durable.entry", "jms:queue:" + Broker.USAGE);
        main.addInitialProperty("durable.consumers", "100");
        settings.forEach(main::addInitialProperty);
        JmsComponent jms = JmsComponent.jmsComponent(broker.connections());
        // by default, each message asks the broker for its queue first
        jms.setDestinationResolver((session, name, topic) -> ActiveMQJMSClient.createQueue(name));
        main.bind("jms", jms);
        main.configure().addRoutesBuilder(new MeteringRoutes(folder));
    }

    /**
     * Starts the application in this JVM.
     *
     * @param folder   where events are kept
     * @param port     for HTTP
     * @param settings such as {@code camel.component.lago.api-key}
     */
    static Application start(Path folder, int port, Map<String, String> settings) throws Exception {
        Application application = new Application(folder, port, settings);
        application.main.start();
        return application;
    }

    /** Starts the application as a process: folder, port, and settings as system properties. */
    public static void main(String[] args) throws Exception {
        Map<String, String> settings = new HashMap<>();
        System.getProperties().stringPropertyNames().stream().filter(p -> p.startsWith("camel.") || p.startsWith("durable."))
                .forEach(p -> settings.put(p, System.getProperty(p)));
        Application application = start(Path.of(args[0]), Integer.parseInt(args[1]), settings);
        Runtime.getRuntime().addShutdownHook(new Thread(application::closeQuietly));
        Thread.currentThread().join();
    }

    /** The number of requests that are kept and not delivered. */
    long waiting() {
        return broker.size(Broker.USAGE) + broker.size(Broker.REJECTED);
    }

    private void closeQuietly() {
        try {
            close();
        } catch (Exception e) {
            System.err.println("The application did not stop: " + e);
        }
    }

    @Override
    public void close() throws Exception {
        main.stop();
        broker.close();
    }
}
