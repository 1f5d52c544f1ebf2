package io.github.camellago.test.domain;

/**
 * Differences between Lago servers.
 *
 * @param maxBatchSize   maximum number of events in a batch
 * @param partialBatches whether the valid events of a rejected batch are stored, as on self-hosted servers before December 2025
 * @param clickhouse     whether duplicates are accepted silently, and an event with another timestamp is another event
 * @param storeEvents    whether to store events. If false, they are only validated and counted
 * @param pdfReadyAfter  delay of a PDF after the first request
 * @param license        the features that Lago has to enable
 */
public record Variant(int maxBatchSize, boolean partialBatches, boolean clickhouse, boolean storeEvents,
        PdfDelay pdfReadyAfter, License license) {}
