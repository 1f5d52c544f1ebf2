package io.github.camellago.examples.billing;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The command line.
 *
 * @param command          the direction
 * @param folder           the folder with the files
 * @param apply            whether to change Lago. Otherwise, only what would change is printed
 * @param detailedExitCode whether the exit status is 2 if Lago differs
 */
record Options(Command command, Path folder, boolean apply, boolean detailedExitCode) {

    /** The directions. */
    enum Command {
        /** The files to a Lago. */
        FILES,
        /** The configuration of one Lago to another. */
        PROMOTE,
        /** The customers of one Lago to another, with their wallets and subscriptions. */
        MIGRATE
    }

    private static final String USAGE = "Arguments: [files|promote|migrate] [--apply] [--detailed-exitcode] [--folder=PATH]";
    private static final String FOLDER = "--folder=";

    static Options of(String[] args, Path defaultFolder) {
        Command command = Command.FILES;
        Path folder = defaultFolder;
        for (String arg : args) {
            if (arg.startsWith(FOLDER)) {
                folder = Path.of(arg.substring(FOLDER.length()));
            } else if (isCommand(arg)) {
                command = Command.valueOf(arg.toUpperCase(Locale.ROOT));
            } else if (!List.of("--apply", "--detailed-exitcode").contains(arg)) {
                throw new IllegalArgumentException("Unknown argument " + arg + ". " + USAGE);
            }
        }
        return new Options(command, folder, List.of(args).contains("--apply"), List.of(args).contains("--detailed-exitcode"));
    }

    private static boolean isCommand(String arg) {
        return Stream.of(Command.values()).anyMatch(command -> command.name().toLowerCase(Locale.ROOT).equals(arg));
    }

    boolean needsTwoAccounts() {
        return command != Command.FILES;
    }

    /** The resources in the order of their dependencies. */
    List<String> resources() {
        return command == Command.MIGRATE ? List.of("customers", "wallets", "subscriptions") : BillingFolder.RESOURCES;
    }
}
