package io.github.camellago.webhook;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import io.github.camellago.LagoConfiguration;
import io.github.camellago.LogCapture;
import io.github.camellago.SignatureAlgo;
import io.github.camellago.api.LagoObserver;
import io.github.camellago.client.StubLago;
import io.github.camellago.operation.EndpointSettings;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.component.webhook.WebhookConfiguration;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.spi.RestConfiguration;
import org.apache.camel.support.AsyncProcessorSupport;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.camellago.client.StubLago.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What Lago is answered, by what a route does. */
class WebhookProcessorTest {

    private static final String INVOICE = "{\"webhook_type\":\"invoice.created\",\"object_type\":\"invoice\",\"organization_id\":\"org\","
            + "\"invoice\":{\"lago_id\":\"i-1\"}}";
    private static final String ERRORS = "{\"webhook_type\":\"events.errors\",\"object_type\":\"events_errors\",\"organization_id\":\"org\","
            + "\"events_errors\":{\"invalid_code\":[\"t-1\",\"t-2\",\"t-3\"]}}";

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final StubLago lago = new StubLago();
    private final LagoConfiguration options = new LagoConfiguration();
    private final IdempotentRepository repository = MemoryIdempotentRepository.memoryIdempotentRepository(new HashMap<>());
    private final List<String> reports = new ArrayList<>();
    private final List<Object> processed = new ArrayList<>();
    private Consumer<Exchange> step = exchange -> {};
    private AsyncCallback later;
    private boolean asynchronous;
    private final AsyncProcessorSupport route = new AsyncProcessorSupport() {
        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            processed.add(exchange.getMessage().getHeader("CamelLagoId"));
            try {
                step.accept(exchange);
            } catch (RuntimeException e) {
                exchange.setException(e);
            }
            later = callback;
            if (!asynchronous) {
                callback.done(true);
            }
            return !asynchronous;
        }
    };
    private WebhookReceiver receiver;
    private WebhookProcessor processor;

    @BeforeEach
    void start() {
        options.setSignatureAlgo(SignatureAlgo.HMAC);
        options.setHmacKey("secret");
        options.setOrganizationId("org");
        create(repository);
    }

    private void create(IdempotentRepository repository) {
        receiver = new WebhookReceiver(
                new EndpointSettings("lago:webhooks", "webhooks", null, null, null, 1, Map.of(), Map.of(),
                        options));
        receiver.start(lago.client(new LagoObserver() {
            @Override
            public void webhook(String type, String verdict) {
                reports.add(type + " " + verdict);
            }
        }), System::nanoTime);
        processor = new WebhookProcessor(context, receiver, repository, route);
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    private Exchange webhook(String body, String key) {
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(body.getBytes(StandardCharsets.UTF_8));
        exchange.getMessage().setHeader("X-Lago-Signature", WebhookReaderTest.hmac(body));
        exchange.getMessage().setHeader("X-Lago-Signature-Algorithm", "hmac");
        exchange.getMessage().setHeader("X-Lago-Unique-Key", key);
        exchange.getMessage().setHeader("Other", "value");
        return exchange;
    }

    private Exchange process(Exchange exchange) {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        assertThat(processor.process(exchange, done::complete)).isTrue();
        assertThat(done).isCompletedWithValue(true);
        return exchange;
    }

    private void answers(Exchange exchange, int status) {
        assertThat(process(exchange).getMessage().getHeaders()).isEqualTo(Map.of("CamelHttpResponseCode", status));
        assertThat(exchange.getMessage().getBody()).isNull();
    }

    @Test
    void aWebhookReachesTheRouteOnce() {
        answers(webhook(INVOICE, "k"), 200);
        answers(webhook(INVOICE, "k"), 200);
        answers(webhook(INVOICE, "k2"), 200);

        assertThat(processed).containsExactly("i-1", "i-1");
        assertThat(reports).containsExactly("invoice.created accepted", "invoice.created duplicate",
                "invoice.created accepted");
    }

    @Test
    void aWebhookReachesTheRouteEachTimeWithoutRepository() {
        create(null);
        answers(webhook(INVOICE, "k"), 200);
        step = exchange -> exchange.setRollbackOnly(true);
        answers(webhook(INVOICE, "k"), 500);

        assertThat(processed).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"exception", "rollback", "rollback last"})
    void aWebhookThatFailsIsRedelivered(String how) {
        step = exchange -> {
            switch (how) {
                case "exception" -> throw new IllegalStateException("no");
                case "rollback" -> exchange.setRollbackOnly(true);
                default -> exchange.setRollbackOnlyLast(true);
            }
        };
        answers(webhook(INVOICE, "k"), 500);
        step = exchange -> {};
        answers(webhook(INVOICE, "k"), 200);

        assertThat(processed).hasSize(2);
        assertThat(reports).containsExactly("invoice.created failed", "invoice.created accepted");
    }

    @Test
    void aWebhookThatIsInFlightIsAnsweredLater() {
        asynchronous = true;
        Exchange first = webhook(INVOICE, "k");
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        assertThat(processor.process(first, done::complete)).isFalse();

        answers(webhook(INVOICE, "k"), 503);
        assertThat(done).isNotDone();
        assertThat(first.getMessage().getBody()).isEqualTo(Map.of("lago_id", "i-1"));
        later.done(false);

        assertThat(done).isCompletedWithValue(false);
        assertThat(first.getMessage().getHeaders()).isEqualTo(Map.of("CamelHttpResponseCode", 200));
        assertThat(reports).containsExactly("invoice.created in_flight", "invoice.created accepted");
    }

    @Test
    void aForgedWebhookIsRefused() {
        Exchange forged = webhook(INVOICE, "k");
        forged.getMessage().setBody("x");
        try (LogCapture log = LogCapture.from(Level.WARN)) {
            answers(forged, 401);
            assertThat(log.lines()).singleElement().asString().contains("Refused a webhook with 401");
        }
        assertThat(processed).isEmpty();
        assertThat(reports).containsExactly("null signature_invalid");
    }

    @Test
    void aWebhookThatCannotBeVerifiedNowIsAnsweredLater() {
        options.setOrganizationId(null);
        create(repository);
        lago.then(answer(501, "{}"));

        answers(webhook(INVOICE, "k"), 503);

        assertThat(processed).isEmpty();
        assertThat(reports).containsExactly("null unchecked");
    }

    @Test
    void aWebhookThatDoesNotFitFails() {
        options.setOutputClass(WebhookReaderTest.Misfit.class);
        create(repository);
        try (LogCapture log = LogCapture.from(Level.ERROR)) {
            Exchange exchange = webhook(INVOICE, "k");
            answers(exchange, 500);
            assertThat(exchange.getException()).hasMessageContaining("does not fit the option outputClass");
            assertThat(log.lines()).singleElement().asString().contains("Cannot process a webhook. Answering 500");
        }
    }

    @Test
    void aRepositoryThatCannotBeReadFailsTheWebhook() {
        create(new MemoryIdempotentRepository() {
            @Override
            public boolean contains(String key) {
                throw new IllegalStateException("down");
            }
        });
        Exchange exchange = webhook(INVOICE, "k");

        answers(exchange, 500);

        assertThat(exchange.getException()).hasMessage("down");
        assertThat(processed).isEmpty();
    }

    @Test
    void eachFailedEventReachesTheRouteOnce() {
        step = exchange -> {
            if (exchange.getMessage().getHeader("CamelLagoId").equals("t-2")) {
                throw new IllegalStateException("no");
            }
        };
        answers(webhook(ERRORS, "k"), 500);
        assertThat(processed).containsExactly("t-1", "t-2", "t-3");
        step = exchange -> {};
        answers(webhook(ERRORS, "k"), 200);
        answers(webhook(ERRORS, "k"), 200);

        assertThat(processed).containsExactly("t-1", "t-2", "t-3", "t-2");
        assertThat(reports).hasSize(9).filteredOn("events.errors duplicate"::equals).hasSize(5);
        assertThat(reports).filteredOn("events.errors failed"::equals).hasSize(1);
    }

    @Test
    void aFailedEventWhoseRouteThrowsIsRedelivered() {
        processor = new WebhookProcessor(context, receiver, repository, exchange -> {
            processed.add(exchange.getMessage().getHeader("CamelLagoId"));
            throw new IllegalStateException("no");
        });

        answers(webhook(ERRORS, "k"), 500);
        answers(webhook(ERRORS, "k"), 500);

        assertThat(processed).hasSize(6);
        assertThat(reports).containsOnly("events.errors failed");
    }

    @Test
    void aFailedEventThatIsInFlightIsAnsweredLaterUnlessAnotherFails() {
        asynchronous = true;
        processor.process(webhook(ERRORS.replace("\"t-1\",\"t-2\",\"t-3\"", "\"t-1\""), "k-0"), sync -> {});
        asynchronous = false;
        answers(webhook(ERRORS, "k"), 503);
        assertThat(processed).containsExactly("t-1", "t-2", "t-3");
        later = null;

        step = exchange -> exchange.setRollbackOnly(true);
        answers(webhook(ERRORS.replace("t-3", "t-4"), "k"), 503);
        assertThat(processed).hasSize(3);
        answers(webhook(ERRORS, "other"), 500);
    }

    private void listen() {
        WebhookConfiguration webhook = new WebhookConfiguration();
        webhook.storeConfiguration(new RestConfiguration());
        webhook.setWebhookExternalUrl("https://hooks.example");
        webhook.setWebhookPath("/lago");
        receiver.listenAt(webhook);
    }

    @Test
    void registersAndRemovesItsUrl() throws Exception {
        context.start();
        options.setRemoveOnStop(true);
        listen();
        String endpoint = "{\"lago_id\":\"w\",\"webhook_url\":\"https://hooks.example/lago\",\"signature_algo\":\"hmac\",\"event_types\":null}";
        lago.then(answer(200, "{\"webhook_endpoints\":[" + endpoint + "],\"meta\":{}}"), answer(204, null));

        processor.start();
        assertThat(context.hasService(repository)).isTrue();
        int strategies = context.getLifecycleStrategies().size();
        processor.stop();
        processor.stop();

        assertThat(lago.requests()).containsExactly("GET webhook_endpoints?page=1&per_page=100", "DELETE webhook_endpoints/w");
        assertThat(context.getLifecycleStrategies()).hasSize(strategies - 1);
    }

    @Test
    void nothingIsProcessedWhileTheContextStops() throws Exception {
        context.start();
        processor.start();
        List.copyOf(context.getLifecycleStrategies()).forEach(strategy -> strategy.onContextStopping(context));

        answers(webhook(INVOICE, "k"), 503);

        assertThat(processed).isEmpty();
        assertThat(reports).isEmpty();
        processor.stop();
        processor.start();
        answers(webhook(INVOICE, "k"), 200);
    }

    @Test
    void failsToStartIfTheUrlCannotBeRegistered() {
        context.start();
        listen();
        lago.then(answer(501, "{}"));

        assertThatThrownBy(processor::start).hasMessageContaining("501");
    }
}
