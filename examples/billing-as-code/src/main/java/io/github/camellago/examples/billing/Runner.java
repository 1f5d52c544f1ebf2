package io.github.camellago.examples.billing;

import java.io.PrintStream;
import java.time.Clock;

import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.main.Main;

/** Runs the routes of one command. */
final class Runner implements AutoCloseable {

    private final Main main = new Main();
    private final Options options;
    private final ProducerTemplate routes;

    Runner(Options options, Accounts accounts, Clock clock) throws Exception {
        this.options = options;
        accounts.configure(main);
        main.configure().addRoutesBuilder(new ApplyRoutes(new BillingFolder(options.folder())));
        if (options.needsTwoAccounts()) {
            main.configure().addRoutesBuilder(new CopyRoutes(new Copy(clock)));
        }
        main.start();
        routes = main.getCamelTemplate();
    }

    /**
     * Compares all objects, and changes Lago unless it is a dry run.
     *
     * @throws IllegalStateException if an object fails. Those before it are done
     */
    Changes run(boolean dryRun, PrintStream out) {
        Changes changes = new Changes(dryRun, out);
        switch (options.command()) {
            case FILES -> send("direct:apply", changes);
            case PROMOTE -> send("direct:copy", changes);
            case MIGRATE -> {
                send("direct:copy", changes);
                send("direct:overridden", changes);
            }
        }
        if (dryRun && options.command() != Options.Command.MIGRATE) {
            send("direct:existing", changes);
        }
        return changes;
    }

    private void send(String route, Changes changes) {
        Exchange done = routes.request(route, exchange -> {
            exchange.setProperty("changes", changes);
            exchange.setProperty("dryRun", changes.isDryRun());
            exchange.getMessage().setBody(options.resources());
        });
        if (done.getException() != null) {
            Throwable cause = BillingAsCode.cause(done.getException());
            String at = changes.current() == null ? "" : ", at or after " + changes.current();
            throw new IllegalStateException(cause.getMessage() + at, cause);
        }
    }

    /** Sends messages to Lago directly. */
    ProducerTemplate routes() {
        return routes;
    }

    @Override
    public void close() {
        main.stop();
    }
}
