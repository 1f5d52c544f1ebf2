package io.github.camellago.examples.billing;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;

/**
 * Prints what a Lago lacks compared with files or with another Lago, and changes it with {@code --apply}. The exit status is 1 after a failure.
 * With {@code --detailed-exitcode}, it is 2 if something would change.
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
            System.err.println("Failed: " + e.getMessage());
        }
        if (status != 0) {
            System.exit(status);
        }
    }

    /** Runs one command. Returns the exit status. */
    static int run(Options options, Accounts accounts, Clock clock, PrintStream out) throws Exception {
        try (Runner runner = new Runner(options, accounts, clock)) {
            out.printf("Lago: %s%n%s%n%n", accounts.name(),
                    options.needsTwoAccounts() ? "from: " + accounts.fromName() : "files: " + options.folder());
            Changes planned = runner.run(true, out);
            out.println(planned.summary());
            if (planned.isEmpty()) {
                return 0;
            }
            if (!options.apply()) {
                out.println("Nothing was changed. Add --apply to change Lago.");
                return options.detailedExitCode() ? 2 : 0;
            }
            out.println("Applying:");
            out.println(runner.run(false, out).summary());
            out.println("Comparing again:");
            Changes left = runner.run(true, out);
            out.println(left.summary());
            return left.isEmpty() ? 0 : 1;
        }
    }
}
