package io.github.camellago.webhook;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.github.camellago.api.Failure;
import io.github.camellago.api.LagoException;
import io.github.camellago.api.LagoPermissionException;
import io.github.camellago.client.Json;
import io.github.camellago.client.LagoClient;
import io.github.camellago.client.LagoRequest;

/**
 * The organization whose webhooks are accepted: the option, or what Lago says about the API key. All organizations of a Lago server
 * share one signing key, so the signature alone does not identify the organization. Thread-safe.
 */
final class OrganizationId {

    /** Time between two attempts to learn the organization. */
    private static final long PAUSE = TimeUnit.SECONDS.toNanos(5);

    private final LagoClient client;
    private final LongSupplier nanoTime;
    private volatile String id;
    private LagoException failure;
    private long failedAt;

    /** @param option the id that the user has set, or null to learn it from Lago */
    OrganizationId(String option, LagoClient client, LongSupplier nanoTime) {
        this.id = option == null || option.isBlank() ? null : option.strip();
        this.client = client;
        this.nanoTime = nanoTime;
    }

    /**
     * Remembers the organization that Lago named in the answer to a registration.
     *
     * @throws IllegalArgumentException if the API key belongs to another organization than the option says
     */
    synchronized void learn(String organization) {
        if (organization == null || organization.isBlank()) {
            return;
        }
        if (id != null && !id.equals(organization)) {
            throw new IllegalArgumentException("The option organizationId=" + id + " is not the organization of the API key, "
                    + organization + ": every webhook would be refused");
        }
        id = organization;
    }

    /**
     * Returns the organization's id. Asks Lago if it is not known yet.
     *
     * @throws LagoException if Lago does not answer; then no webhook can be accepted
     */
    String get() {
        String known = id;
        return known != null ? known : fetch();
    }

    private synchronized String fetch() {
        if (id != null) {
            return id;
        }
        if (failure != null && nanoTime.getAsLong() - failedAt < PAUSE) {
            throw failure;
        }
        try {
            LagoRequest request = LagoRequest.get("organizations", null, "organization");
            id = client.call(request, response -> {
                String answer = Json.mapper().readTree(response.body()).path("organization").path("lago_id").asText("");
                if (answer.isBlank()) {
                    throw new java.io.IOException("it names no organization");
                }
                return answer;
            });
            failure = null;
            return id;
        } catch (LagoPermissionException e) {
            throw failed(new LagoPermissionException(new Failure(
                    "It is not known which organization's webhooks to accept, because the API key may not read the organization."
                            + " Set the option organizationId, or give the key the permission organization:read",
                    e.getMethod(), e.getPath(), e.getStatusCode(), e.getCode(), e.getErrorDetails(), false, e)));
        } catch (LagoException e) {
            throw failed(e);
        }
    }

    private LagoException failed(LagoException e) {
        failure = e;
        failedAt = nanoTime.getAsLong();
        return e;
    }
}
