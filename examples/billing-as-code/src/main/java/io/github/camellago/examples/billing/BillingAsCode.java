package io.github.camellago.examples.billing;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;

import io.github.camellago.api.LagoException;

/**
 * Prints what a Lago lacks compared with files or with another Lago, and changes it with {@code --apply}. The exit status is 1 after a failure.
 * With {@code --detailed-exitcode}, it is 2 if Lago differs.
 */
public final class BillingAsCode {

    private BillingAsCode() {}

    public static void main(String[] args) {
        int status = 1;
        try {
            Options options = Options.of(args, Path.of(System.getProperty("example.folder", "")).resolve("billing"));
            try (Accounts accounts = Accounts.of(System.getenv(), options.needsTwoAccounts())) {
                if (accounts.to() != null) {
                    Demo.prepare(options, accounts);
                }
                status = run(options, accounts, Clock.systemUTC(), System.out);
            }
        } catch (Exception e) {
            System.err.println("Failed: " + cause(e).getMessage());
        }
        if (status != 0) {
            System.exit(status);
        }
    }

    /** Lago's answer, or the first cause. */
    static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && !(cause instanceof LagoException) && !(cause instanceof IllegalStateException)) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** Runs one command. Returns the exit status. */
    static int run(Options options, Accounts accounts, Clock clock, PrintStream out) throws Exception {
        try (Runner runner = new Runner(options, accounts, clock)) {
            out.printf("Lago: %s%n%s%n%n", accounts.name(),
                    options.needsTwoAccounts() ? "from: " + accounts.fromName() : "files: " + options.folder());
            Changes planned = runner.run(true, out);
            out.println(planned.summary());
            if (!options.apply() || planned.isEmpty()) {
                if (!planned.isEmpty()) {
                    out.println("Nothing was changed. Add --apply to change Lago.");
                }
                return status(options, planned);
            }
            out.println("Applying:");
            out.println(runner.run(false, out).summary());
            out.println("Comparing again:");
            Changes left = runner.run(true, out);
            out.println(left.summary());
            return left.isEmpty() && isDone(options, left) ? status(options, left) : 1;
        }
    }

    private static int status(Options options, Changes changes) {
        if (options.apply() && !isDone(options, changes)) {
            return 1;
        }
        return options.detailedExitCode() && !(changes.isExact() && isDone(options, changes)) ? 2 : 0;
    }

    /** A migration leaves subscriptions that have ended at the target. */
    private static boolean isDone(Options options, Changes changes) {
        return options.command() == Options.Command.MIGRATE || changes.isAccepted();
    }
}
