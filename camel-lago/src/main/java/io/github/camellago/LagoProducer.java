package io.github.camellago;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.BiFunction;

import io.github.camellago.api.Failure;
import io.github.camellago.api.LagoPermissionException;
import io.github.camellago.api.LagoTransportException;
import io.github.camellago.api.LagoValidationException;
import io.github.camellago.catalog.BoundOperation;
import io.github.camellago.catalog.Operation;
import io.github.camellago.catalog.Repeat;
import io.github.camellago.client.Envelope;
import io.github.camellago.client.LagoClient;
import io.github.camellago.client.LagoRecord;
import io.github.camellago.client.LagoRequest;
import io.github.camellago.client.LagoResponse;
import io.github.camellago.client.Page;
import io.github.camellago.events.EventReconciler;
import io.github.camellago.events.EventSender;
import io.github.camellago.events.EventsSession;
import io.github.camellago.health.LagoHealthCheck;
import io.github.camellago.operation.CallOptions;
import io.github.camellago.operation.CreateReconciler;
import io.github.camellago.operation.FileDownload;
import io.github.camellago.operation.OptionChecks;
import io.github.camellago.operation.Pages;
import io.github.camellago.operation.QueryBuilder;
import io.github.camellago.operation.RecordIterator;
import io.github.camellago.operation.RecordKeys;
import io.github.camellago.operation.RequestFactory;
import io.github.camellago.operation.ResponseHeaders;
import io.github.camellago.upsert.Upsert;
import io.github.camellago.webhook.WebhookReceiver;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultProducer;

/** Calls one of Lago's operations for each message; usage events go out in batches. */
public class LagoProducer extends DefaultProducer {

    private static final int NO_CONTENT = 204;

    private final LagoEndpoint endpoint;
    private final RequestFactory calls;
    private final BoundOperation byDefault;
    private volatile EventSender events;
    private volatile LagoHealthCheck health;

    LagoProducer(LagoEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
        this.calls = new RequestFactory(endpoint.settings());
        String operation = endpoint.getOperation();
        this.byDefault = operation == null ? endpoint.target().byDefault() : endpoint.settings().operation(operation);
        if (byDefault != null) {
            QueryBuilder.check(byDefault.operation(), endpoint.getFilter(),
                    endpoint.getConfiguration().getUnknownFilters());
        }
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        if (endpoint.target().operations().stream().anyMatch(EventSender::serves)) {
            events = new EventSender(endpoint, endpoint.settings(), endpoint.client(), endpoint.getComponent().deliveries(),
                    endpoint.references());
        }
        health = endpoint.getComponent().healthChecks().acquire(endpoint.getConfiguration(), endpoint.getServiceUrl(),
                endpoint::client);
        if (byDefault != null) {
            health.watch(byDefault);
        }
    }

    @Override
    protected void doStop() throws Exception {
        if (health != null) {
            // first, as a call that finds it also finds the sender of events
            health = null;
            endpoint.getComponent().healthChecks().release(endpoint.getConfiguration());
        }
        if (events != null) {
            events.close();
            events = null;
        }
        super.doStop();
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        BoundOperation bound = operation(exchange);
        // a stop does not wait for calls in flight for ever: what they need is taken now
        EventSender sender = events;
        LagoHealthCheck check = health;
        if (check == null) {
            throw stopped();
        }
        LagoClient client = endpoint.client(exchange);
        try {
            process(exchange, bound, client, sender == null ? null : sender.with(client));
        } catch (LagoPermissionException e) {
            check.refused(called(bound, e.getMethod()));
            throw e;
        }
        check.accepted(
                called(bound, Upsert.hasWritten(exchange, bound, endpoint.getConfiguration().isDryRun()) ? "PUT" : "GET"));
        checkForcedShutdown(exchange, bound);
    }

