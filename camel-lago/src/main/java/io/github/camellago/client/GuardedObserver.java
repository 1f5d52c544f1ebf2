package io.github.camellago.client;

import java.io.IOException;
import java.util.function.Consumer;

import io.github.camellago.api.LagoObserver;
import io.github.camellago.api.LagoObserver.Outcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notifies an observer. Logs and ignores the exceptions of the observer. */
public record GuardedObserver(LagoObserver observer) {

    public static final GuardedObserver NONE = new GuardedObserver(LagoObserver.NONE);

    private static final Logger LOG = LoggerFactory.getLogger(GuardedObserver.class);

    static Outcome outcome(IOException e) {
        return Transport.neverSent(e) ? Outcome.NOT_SENT : Outcome.NO_ANSWER;
    }

    static Outcome outcome(LagoResponse answer) {
        return switch (answer.status()) {
            case 400, 422 -> Outcome.INVALID;
            case 401 -> Outcome.UNAUTHORIZED;
            case 403 -> Outcome.FORBIDDEN;
            case 404 -> Outcome.NOT_FOUND;
            case 405 -> Outcome.NOT_ALLOWED;
            case 429 -> Outcome.RATE_LIMITED;
            default -> switch (answer.status() / 100) {
                case 2 -> Outcome.SUCCESS;
                case 3 -> Outcome.REDIRECT;
                case 4 -> Outcome.CLIENT_ERROR;
                default -> Outcome.SERVER_ERROR;
            };
        };
    }

    /** Whether nobody observes. */
    public boolean isNone() {
        return observer == LagoObserver.NONE;
    }

    public void report(Consumer<LagoObserver> notification) {
        try {
            notification.accept(observer);
        } catch (RuntimeException e) {
            LOG.warn("The observer of calls to Lago failed. The calls continue", e);
        }
    }
}
