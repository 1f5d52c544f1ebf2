package io.github.camellago.test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.extension.ResponseDefinitionTransformerV2;
import com.github.tomakehurst.wiremock.http.HttpHeader;
import com.github.tomakehurst.wiremock.http.Request;
import com.github.tomakehurst.wiremock.http.ResponseDefinition;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.LagoError;
import io.github.camellago.test.server.Reply;
import io.github.camellago.test.server.SandboxClock;

/**
 * Receives each request from WireMock: applies faults, serves the request, and writes the journal.
 */
final class Gateway implements ResponseDefinitionTransformerV2 {

    /** Serves a request if no fault prevents it. */
    @FunctionalInterface
    interface Service {

        Reply serve(Call call, SandboxRequest request);
    }

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** The number of pieces of a dripping answer. */
    private static final int PIECES = 20;

    private final Faults faults;
    private final Journal journal;
    private final SandboxClock clock;
    private final Service service;

    Gateway(Service service, Faults faults, Journal journal, SandboxClock clock) {
        this.service = service;
        this.faults = faults;
        this.journal = journal;
        this.clock = clock;
    }

    @Override
    public String getName() {
        return "lago";
    }

    @Override
    public ResponseDefinition transform(ServeEvent event) {
        Request received = event.getRequest();
        byte[] body = received.getBody() == null ? new byte[0] : received.getBody();
        SandboxRequest request = request(received, body);
        Fault.Action fault = faults.next(request);
        Reply reply = fault == null || fault.kind().hasEffect() ? serve(request, body) : null;
        ResponseDefinitionBuilder response = fault == null ? write(reply) : applyFault(fault, reply);
        if (fault == null || !fault.headers().containsKey("Date")) {
            response.withHeader("Date", DATE.format(clock.now()));
        }
        ResponseDefinition definition = response.build();
        journal.add(request.withStatus(definition.getFault() == null ? definition.getStatus() : 0));
        return definition;
    }

    private Reply serve(SandboxRequest request, byte[] body) {
        try {
            return service.serve(Call.of(request.method(), request.path(), request.query(), body), request);
        } catch (LagoError e) {
            return e.reply();
        } catch (RuntimeException e) {
            return Reply.json(500, Json.object("status", 500, "error", "The sandbox failed: " + e));
        }
    }

    private static ResponseDefinitionBuilder applyFault(Fault.Action fault, Reply reply) {
        ResponseDefinitionBuilder response = switch (fault.kind()) {
            case NOTHING -> write(reply.withHeaders(fault.headers()));
            case ANSWER, ANSWER_AFTER -> write(answer(fault));
            case DROP_BEFORE, DROP_AFTER -> new ResponseDefinitionBuilder()
                    .withFault(com.github.tomakehurst.wiremock.http.Fault.CONNECTION_RESET_BY_PEER);
            case TRUNCATE -> write(reply.withBody(Arrays.copyOf(reply.body(), reply.body().length / 2)));
            case GARBLE -> new ResponseDefinitionBuilder()
                    .withFault(com.github.tomakehurst.wiremock.http.Fault.MALFORMED_RESPONSE_CHUNK);
        };
        if (!fault.drip().isZero()) {
            response.withChunkedDribbleDelay(PIECES, (int) fault.drip().toMillis());
        }
        Duration delay = fault.delay();
        return delay.isZero() ? response : response.withFixedDelay((int) delay.toMillis());
    }

    private static Reply answer(Fault.Action fault) {
        Reply reply = fault.body() != null
                ? Reply.text(fault.status(), fault.body(), fault.contentType())
                : fault.status() >= 400 && fault.status() < 500
                        ? Reply.json(fault.status(), Json.object("status", fault.status(), "error", "Injected fault"))
                        : Reply.empty(fault.status());
        return reply.withHeaders(fault.headers());
    }

    private static ResponseDefinitionBuilder write(Reply reply) {
        ResponseDefinitionBuilder response = new ResponseDefinitionBuilder().withStatus(reply.status()).withBody(reply.body());
        if (reply.contentType() != null) {
            response.withHeader("Content-Type", reply.contentType());
        }
        reply.headers().forEach(response::withHeader);
        return response;
    }

    private SandboxRequest request(Request received, byte[] body) {
        String url = received.getUrl();
        int question = url.indexOf('?');
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (HttpHeader header : received.getHeaders().all()) {
            headers.put(header.key(), List.copyOf(header.values()));
        }
        return new SandboxRequest(received.getMethod().getName(), question < 0 ? url : url.substring(0, question),
                question < 0 ? "" : url.substring(question + 1), headers, new String(body, StandardCharsets.UTF_8), 0,
                clock.now());
    }
}
