package io.github.camellago.test.domain;

/**
 * What Lago servers differ in.
 *
 * @param maxBatchSize   how many events a batch may hold
 * @param partialBatches a refused batch's good events are stored all the same, as self-hosted servers did before December 2025
 * @param clickhouse     duplicates are accepted in silence, and an event with another timestamp is another event
 * @param storeEvents    whether events are kept; without, they are only checked for form and counted
 * @param pdfReadyAfter  how soon a PDF is there once asked for
 * @param license        the features that Lago has to enable
 */
public record Variant(int maxBatchSize, boolean partialBatches, boolean clickhouse, boolean storeEvents,
        PdfDelay pdfReadyAfter, License license) {}
