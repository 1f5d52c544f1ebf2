package io.github.camellago.examples.kafka;

import java.util.Map;

import org.apache.camel.main.Main;

/** Where events that Lago does not bill are seen: receives its webhooks and serves the page. */
final class Desk implements AutoCloseable {

    private final Main main = new Main();

    private Desk(Map<String, String> settings, int port, Kafka kafka, Numbers numbers) {
        main.addInitialProperty("usage.topic", KafkaMetering.TOPIC);
        main.addInitialProperty("usage.webhookUrl", "http://localhost:" + port);
        main.addInitialProperty("camel.server.enabled", "true");
        main.addInitialProperty("camel.server.port", String.valueOf(port));
        settings.forEach(main::addInitialProperty);
        main.configure().addRoutesBuilder(new UnbilledRoutes(kafka, numbers));
    }

    static Desk start(Map<String, String> settings, int port, Kafka kafka, Numbers numbers) {
        Desk desk = new Desk(settings, port, kafka, numbers);
        desk.main.start();
        return desk;
    }

    @Override
    public void close() {
        main.stop();
    }
}
