package io.github.camellago.examples.metering;

import java.nio.file.Path;
import java.time.Instant;

/** The folders and files of a run. */
record Folders(Path work) {

    Path in() {
        return work.resolve("in");
    }

    /** The usage file after its delivery. */
    Path delivered(Instant now) {
        return in().resolve(".done/usage-" + UsageFile.run(now) + ".csv");
    }

    Path invoices() {
        return work.resolve("invoices");
    }

    /** Lines that are not usage records, with their line numbers and the reasons. */
    Path unreadable() {
        return work.resolve("unreadable.csv");
    }

    /** Events that Lago has rejected, with its reasons. */
    Path rejected() {
        return work.resolve("rejected.jsonl");
    }
}
