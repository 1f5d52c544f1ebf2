package io.github.camellago.operation;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camellago.RouteTestSupport;
import io.github.camellago.World;
import io.github.camellago.api.LagoPermissionException;
import io.github.camellago.catalog.Catalog;
import io.github.camellago.catalog.CatalogEntry;
import io.github.camellago.catalog.Operation;
import io.github.camellago.catalog.QueryParameter;
import io.github.camellago.test.LagoSandbox;
import io.github.camellago.test.SandboxRequest;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Every operation of the catalog through a producer, in both ways to write it, against the sandbox. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OperationsTest {

    private static final String ANY = "a&b=ç";
    private static final String ID = "1a901a90-1a90-1a90-1a90-1a901a901a90";

    /** Values that Lago's parameters take; any other gets a text that must be encoded. */
    private static final Map<String, String> VALUES = Map.ofEntries(Map.entry("months", "3"), Map.entry("periods_count", "2"),
            Map.entry("amount_from", "1"), Map.entry("amount_to", "100000"), Map.entry("external_subscription_id", "sub/ü 1"),
            Map.entry("external_customer_id", "acme/b c"), Map.entry("subscription_status", "active"),
            Map.entry("invoices status", "finalized"),
            Map.entry("customers/{external_customer_id}/invoices status", "finalized"), Map.entry("statuses", "finalized"),
            Map.entry("payment_status", "pending"), Map.entry("payment_statuses", "pending"), Map.entry("fee_type", "add_on"),
            Map.entry("billing_entity_codes", "default"), Map.entry("invoice_id", "{invoice}"),
            Map.entry("billable_metric_code", "api calls"), Map.entry("filter_by_metric_code", "api calls"),
            Map.entry("charge_code", "per/call"), Map.entry("filter_by_charge_code", "per/call"),
            Map.entry("charge_id", "{charge}"), Map.entry("filter_by_charge_id", "{charge}"),
            Map.entry("settlements", "credit_note"), Map.entry("self_billed", "false"), Map.entry("partially_paid", "false"),
            Map.entry("payment_overdue", "false"), Map.entry("account_type", "customer"), Map.entry("countries", "FR"),
            Map.entry("currencies", "EUR"), Map.entry("customer_type", "company"), Map.entry("has_customer_type", "true"),
            Map.entry("has_tax_identification_number", "false"), Map.entry("timestamp_from_started_at", "false"),
            Map.entry("on_termination_invoice", "skip"), Map.entry("on_termination_credit_note", "skip"),
            Map.entry("order_forms status", "signed"), Map.entry("orders status", "created"),
            Map.entry("orders order_type", "one_off"), Map.entry("orders execution_mode", "order_only"),
            Map.entry("quotes status", "draft"), Map.entry("quotes number", "QT-2026-0001"),
            Map.entry("quotes order_type", "one_off"),
            Map.entry("order_forms customer_id", ID), Map.entry("order_forms owner_id", ID),
            Map.entry("orders customer_id", ID), Map.entry("orders owner_id", ID), Map.entry("quotes owner_id", ID),
            Map.entry("v2/products product_category_code", "compute&more"), Map.entry("v2/products product_type", "usage"));

    /** The calls other than GET, PUT and DELETE that may be repeated although Lago may have acted on the first try. */
    private static final Set<String> HARMLESS_POSTS = Set.of(
            // distinguished by an identity of the caller's
            "POST events", "POST events/batch", "POST customers", "POST subscriptions",
            // unique by code
            "POST add_ons", "POST billable_metrics", "POST billing_entities", "POST coupons", "POST features", "POST plans",
            "POST taxes", "POST plans/{code}/charges", "POST plans/{code}/fixed_charges",
            "POST customers/{external_customer_id}/wallets", "POST wallets", "POST subscriptions/{external_id}/alerts",
            "POST customers/{external_customer_id}/wallets/{wallet_code}/alerts", "POST v2/product_categories",
            "POST v2/products", "POST v2/products/{product_code}/filters", "POST v2/rate_cards",
            "POST v2/rate_cards/{rate_card_code}/rates", "POST v2/plans/{plan_code}/applied_rate_cards",
            // unique by URL
            "POST webhook_endpoints",
            // replaces the whole
            "POST plans/{code}/entitlements", "POST plans/{code}/metadata", "POST credit_notes/{lago_id}/metadata",
            "POST wallets/{lago_id}/metadata", "POST customers/{external_customer_id}/wallets/{wallet_code}/metadata",
            // only asks
            "POST events/estimate_fees", "POST events/estimate_instant_fees", "POST events/batch_estimate_instant_fees",
            "POST credit_notes/estimate", "POST invoices/preview", "POST invoices/{lago_id}/download",
            "POST credit_notes/{lago_id}/download", "POST invoices/{lago_id}/download_pdf",
            "POST invoices/{lago_id}/download_xml", "POST credit_notes/{lago_id}/download_pdf",
            "POST credit_notes/{lago_id}/download_xml",
            "POST invoices/{lago_id}/payment_url",
            "POST wallet_transactions/{lago_id}/payment_url", "POST customers/{external_customer_id}/checkout_url");

    private LagoSandbox sandbox;
    private World world;
    private DefaultCamelContext context;
    private ProducerTemplate template;
    private boolean used = true;

    @BeforeAll
    void start() {
        // two answers of the same second are the same
        sandbox = LagoSandbox.builder().securityLogs(true).clickhouse(true)
                .clock(Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC)).start();
        world = new World(sandbox).build();
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

    static Stream<Call> operations() {
        return Catalog.get().entries().stream().flatMap(entry -> entry.operations().stream().map(o -> new Call(entry, o)));
    }

    /** {@code lago:invoices/{lago_id}/finalize}, placeholders filled from headers. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("operations")
    void byItsWholePath(Call call) {
        Operation operation = call.operation();
        Map<String, Object> headers = new LinkedHashMap<>();
        rebuild(operation);
        World.placeholders(operation.path())
                .forEach((name, upTo) -> headers.put("CamelLagoPath." + name, world.value(call.name(), upTo)));

        run(call, "lago:" + operation.path() + operationOption(operation), headers);
    }

    /** {@code lago:invoices?operation=finalize&id=…}, placeholders filled from options. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("operations")
    void byResourceOperationAndId(Call call) {
        Operation operation = call.operation();
        rebuild(operation);
        String collection = call.entry().path().toString();
        StringBuilder uri = new StringBuilder("lago:" + collection + "?operation=" + operation.name());
        World.placeholders(operation.path()).forEach((name, upTo) -> {
            boolean own = upTo.length() > collection.length();
            uri.append(own ? "&id=RAW(" : "&path." + name + "=RAW(").append(world.value(call.name(), upTo)).append(')');
        });

        run(call, uri.toString(), Map.of());
    }

    /** The exception names the permission of the catalog that the key lacks. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("operations")
    void aMissingPermissionIsNamed(Call call) {
        Operation operation = call.operation();
        rebuild(operation);
        Exchange exchange = request(call, "&apiKey=" + sandbox.createKey("none:read"));
        used = false;

        String access = operation.reads() ? "read" : "write";
        assertThat(exchange.getException()).isInstanceOf(LagoPermissionException.class)
                .hasMessageContaining("the API key lacks the permission " + access + " on " + call.permission() + ".");
    }

    /** After an answer that was lost, only what does no harm is sent again. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("operations")
    void repeatsIdempotentOperationsOnly(Call call) {
        // what Lago answers is lost, so the records need not be there
        used = true;
        sandbox.faults()
                .on(call.operation().method(), World.api(call.operation().path().toString().replaceAll("\\{[^}]*}", "*")))
                .times(1)
                .dropAfter();
        int before = sandbox.requests().size();

        request(call, "");

        List<SandboxRequest> requests = sandbox.requests().subList(before, sandbox.requests().size());
        assertThat(requests)
                .filteredOn(r -> r.method().equals(call.operation().method()) && r.path().equals(World.api(path(call))))
                .hasSize(HARMLESS_POSTS.contains(call.name()) || !call.name().startsWith("POST ")
                        ? 2
                        : 1);
    }

    private Exchange request(Call call, String options) {
        Operation operation = call.operation();
        Map<String, Object> headers = new LinkedHashMap<>();
        World.placeholders(operation.path())
                .forEach((name, upTo) -> headers.put("CamelLagoPath." + name, world.value(call.name(), upTo)));
        Map<String, Object> filters = new LinkedHashMap<>();
        operation.query().forEach(parameter -> filter(operation, parameter, filters, new ArrayList<>()));
        headers.put("CamelLagoFilter", filters);
        Object body = operation.body() == Operation.Body.NONE
                ? null
                : World.JSON.convertValue(world.body(call.name()), Object.class);
        return template.request("lago:" + operation.path() + "?operation=" + operation.name() + options, e -> {
            e.getMessage().setBody(body);
            e.getMessage().setHeaders(headers);
        });
    }

    private void rebuild(Operation operation) {
        if (used) {
            world.build();
        }
        used = !operation.reads();
    }

    private void run(Call call, String uri, Map<String, Object> headers) {
        Operation operation = call.operation();
        JsonNode body = operation.body() == Operation.Body.NONE ? null : world.body(call.name());
        Map<String, Object> filters = new LinkedHashMap<>();
        List<String> query = new ArrayList<>();
        for (QueryParameter parameter : operation.query()) {
            filter(operation, parameter, filters, query);
        }
        if (operation.paged()) {
            query.addAll(List.of("page=1", "per_page=100"));
        }
        long before = sandbox.requestCount();

        Exchange exchange = template.request(uri, e -> {
            e.getMessage().setBody(World.JSON.convertValue(body, Object.class));
            e.getMessage().setHeaders(new LinkedHashMap<>(headers));
            e.getMessage().setHeader("CamelLagoFilter", filters);
        });

        assertThat(exchange.getException()).isNull();
        assertThat(sandbox.requestCount() - before).isEqualTo(1);
        SandboxRequest sent = sandbox.requests().get(sandbox.requests().size() - 1);
        assertThat(sent.method()).isEqualTo(operation.method());
        assertThat(sent.path()).isEqualTo(World.api(path(call)));
        assertThat(decoded(sent.query())).containsExactlyInAnyOrderElementsOf(query);
        assertThat(sent.body().isEmpty() ? null : World.parse(sent.body())).isEqualTo(wrapped(operation, body));
        if (!isEvents(operation)) {
            checkAnswer(call, exchange, sent);
        }
    }

    private void filter(Operation operation, QueryParameter parameter, Map<String, Object> filters, List<String> query) {
        String name = parameter.name();
        String value = value(operation, parameter);
        List<String> values = value.equals(ANY) ? List.of(value, "c,d") : List.of(value);
        switch (parameter.kind()) {
            case SINGLE -> {
                filters.put(name, value);
                query.add(name + "=" + value);
            }
            case ARRAY -> {
                filters.put(name, values);
                // of two names for one parameter, the plural is sent
                String sent = operation.query(name + "es") == null ? name : name + "es";
                values.forEach(one -> query.add(sent + "[]=" + one));
            }
            case MAP -> {
                filters.put(name, Map.of("some key", value));
                query.add(name + "[some key]=" + value);
            }
        }
    }

    private String value(Operation operation, QueryParameter parameter) {
        return switch (parameter.type().form()) {
            case TEXT -> world.id(VALUES.getOrDefault(operation.path() + " " + parameter.name(),
                    VALUES.getOrDefault(parameter.name(), ANY)));
            case DATE -> "2026-01-31";
            case DATETIME -> "2026-01-31T10:00:00Z";
            case NUMBER, INTEGER -> "3";
            case BOOLEAN -> parameter.name().startsWith("has_customer") ? "true" : "false";
            case TRUE -> "true";
            case CURRENCY -> "EUR";
            case CHOICE -> parameter.type().allowed().contains("active") ? "active" : parameter.type().allowed().get(0);
        };
    }

    private static JsonNode wrapped(Operation operation, JsonNode body) {
        String root = body != null && body.isArray() ? operation.batchRoot() : operation.root();
        return body == null || root == null ? body : World.JSON.createObjectNode().set(root, body);
    }

    private void checkAnswer(Call call, Exchange exchange, SandboxRequest sent) {
        Operation operation = call.operation();
        Object body = exchange.getMessage().getBody();
        switch (operation.answer()) {
            case EMPTY -> assertThat(body).isNull();
            case TEXT -> assertThat(body).isInstanceOf(String.class).asString().isNotBlank();
            case LIST -> assertThat(body).isInstanceOf(List.class);
            case OBJECT -> {
                if (call.name().matches("DELETE .*/metadata")) {
                    // nothing is left of the metadata
                    assertThat(body).isNull();
                    break;
                }
                assertThat(body).isInstanceOf(Map.class);
                // one key with an object behind it is a root key, whatever the catalog says
                Map<?, ?> object = (Map<?, ?>) body;
                assertThat(object.size() == 1 && object.values().iterator().next() instanceof Map).as("%s is wrapped", object)
                        .isFalse();
            }
        }
        if (operation.reads() && operation.answer() != Operation.Answer.TEXT) {
            JsonNode raw = world
                    .get(sent.path().replaceFirst("/api/(v1/)?", "") + (sent.query().isEmpty() ? "" : "?" + sent.query()));
            assertThat(raw.has(operation.answerRoot())).isTrue();
            if (!operation.path().toString().startsWith("api_logs")) {
                assertThat((JsonNode) World.JSON.valueToTree(body)).isEqualTo(raw.get(operation.answerRoot()));
            }
        }
        assertThat(exchange.getMessage().getHeaders()).doesNotContainKey("CamelLagoOperation");
        assertThat(exchange.getMessage().getHeader("CamelHttpResponseCode")).isEqualTo(200);
        Map<String, String> placeholders = World.placeholders(operation.path());
        String last = operation.path().segments().get(operation.path().segments().size() - 1);
        if (last.startsWith("{") && !operation.path().toString().contains("/privileges/")) {
            assertThat(exchange.getMessage().getHeader("CamelLagoId"))
                    .isEqualTo(world.value(call.name(), placeholders.get(last.substring(1, last.length() - 1))));
        }
    }

    private static boolean isEvents(Operation operation) {
        return operation.method().equals("POST") && List.of("events", "events/batch").contains(operation.path().toString());
    }

    private String path(Call call) {
        StringBuilder path = new StringBuilder();
        StringBuilder template = new StringBuilder();
        for (String segment : call.operation().path().segments()) {
            path.append(path.isEmpty() ? "" : "/");
            template.append(template.isEmpty() ? "" : "/").append(segment);
            path.append(segment.startsWith("{") ? encoded(world.value(call.name(), template.toString())) : segment);
        }
        return path.toString();
    }

    /** RFC 3986: everything but the unreserved characters. */
    private static String encoded(String value) {
        StringBuilder text = new StringBuilder();
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            text.append(String.valueOf((char) b).matches("[A-Za-z0-9._~-]")
                    ? String.valueOf((char) b)
                    : "%%%02X".formatted(b & 0xff));
        }
        return text.toString();
    }

    private static List<String> decoded(String query) {
        return query.isEmpty()
                ? List.of()
                : Stream.of(query.split("&")).map(p -> URLDecoder.decode(p, StandardCharsets.UTF_8)).toList();
    }

    /** The operation's name, where the path alone does not say it. */
    private static String operationOption(Operation operation) {
        boolean only = Catalog.get().find(operation.path()).direct().size() == 1;
        return only ? "" : "?operation=" + operation.name();
    }

    /** An operation and the resource it belongs to. */
    record Call(CatalogEntry entry, Operation operation) {

        String permission() {
            return operation.permission() == null ? entry.permission() : operation.permission();
        }

        String name() {
            return operation.method() + " " + operation.path();
        }

        @Override
        public String toString() {
            return name();
        }
    }
}
