package io.github.camellago.events;

import java.io.IOException;
import java.util.stream.Stream;

import io.github.camellago.LagoConfiguration;
import io.github.camellago.OnRejected;
import io.github.camellago.api.LagoEventsRejectedException;
import io.github.camellago.api.LagoEventsReport;
import io.github.camellago.api.RateLimit;
import io.github.camellago.catalog.BoundOperation;
import io.github.camellago.catalog.Operation;
import io.github.camellago.catalog.PathTemplate;
import io.github.camellago.catalog.Resource;
import io.github.camellago.client.LagoClient;
import io.github.camellago.events.PendingDeliveries.Delivery;
import io.github.camellago.events.PendingDeliveries.Recipient;
import io.github.camellago.operation.EndpointSettings;
import io.github.camellago.operation.ResponseHeaders;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/**
 * The operation {@code reconcile} of {@code lago:events}: compares the events of a message with those that Lago has stored, and sends missing ones.
 *
 * @param sender sends missing events, and reads messages
 */
public record EventReconciler(Endpoint endpoint, EndpointSettings settings, LagoClient client, PendingDeliveries deliveries,
        EventSender sender) {

    public static final String RECONCILE = "reconcile";
    private static final String PATH = "events";

    /** Adds the operation {@code reconcile}, which is not a call of Lago's, to the resource {@code events}. */
    public static Resource withReconcile(Resource resource) {
        if (!resource.path().toString().equals(PATH)) {
            return resource;
        }
        PathTemplate path = resource.path();
        BoundOperation reconcile = new BoundOperation(Operation.local(RECONCILE, path), path, null,
                resource.operations().get(0).entry());
        return new Resource(path, Stream.concat(resource.operations().stream(), Stream.of(reconcile)).toList());
    }

    public static boolean serves(BoundOperation bound) {
        return bound.name().equals(RECONCILE) && bound.path().toString().equals(PATH);
    }

    public void reconcile(Exchange exchange) throws IOException {
        Message message = exchange.getMessage();
        Object body = message.getBody();
        LagoConfiguration configuration = settings.configuration();
        ReconcileSession session = deliveries.find(exchange, recipient(), body, ReconcileSession.class);
        if (session == null) {
            EventInput input = sender.read(exchange, body);
            session = new ReconcileSession(input.events(), input.inMemory());
        }
        try {
            session.run(new StoredEvents(settings, client, sender.executor()), configuration.getUnknownFields(),
                    configuration.isRepair() ? sender::run : null);
        } catch (RuntimeException e) {
            failed(exchange, body, session);
            throw e;
        }
        message.setBody(session.events());
        headers(exchange, session);
        LagoEventsReport report = session.report();
        if (configuration.isRepair() && !report.rejected().isEmpty() && configuration.getOnRejected() == OnRejected.FAIL) {
            deliveries.keep(exchange, new Delivery(recipient(), body, session.events(), session), !session.isInMemory());
            throw new LagoEventsRejectedException(report, PATH);
        }
        deliveries.remove(exchange, session);
    }

    /** Leaves in the body what is not compared, unless the body can be read again. */
    private void failed(Exchange exchange, Object body, ReconcileSession session) {
        headers(exchange, session);
        if (session.isInMemory() && session.sourceFailed()) {
            deliveries.remove(exchange, session);
            return;
        }
        Object left = session.isInMemory() ? body : session.left();
        exchange.getMessage().setBody(left);
        deliveries.keep(exchange, new Delivery(recipient(), body, left, session), !session.isInMemory());
    }

    private Recipient recipient() {
        return new Recipient(endpoint, client.ownKey());
    }

    private void headers(Exchange exchange, ReconcileSession session) {
        session.setHeaders(exchange.getMessage());
        ResponseHeaders.set(exchange, settings.resource(), null, null, RateLimit.UNKNOWN);
    }
}
