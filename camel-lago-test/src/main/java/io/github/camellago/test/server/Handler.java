package io.github.camellago.test.server;

/**
 * Serves the calls of one route.
 */
@FunctionalInterface
public interface Handler {

    /** Answers, or throws {@link LagoError}. Runs alone: no two handlers of a sandbox run at a time. */
    Reply handle(Call call);
}
