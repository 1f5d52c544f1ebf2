package io.github.camellago.examples.webhooks;

import java.nio.file.Path;

import org.apache.camel.main.Main;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;

/**
 * Receives webhooks and shows them in the log, in a file and on a page. Runs until it is stopped, or for
 * {@code camel.main.durationMaxSeconds}.
 */
public final class WebhookBoard {

    private WebhookBoard() {}

    public static void main(String[] args) throws Exception {
        int port = Integer.getInteger("example.port", 8080);
        Path work = Path.of(System.getProperty("example.work", "target/work"));
        try (LagoServer lago = LagoServer.of(System.getenv())) {
            Main main = prepare(lago, port, work);
            System.out.printf("Lago: %s%nPage: http://localhost:%d/%nFile: %s%n%n", lago.name(), port,
                    work.resolve("webhooks.jsonl"));
            main.run();
        }
    }

    /** A program that is ready to start. */
    static Main prepare(LagoServer lago, int port, Path work) {
        Board board = new Board();
        Main main = new Main();
        main.addInitialProperty("camel.server.enabled", "true");
        main.addInitialProperty("camel.server.port", String.valueOf(port));
        main.addInitialProperty("example.external-url", lago.externalUrl(port));
        main.addInitialProperty("example.work", work.toString());
        lago.configure(main);
        main.bind("board", board);
        main.bind("done", MemoryIdempotentRepository.memoryIdempotentRepository(10_000));
        main.configure().addRoutesBuilder(new WebhookRoutes(board));
        main.configure().addRoutesBuilder(new PageRoutes(board));
        if (lago.sandbox()) {
            main.configure().addRoutesBuilder(new BusinessRoutes());
        }
        return main;
    }
}
