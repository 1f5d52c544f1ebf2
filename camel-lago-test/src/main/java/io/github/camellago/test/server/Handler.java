package io.github.camellago.test.server;

/**
 * Serves the calls of one route.
 */
@FunctionalInterface
public interface Handler {

    /** Answers the call, or throws {@link LagoError}. The handlers of a sandbox never run at the same time. */
    Reply handle(Call call);
}
