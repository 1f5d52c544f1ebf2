package io.github.camellago;

import org.apache.camel.Exchange;
import org.apache.camel.spi.ExceptionHandler;

/** For routes that fail on purpose, and often. */
public class QuietExceptionHandler implements ExceptionHandler {

    @Override
    public void handleException(Throwable exception) {}

    @Override
    public void handleException(String message, Throwable exception) {}

    @Override
    public void handleException(String message, Exchange exchange, Throwable exception) {}
}
