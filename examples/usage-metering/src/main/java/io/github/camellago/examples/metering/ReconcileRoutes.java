package io.github.camellago.examples.metering;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

import org.apache.camel.builder.RouteBuilder;

/** Compares the events of the usage file with those that Lago has stored, and sends what is missing. The file is read line by line. */
class ReconcileRoutes extends RouteBuilder {

    private final Path file;
    private final Reconciliation reconciliation;

    /** @param file the usage file after its delivery */
    ReconcileRoutes(Path file, Reconciliation reconciliation) {
        this.file = file;
        this.reconciliation = reconciliation;
    }

    @Override
    public void configure() {
        from("direct:reconcile").routeId("reconcile")
                .setBody(e -> events())
                .to("lago:events?operation=reconcile&repair=true&onRejected=report")
                .process(e -> reconciliation.compared(e.getMessage().getHeaders()));
    }

    /** The readable lines as events. The stream is closed with the exchange. */
    private Stream<Map<String, Object>> events() {
        try {
            return Files.lines(file).skip(1).map(ReconcileRoutes::event).filter(event -> !event.isEmpty());
        } catch (IOException e) {
            throw new IllegalStateException("The usage file cannot be read", e);
        }
    }

    private static Map<String, Object> event(String line) {
        try {
            return UsageLine.parse(line).toEvent();
        } catch (UsageLine.Unreadable e) {
            return Map.of();
        }
    }
}
