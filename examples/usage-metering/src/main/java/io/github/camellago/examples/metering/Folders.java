package io.github.camellago.examples.metering;

import java.nio.file.Path;

/** Where files come from and go to. */
record Folders(Path work) {

    Path in() {
        return work.resolve("in");
    }

    Path invoices() {
        return work.resolve("invoices");
    }

    /** Lines that are no usage records, with their numbers and what is wrong with them. */
    Path unreadable() {
        return work.resolve("unreadable.csv");
    }

    /** Events that Lago does not take, with its reasons. */
    Path rejected() {
        return work.resolve("rejected.jsonl");
    }
}
