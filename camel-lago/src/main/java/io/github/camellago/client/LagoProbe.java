package io.github.camellago.client;

import java.io.IOException;
import java.time.Duration;

import io.github.camellago.api.LagoException;
import io.github.camellago.client.LagoObserver.Outcome;

/**
 * Asks Lago something small, once and at once: no retry, no wait for a rate limit, and no longer than some seconds. For health
 * checks. Thread-safe.
 */
public final class LagoProbe {

    private static final long LONGEST_WAIT = Duration.ofSeconds(5).toMillis();

    private final LagoClient.Settings settings;
    private final Transport transport;

    public LagoProbe(LagoClient.Settings settings) {
        this.settings = settings;
        Server server = settings.server();
        this.transport = new Transport(
                new Server(server.url(), server.http(), Math.min(LONGEST_WAIT, server.connectionRequestTimeout())),
                Math.min(LONGEST_WAIT, settings.connectTimeout()), Math.min(LONGEST_WAIT, settings.responseTimeout()));
    }

    /**
     * Asks with the key that calls go out with; where Lago no longer accepts it, with the one that the credentials now give.
     *
     * @throws LagoException when Lago does not answer, or answers anything but JSON with a 2xx status
     */
    public void ask(LagoRequest request) {
        Credentials.Key key = settings.credentials().current();
        Transport.Reply reply = send(request, key);
        if (reply.status() == 401) {
            Credentials.Key other = settings.credentials().refresh(key);
            reply = other == key ? reply : send(request, other);
        }
        String host = settings.server().url().host();
        if (reply.status() / 100 == 3) {
            throw ErrorMapper.redirect(request, host, reply.status(), reply.location(), false);
        }
        if (reply.status() / 100 != 2) {
            throw ErrorMapper.failure(request, host, reply.status(), reply.body(), false);
        }
        if (!reply.claimsJson()) {
            throw ErrorMapper.unreadable(request, host,
                    new LagoResponse(reply.status(), reply.contentType(), reply.body(), reply.rate(), 1), null);
        }
    }

    private Transport.Reply send(LagoRequest request, Credentials.Key key) {
        long sent = System.nanoTime();
        try {
            Transport.Reply reply = transport.send(request, settings.server().url(), key);
            settings.observer().requested(request, Outcome.of(reply.status()), reply.took());
            return reply;
        } catch (IOException e) {
            settings.observer().requested(request, Outcome.of(e), Duration.ofNanos(System.nanoTime() - sent));
            throw LagoClient.transportFailure(request, settings.server().url(), e, false);
        }
    }
}
