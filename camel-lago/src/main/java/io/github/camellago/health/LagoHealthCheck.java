package io.github.camellago.health;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;

import io.github.camellago.api.LagoAuthenticationException;
import io.github.camellago.api.LagoException;
import io.github.camellago.api.LagoNotFoundException;
import io.github.camellago.api.LagoPermissionException;
import io.github.camellago.api.LagoRateLimitException;
import io.github.camellago.api.LagoServerException;
import io.github.camellago.api.LagoTransportException;
import io.github.camellago.catalog.BoundOperation;
import io.github.camellago.catalog.Operation;
import io.github.camellago.catalog.QueryParameter;
import io.github.camellago.client.LagoClient;
import io.github.camellago.client.LagoRequest;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * Checks whether an account at Lago can be used. Distinguishes a wrong key, a missing permission, and a Lago that is unreachable or fails,
 * from a healthy one. A check reads one record of each list that the account's producers read, or else of the metrics; what it
 * found holds for some seconds, so that probes do not add up. Writing cannot be tried without doing harm: a permission to write is
 * missing from when a call was refused until one is accepted.
 */
public final class LagoHealthCheck extends AbstractHealthCheck {

    /** Why it is down. */
    enum Reason {
        WRONG_KEY, MISSING_PERMISSION, UNREACHABLE, SERVER_ERROR, NOT_LAGO
    }

    static final String SERVER = "lago.server";
    static final String REASON = "lago.reason";
    static final String PERMISSIONS = "lago.missing.permissions";

    private static final long HOLDS_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final LagoRequest ANY_LIST = list("billable_metrics", "billable_metric");

    private final String server;
    private final LagoClient client;
    private final Map<String, LagoRequest> lists = new ConcurrentHashMap<>();
    private final Set<String> refused = new ConcurrentSkipListSet<>();
    private Finding found;
    private long foundAt;

    /** @param server the server's URL, for the details */
    public LagoHealthCheck(String id, String server, LagoClient client) {
        super("camel", id);
        this.server = server;
        this.client = client;
    }

    @Override
    public boolean isLiveness() {
        // another process does not make an unusable Lago usable
        return false;
    }

    /** A producer's default operation. If it reads a list, the check reads one record of that list. */
    public void watch(BoundOperation bound) {
        Operation operation = bound.operation();
        if (operation.reads() && operation.paged() && bound.path().placeholders().isEmpty()
                && operation.query().stream().noneMatch(QueryParameter::required)) {
            String permission = bound.permission();
            lists.computeIfAbsent(permission, p -> list(bound.path().expand(name -> name), permission));
        }
    }

    /** A call was accepted: its permission is there. */
    public void accepted(BoundOperation bound) {
        if (!refused.isEmpty()) {
            refused.remove(permission(bound));
        }
    }

    /** A call was refused for want of a permission. */
    public void refused(BoundOperation bound) {
        refused.add(permission(bound));
    }

    private static String permission(BoundOperation bound) {
        return (bound.operation().reads() ? "read on " : "write on ") + bound.permission();
    }

    private static LagoRequest list(String path, String permission) {
        return LagoRequest.get(path, "page=1&per_page=1", permission);
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        long now = System.nanoTime();
        if (found == null || now - foundAt >= HOLDS_NANOS) {
            found = find();
            foundAt = now;
        }
        builder.detail(SERVER, server);
        Set<String> missing = new ConcurrentSkipListSet<>(refused);
        missing.addAll(found.missing());
        if (found.reason() == null && missing.isEmpty()) {
            builder.up();
            return;
        }
        Reason reason = found.reason() != null ? found.reason() : Reason.MISSING_PERMISSION;
        builder.down();
        builder.detail(REASON, reason.name().toLowerCase(java.util.Locale.ROOT));
        if (found.status() > 0) {
            builder.detail(HTTP_RESPONSE_CODE, found.status());
        }
        if (reason == Reason.MISSING_PERMISSION) {
            builder.detail(PERMISSIONS, String.join(", ", missing));
            builder.message("The API key lacks permissions at " + server + ": " + String.join(", ", missing)
                    + ". Grant them in Lago under Developers > API keys");
        } else {
            builder.message(found.message());
        }
    }

    private Finding find() {
        Set<String> missing = new ConcurrentSkipListSet<>();
        for (LagoRequest list : lists.isEmpty() ? Set.of(ANY_LIST) : lists.values()) {
            try {
                client.probe(list);
            } catch (LagoPermissionException e) {
                if (list != ANY_LIST) {
                    missing.add("read on " + list.permission());
                }
            } catch (LagoNotFoundException e) {
                if (e.getCode() == null) {
                    return new Finding(Reason.NOT_LAGO, e.getStatusCode(), e.getMessage(), missing);
                }
                // the list of an object that is gone: the key may read it
            } catch (LagoRateLimitException e) {
                // Lago is there and knows the key; calls wait for the next window
                return new Finding(null, e.getStatusCode(), null, missing);
            } catch (LagoException e) {
                return new Finding(reason(e), e.getStatusCode(), e.getMessage(), missing);
            } catch (IllegalArgumentException e) {
                // credentials that give no key
                return new Finding(Reason.WRONG_KEY, 0, e.getMessage(), missing);
            }
        }
        return new Finding(null, missing.isEmpty() ? 0 : 403, null, missing);
    }

    private static Reason reason(LagoException e) {
        if (e instanceof LagoAuthenticationException) {
            return Reason.WRONG_KEY;
        }
        if (e instanceof LagoTransportException && e.getStatusCode() == 0) {
            return Reason.UNREACHABLE;
        }
        return e instanceof LagoServerException ? Reason.SERVER_ERROR : Reason.NOT_LAGO;
    }

    /** The result of a check. Without a reason, Lago is up, although permissions may be missing. */
    private record Finding(Reason reason, int status, String message, Set<String> missing) {}
}