    /** The operation of Lago that a call is, for an operation that makes calls of several. */
    private BoundOperation called(BoundOperation bound, String method) {
        BoundOperation read = Upsert.serves(bound) && "GET".equals(method) ? endpoint.target().operation("get") : null;
        if (read != null) {
            return read;
        }
        return EventReconciler.serves(bound) ? endpoint.settings().operation("GET".equals(method) ? "list" : "create") : bound;
    }

    /** Camel's error handler replaces a success by a RejectedExecutionException then, and nobody would know what Lago has done. */
    private void checkForcedShutdown(Exchange exchange, BoundOperation bound) {
        Operation operation = bound.operation();
        boolean onlyReads = operation.reads() || EventReconciler.serves(bound) && !endpoint.getConfiguration().isRepair()
                || Upsert.serves(bound) && !Upsert.hasWritten(exchange, bound, endpoint.getConfiguration().isDryRun());
        if (!onlyReads && exchange.getFromRouteId() != null
                && (isStoppingOrStopped() || exchange.getContext().getShutdownStrategy().isForceShutdown())) {
            throw new LagoTransportException(Failure.local("Lago has processed " + operation.method() + ' ' + bound.path()
                    + ", but the route cannot go on because it is stopped", operation.method(),
                    bound.path().toString(), true, null));
        }
    }

    private LagoTransportException stopped() {
        return new LagoTransportException(
                Failure.local("The producer of " + endpoint + " is stopped, nothing is sent", null, null, false, null));
    }

    /** The operation of a message that asks for no other one, or null. */
    BoundOperation byDefault() {
        return byDefault;
    }

    /** Sends events of several messages. */
    void deliver(EventsSession session, boolean unchecked) {
        LagoHealthCheck check = health;
        EventSender sender = events;
        if (check == null) {
            throw stopped();
        }
        try {
            if (unchecked) {
                sender.run(session);
            } else {
                sender.runChecked(session);
            }
        } catch (LagoPermissionException e) {
            check.refused(byDefault);
            throw e;
        }
        check.accepted(byDefault);
    }

    private void process(Exchange exchange, BoundOperation bound, LagoClient client, EventSender sender) throws Exception {
        LagoConfiguration configuration = endpoint.getConfiguration();
        if (configuration.isDryRun()) {
            Upsert.requireDryRun(bound);
        }
        if (bound.name().equals(WebhookReceiver.VERIFY)) {
            endpoint.webhooks().verify(exchange);
        } else if (EventSender.serves(bound)) {
            sender.send(exchange, bound);
        } else if (Upsert.serves(bound)) {
            new Upsert(endpoint.settings(), client, calls).run(exchange, bound, configuration.isDryRun());
        } else if (EventReconciler.serves(bound)) {
            new EventReconciler(endpoint, endpoint.settings(), client, endpoint.getComponent().deliveries(), sender)
                    .reconcile(exchange);
        } else if (isList(bound.operation(), configuration)) {
            list(exchange, bound, client);
        } else if (configuration.isFetchFile() && FileDownload.serves(bound)) {
            new FileDownload(endpoint.settings(), client).fetch(exchange, bound, calls.request(bound, exchange),
                    calls.id(bound, exchange));
        } else {
            call(exchange, bound, client);
        }
    }

    private static boolean isList(Operation operation, LagoConfiguration configuration) {
        return operation.reads()
                && (operation.answer() == Operation.Answer.LIST || !operation.listed() && configuration.isStreaming());
    }

    private BoundOperation operation(Exchange exchange) {
        // a message must not switch the check of its own signature off
        boolean fixed = endpoint.getOperation() != null || byDefault != null && byDefault.name().equals(WebhookReceiver.VERIFY);
        String wanted = fixed ? null : CallOptions.operation(endpoint.settings(), exchange.getMessage());
        if (wanted != null) {
            return endpoint.settings().operation(wanted);
        }
        if (byDefault == null) {
            throw new IllegalArgumentException(
                    "The resource " + endpoint.target().path()
                            + " has no default operation: set the option operation or the header "
                            + LagoConstants.OPERATION
                            + " to one of: "
                            + endpoint.target().operationNames());
        }
        return byDefault;
    }

