package io.github.camellago.test.domain;

import java.time.Duration;

/**
 * The delay of a PDF: it exists after a number of further requests and a time since the first request.
 */
public record PdfDelay(int requests, Duration time) {

    public static final PdfDelay NONE = new PdfDelay(0, Duration.ZERO);
}
