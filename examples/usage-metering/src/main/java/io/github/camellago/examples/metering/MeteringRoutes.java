package io.github.camellago.examples.metering;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.camellago.api.LagoEventsReport;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.dataformat.JsonLibrary;

/**
 * Sends usage to Lago. The file is read in chunks, so that it may be of any size. It is done after all events have been delivered. After a
 * failure the whole file is read again, which does no harm: Lago recognizes each record by its transaction_id.
 */
class MeteringRoutes extends RouteBuilder {

    private static final int CHUNK = 1_000;

    private final Folders folders;
    private final Progress progress;

    MeteringRoutes(Folders folders, Progress progress) {
        this.folders = folders;
        this.progress = progress;
    }

    @Override
    public void configure() {
        from("file:" + folders.in() + "?include=.*\\.csv&charset=UTF-8&initialDelay=0&move=.done").routeId("metering")
                .autoStartup(false)
                .split(body().tokenize("\n", CHUNK, true)).streaming().stopOnException()
                .process(MeteringRoutes::toEvents)
                .to("lago:events?onRejected=report")
                .split(exchangeProperty("unreadable")).to(append(folders.unreadable())).end()
                .split(simple("${body.rejected}"))
                .marshal().json(JsonLibrary.Jackson)
                .to(append(folders.rejected()))
                .end()
                .process(this::count)
                .end()
                .process(e -> progress.fileDelivered());
    }

    /** Converts lines to events. Unreadable lines are collected with their line numbers. */
    private static void toEvents(Exchange exchange) {
        int number = exchange.getProperty(Exchange.SPLIT_INDEX, Integer.class) * CHUNK + 1;
        List<Map<String, Object>> events = new ArrayList<>(CHUNK);
        List<String> unreadable = new ArrayList<>();
        for (String line : exchange.getMessage().getBody(String.class).split("\n")) {
            number++;
            try {
                events.add(UsageLine.parse(line).toEvent());
            } catch (UsageLine.Unreadable e) {
                unreadable.add("line " + number + ": " + e.getMessage() + ": " + line);
            }
        }
        exchange.setProperty("unreadable", unreadable);
        exchange.getMessage().setBody(events);
    }

    private void count(Exchange exchange) {
        progress.delivered(exchange.getProperty("unreadable", List.class).size(),
                exchange.getMessage().getBody(LagoEventsReport.class));
    }

    private static String append(Path file) {
        return "file:" + file.getParent() + "?fileName=" + file.getFileName() + "&fileExist=Append&appendChars=\\n";
    }
}
