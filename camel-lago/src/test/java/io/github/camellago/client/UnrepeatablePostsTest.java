package io.github.camellago.client;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camellago.LagoConstants;
import io.github.camellago.RouteTestSupport;
import io.github.camellago.World;
import io.github.camellago.api.LagoException;
import io.github.camellago.api.LagoServerException;
import io.github.camellago.api.LagoTransportException;
import io.github.camellago.catalog.Catalog;
import io.github.camellago.catalog.Operation;
import io.github.camellago.test.Fault;
import io.github.camellago.test.LagoSandbox;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A call that is not idempotent is not repeated if Lago may have processed it. The exception reports this. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UnrepeatablePostsTest {

    /** The idempotent calls: upserts, events, objects with a unique code or URL, and reads. */
    private static final String HARMLESS = "POST (customers|subscriptions|events|events/batch|plans|billable_metrics|coupons|add_ons|taxes|features"
            + "|billing_entities|webhook_endpoints|v2/.*|.*/metadata|plans/[^/]+/entitlements|.*/alerts|plans/[^/]+/(charges|fixed_charges)"
            + "|.*/(download|download_pdf|download_xml|payment_url|checkout_url|preview|estimate|estimate_fees|estimate_instant_fees|batch_estimate_instant_fees))";

    private static final List<String> COLLECTIONS = List.of("applied_coupons", "billing_entities", "credit_notes", "fees",
            "invoices", "payments", "payment_requests", "wallets", "wallet_transactions", "webhook_endpoints");

    private LagoSandbox sandbox;
    private World world;
    private DefaultCamelContext context;
    private ProducerTemplate template;

    @BeforeAll
    void start() {
        sandbox = LagoSandbox.start();
        world = new World(sandbox);
        context = new DefaultCamelContext();
        context.addComponent("lago", RouteTestSupport.component(context, sandbox));
        context.start();
        template = context.createProducerTemplate();
    }

    @AfterAll
    void stop() {
        context.stop();
        sandbox.close();
    }

    static Stream<Operation> posts() {
        return Catalog.get().entries().stream().flatMap(e -> e.operations().stream())
                .filter(o -> o.method().equals("POST") && !name(o).matches(HARMLESS));
    }

    @Test
    void includesCallsThatMoveMoney() {
        assertThat(posts().map(UnrepeatablePostsTest::name)).contains("POST wallet_transactions", "POST invoices",
                "POST credit_notes", "POST payments", "POST payment_requests", "POST applied_coupons", "POST wallets",
                "POST invoices/{lago_id}/retry_payment").hasSizeGreaterThan(20);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("posts")
    void aCallWhoseResponseIsLostTakesEffectOnce(Operation post) {
        world.build();
        Map<String, Integer> before = sizes();
        assertThat(call(post).getException()).isNull();
        Map<String, Integer> once = sizes();

        world.build();
        assertThat(sizes()).isEqualTo(before);
        mayHaveBeenProcessed(post, Fault::dropAfter, LagoTransportException.class);
        assertThat(sizes()).isEqualTo(once);

        world.build();
        mayHaveBeenProcessed(post, "&responseTimeout=400", f -> f.delay(Duration.ofMillis(1_500)),
                LagoTransportException.class);
        await().untilAsserted(() -> assertThat(sizes()).isEqualTo(once));

        // what the sandbox answers to the same once more does not matter here: it is asked once
        mayHaveBeenProcessed(post, f -> f.statusAfter(502), LagoServerException.class);
        mayHaveBeenProcessed(post, f -> f.statusAfter(503), LagoServerException.class);
        mayHaveBeenProcessed(post, f -> f.statusAfter(504), LagoServerException.class);
        mayHaveBeenProcessed(post, f -> f.statusAfter(500), LagoServerException.class);
        mayHaveBeenProcessed(post, Fault::dropBefore, LagoTransportException.class);
        mayHaveBeenProcessed(post, Fault::garble, LagoTransportException.class);
        if (post.answer() != Operation.Answer.EMPTY) {
            mayHaveBeenProcessed(post, Fault::truncate, LagoTransportException.class);
        }
        for (int status : List.of(200, 302, 400, 404, 408, 413, 422, 425, 429)) {
            mayHaveBeenProcessed(post, f -> f.html(status), LagoTransportException.class);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("posts")
    void aCallIsRepeatedIfLagoCannotHaveProcessedIt(Operation post) {
        world.build();
        sandbox.faults().on("POST", "/**").nth(1).tooManyRequests();
        sandbox.faults().on("POST", "/**").nth(2).status(503).header("Retry-After", "0");

        assertThat(call(post).getException()).isNull();

        assertThat(sandbox.faults().fired()).isEqualTo(2);
    }

    @Test
    void aRefusedConnectionIsTriedAgain() {
        world.build();
        Exchange exchange = call(posts().findFirst().orElseThrow(), "&baseUrl=http://localhost:1&maxRetries=2");

        assertThat(exchange.getException()).isInstanceOfSatisfying(LagoTransportException.class, e -> {
            assertThat(e.mayHaveBeenProcessed()).isFalse();
            assertThat(e).hasMessageContaining("Lago has not processed it");
        });
    }

    private void mayHaveBeenProcessed(Operation post, Consumer<Fault> how, Class<? extends LagoException> kind) {
        mayHaveBeenProcessed(post, "", how, kind);
    }

    private void mayHaveBeenProcessed(Operation post, String options, Consumer<Fault> how,
            Class<? extends LagoException> kind) {
        Fault fault = sandbox.faults().on("POST", "/**");
        how.accept(fault);

        Exchange exchange = call(post, options);

        await().untilAsserted(() -> assertThat(fault.fired()).isEqualTo(1));
        assertThat(exchange.getException()).isInstanceOfSatisfying(kind, e -> {
            assertThat(e.mayHaveBeenProcessed()).isTrue();
            assertThat(e.getMessage()).containsAnyOf("Lago may have processed it", "may have been processed");
        });
        sandbox.faults().clear();
    }

    private Exchange call(Operation post) {
        return call(post, "");
    }

    private Exchange call(Operation post, String options) {
        JsonNode body = post.body() == Operation.Body.NONE ? null : world.body(name(post)).deepCopy();
        if (body instanceof ObjectNode object && name(post).endsWith("wallets")) {
            // with a code, a second one is refused
            object.remove("code");
        }
        Map<String, Object> headers = new LinkedHashMap<>();
        World.placeholders(post.path())
                .forEach((name, upTo) -> headers.put(LagoConstants.PATH_PREFIX + name, world.value(name(post), upTo)));
        return template.request("lago:" + post.path() + "?operation=" + post.name() + options, e -> {
            e.getMessage().setBody(World.JSON.convertValue(body, Object.class));
            e.getMessage().setHeaders(headers);
        });
    }

    private Map<String, Integer> sizes() {
        return COLLECTIONS.stream().collect(Collectors.toMap(c -> c, c -> sandbox.records(c).size()));
    }

    private static String name(Operation operation) {
        return operation.method() + " " + operation.path();
    }
}
