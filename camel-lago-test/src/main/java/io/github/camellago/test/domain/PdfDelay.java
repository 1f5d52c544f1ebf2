package io.github.camellago.test.domain;

import java.time.Duration;

/**
 * When a PDF exists: after so many further requests for it and so much time since the first.
 */
public record PdfDelay(int requests, Duration time) {

    public static final PdfDelay NONE = new PdfDelay(0, Duration.ZERO);
}