    private void list(Exchange exchange, BoundOperation bound, LagoClient client) {
        Message message = exchange.getMessage();
        boolean streaming = endpoint.getConfiguration().isStreaming();
        int number = CallOptions.of(endpoint.settings(), exchange).page();
        OptionChecks.requirePositive("page", number);
        BiFunction<Integer, Integer, LagoRequest> requests = calls.pages(bound, exchange);
        RecordKeys keys = RecordKeys.of(bound.entry().records(), false);
        Pages.Source source = (n, size) -> client.call(requests.apply(n, size),
                response -> Envelope.page(response, bound.operation().answerRoot(), endpoint.settings().binding(),
                        keys.names()));
        int perPage = endpoint.getConfiguration().getPerPage();
        Pages pages = bound.operation().listed()
                ? Pages.overlapping(source, number, perPage, null, 0, record -> keys.identity("", record, record.digest()))
                : Pages.inAnyOrder(source, number, perPage, null, 0);
        Page page = pages.next();
        message.setBody(streaming
                ? new RecordIterator(page, pages)
                : page.records().stream().map(LagoRecord::body).toList());
        ResponseHeaders.setOrRemove(message, LagoConstants.TOTAL_COUNT, page.totalCount());
        ResponseHeaders.setOrRemove(message, LagoConstants.TOTAL_PAGES, page.totalPages());
        ResponseHeaders.setOrRemove(message, LagoConstants.NEXT_PAGE, streaming ? null : page.nextPage());
        ResponseHeaders.set(exchange, endpoint.getResource(), null, page.response().status(), page.response().rate());
    }

    private void call(Exchange exchange, BoundOperation bound, LagoClient client) throws IOException {
        LagoRequest request = calls.request(bound, exchange);
        Object id = calls.id(bound, exchange);
        Answer answer;
        try {
            answer = client.call(request, response -> read(response, bound));
        } catch (LagoValidationException e) {
            LagoResponse created = new CreateReconciler(client).instead(e, request, bound);
            answer = client.read(request, created, response -> read(response, bound));
        }
        exchange.getMessage().setBody(answer.body());
        ResponseHeaders.set(exchange, endpoint.getResource(), answer.id() == null ? id : answer.id(),
                answer.response().status(),
                answer.response().rate());
    }

    private Answer read(LagoResponse response, BoundOperation bound) throws IOException {
        Operation operation = bound.operation();
        if (response.isEmpty() && !mayBeEmpty(response, operation)) {
            throw new IOException("it is empty");
        }
        return switch (operation.answer()) {
            case TEXT -> new Answer(new String(response.body(), StandardCharsets.UTF_8), null, response);
            case EMPTY -> {
                // no body is expected, but a page of HTML is not from Lago
                Envelope.unwrap(response, null, endpoint.settings().binding());
                yield new Answer(null, null, response);
            }
            default -> new Answer(
                    Envelope.unwrap(response, isAuthorized(response, operation) ? null : operation.answerRoot(),
                            operation.batchRoot(), endpoint.settings().binding()),
                    Envelope.field(response, operation.answerRoot(), bound.entry().records().id()), response);
        };
    }

    /** Whether Lago has also authorized the customer's card: the answer then has two root keys, as the body has. */
    private static boolean isAuthorized(LagoResponse response, Operation operation) throws IOException {
        return operation.repeat() == Repeat.WITH_EXTERNAL_ID
                && Envelope.keys(response.body(), null).contains("authorization");
    }

    /** Files that are not made yet are answered with nothing, and so are a few verbs. */
    private static boolean mayBeEmpty(LagoResponse response, Operation operation) {
        return response.status() == NO_CONTENT || operation.answer() == Operation.Answer.EMPTY
                || operation.answer() == Operation.Answer.TEXT && !operation.reads()
                || operation.name().startsWith("download") || !operation.listed() && !operation.reads();
    }

    private record Answer(Object body, String id, LagoResponse response) {}
}
