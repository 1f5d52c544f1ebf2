package io.github.camellago.upsert;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.camellago.LagoConstants;
import io.github.camellago.api.LagoNotAppliedException;
import io.github.camellago.api.LagoPermissionException;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Upserts of objects without lists of other objects. */
class UpsertFlatTest extends UpsertTestSupport {

    private static final Map<String, Object> METRIC = Map.of("code", "calls", "name", "Calls", "aggregation_type", "sum_agg",
            "field_name", "n", "recurring", false);
    private static final Map<String, Object> TAX = Map.of("code", "vat", "name", "VAT", "rate", "20.0");

    static Stream<Arguments> resources() {
        return Stream.of(
                Arguments.of("billable_metrics", METRIC, Map.of("name", "API calls")),
                Arguments.of("taxes", TAX, Map.of("rate", 21)),
                Arguments.of("coupons", Map.of("code", "c", "name", "C", "coupon_type", "percentage", "percentage_rate", "10",
                        "frequency", "once", "expiration", "time_limit", "expiration_at", "2097-01-01"),
                        Map.of("percentage_rate", 12.5)),
                Arguments.of("add_ons", Map.of("code", "setup", "name", "Setup", "amount_cents", 500, "amount_currency", "EUR"),
                        Map.of("amount_cents", 600)),
                Arguments.of("plans",
                        Map.of("code", "basic", "name", "Basic", "interval", "monthly", "amount_cents", 1000,
                                "amount_currency", "EUR", "pay_in_advance", false),
                        Map.of("amount_cents", 1200)),
                Arguments.of("features", Map.of("code", "seats", "name", "Seats"), Map.of("name", "Number of seats")),
                Arguments.of("customers",
                        Map.of("external_id", "acme", "name", "Acme", "country", "de", "billing_configuration",
                                Map.of("document_locale", "de")),
                        Map.of("name", "Acme SE")),
                Arguments.of("billing_entities", Map.of("code", "fr", "name", "FR"), Map.of("name", "France")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("resources")
    void createsThenUpdatesThenChangesNothing(String resource, Map<String, Object> body, Map<String, Object> change)
            throws Exception {
        String key = String.valueOf(body.getOrDefault("external_id", body.get("code")));

        assertThat(dryRun(resource, body)).containsEntry("result", "created");
        assertThat(upsert(resource, body)).isEqualTo("created");
        long created = writes();
        assertThat(upsert(resource, body)).isEqualTo("unchanged");
        assertThat(writes()).isEqualTo(created);

        Map<String, Object> changed = with(body);
        changed.putAll(change);
        Map<String, Object> report = dryRun(resource, changed);
        assertThat(report).containsEntry("result", "updated").containsEntry("id", key).containsEntry("resource", resource);
        assertThat(changes(report)).containsOnlyKeys(change.keySet());
        assertThat(upsert(resource, changed)).isEqualTo("updated");
        assertThat(writes()).isEqualTo(created + 1);
        assertThat(upsert(resource, changed)).isEqualTo("unchanged");
        assertThat(dryRun(resource, changed)).containsEntry("result", "unchanged").containsEntry("changes", List.of());
        assertThat(writes()).isEqualTo(created + 1);
        assertThat(one(resource, key)).containsKey("lago_id");
    }

    @Test
    void theObjectBecomesTheBodyAndItsCodeTheId() throws Exception {
        Message message = sent("lago:taxes?operation=upsert", TAX).getMessage();

        assertThat(map(message.getBody())).containsEntry("name", "VAT").containsKey("lago_id");
        assertThat(message.getHeaders()).containsEntry(LagoConstants.ID, "vat").containsEntry(LagoConstants.RESULT, "created")
                .containsEntry(LagoConstants.RESOURCE, "taxes").containsEntry(LagoConstants.HTTP_RESPONSE_CODE, 200);

        message = sent("lago:taxes?operation=upsert&bodyType=JSON", TAX).getMessage();

        assertThat(message.getBody(String.class)).contains("\"name\":\"VAT\"");
        assertThat(message.getHeader(LagoConstants.RESULT)).isEqualTo("unchanged");
    }

    @Test
    void keepsFieldsThatTheBodyDoesNotHave() throws Exception {
        upsert("customers", Map.of("external_id", "acme", "name", "Acme", "city", "Ulm"));

        assertThat(upsert("customers", Map.of("external_id", "acme", "name", "Acme SE"))).isEqualTo("updated");

        assertThat(one("customers", "acme")).containsEntry("city", "Ulm").containsEntry("name", "Acme SE");
        assertThat(lastWrite().body()).isEqualTo("{\"customer\":{\"name\":\"Acme SE\",\"external_id\":\"acme\"}}");
    }

    @Test
    void theReportIsJsonAsBodyTypeSays() throws Exception {
        String uri = "lago:taxes?operation=upsert&dryRun=true&bodyType=JSON&unknownFields=drop";
        assertThat(sent(uri, TAX).getMessage().getBody(String.class))
                .startsWith("{\"resource\":\"taxes\",\"id\":\"vat\",\"result\":\"created\",\"changes\":[{\"path\":");
        upsert("taxes", TAX);

        assertThat(sent(uri, Map.of("code", "vat", "rate", "21", "color", "red")).getMessage().getBody(String.class))
                .isEqualTo(
                        "{\"resource\":\"taxes\",\"id\":\"vat\",\"result\":\"updated\",\"changes\":"
                                + "[{\"path\":\"rate\",\"before\":20.0,\"after\":\"21\"}],\"kept\":[],\"notCompared\":[\"color\"]}");
    }

    @Test
    void dryRunRefusesOtherOperations() throws Exception {
        Exchange exchange = send("lago:taxes?dryRun=true", TAX, Map.of(LagoConstants.OPERATION, "create"));
        assertThat(exchange.getException()).hasMessageContaining("dryRun is for the operation upsert only");
        assertThat(send("lago:taxes?dryRun=true", TAX).getException()).hasMessageContaining("dryRun");
        assertThat(writes()).isZero();
        assertThat(result(send("lago:taxes?dryRun=true", TAX, Map.of(LagoConstants.OPERATION, "upsert")))).isEqualTo("created");

        assertThatThrownBy(() -> context.getEndpoint("lago:taxes?operation=create&dryRun=true"))
                .hasStackTraceContaining("dryRun is for the operation upsert only");
        assertThatThrownBy(() -> context.getEndpoint("lago:invoices?dryRun=true"))
                .hasStackTraceContaining("dryRun is for the operation upsert, which invoices does not have");
    }

    @Test
    void theKeyComesFromTheEndpointThenTheBodyThenTheHeader() throws Exception {
        Map<String, Object> noCode = Map.of("name", "VAT", "rate", 20);
        Map<String, Object> header = Map.of(LagoConstants.ID, "c");

        assertThat(result(send("lago:taxes?operation=upsert&id=a", noCode))).isEqualTo("created");
        assertThat(result(send("lago:taxes/b?operation=upsert", noCode))).isEqualTo("created");
        assertThat(result(send("lago:taxes?operation=upsert", noCode, header))).isEqualTo("created");
        assertThat(result(send("lago:taxes?operation=upsert", with(noCode, "code", "d"), header))).isEqualTo("created");
        assertThat(sandbox.records("taxes")).extracting(tax -> tax.get("code")).containsExactlyInAnyOrder("a", "b", "c", "d");

        assertThat(send("lago:taxes?operation=upsert", noCode).getException()).hasMessageContaining("needs the object's code");
        assertThat(send("lago:taxes?operation=upsert&id=a", with(noCode, "code", "b")).getException())
                .hasMessageContaining("The endpoint states the code a, but the body has b");
    }

    @Test
    void toDComputesTheKey() throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:dynamic").toD("lago:taxes?operation=upsert&id=${header.tax}");
            }
        });

        for (String code : List.of("a.b", "c&d", "a.b")) {
            send("direct:dynamic", Map.of("name", "VAT", "rate", 20), Map.of("tax", code));
        }

        assertThat(sandbox.records("taxes")).extracting(tax -> tax.get("code")).containsExactlyInAnyOrder("a.b", "c&d");
    }

    @Test
    void namesTheMissingPermission() {
        String uri = "lago:taxes?operation=upsert&apiKey=" + sandbox.createKey("tax:read");

        assertThat(send(uri + "&dryRun=true", TAX).getException()).isNull();
        assertThat(send(uri, TAX).getException()).isInstanceOf(LagoPermissionException.class)
                .hasMessageContaining("write");
    }

    @Test
    void aRecordThatWasReadCanBeSent() throws Exception {
        upsert("taxes", TAX);
        upsert("add_ons", Map.of("code", "setup", "name", "Setup", "amount_cents", 500, "amount_currency", "EUR", "tax_codes",
                List.of("vat")));
        upsert("coupons", Map.of("code", "c", "name", "C", "coupon_type", "percentage", "percentage_rate", "10", "frequency",
                "once", "expiration", "no_expiration"));
        upsert("customers", Map.of("external_id", "acme", "name", "Acme", "tax_codes", List.of("vat")));
        upsert("billing_entities", Map.of("code", "fr", "name", "FR"));

        for (String resource : List.of("taxes", "add_ons", "coupons", "customers", "billing_entities")) {
            String key = map(sandbox.records(resource).get(0))
                    .getOrDefault("external_id", sandbox.records(resource).get(0).get("code"))
                    .toString();
            Map<String, Object> record = map(
                    sent("lago:" + resource + "?operation=get&id=" + key, null).getMessage().getBody());

            assertThat(upsert(resource, record)).as(resource).isEqualTo("unchanged");

            sandbox.remove(resource, (String) one(resource, key).get("lago_id"));
            assertThat(upsert(resource, record)).as(resource).isEqualTo("created");
            assertThat(one(resource, key).get("lago_id")).isNotEqualTo(record.get("lago_id"));
        }
        assertThat(map(((List<?>) one("add_ons", "setup").get("taxes")).get(0))).containsEntry("code", "vat");
    }

    @Test
    void failsIfLagoIgnoresAField() throws Exception {
        upsert("features", Map.of("code", "seats", "privileges", List.of(Map.of("code", "max", "value_type", "integer"))));
        sandbox.faults().on("PUT", "/features/*").every().body(
                "{\"feature\":{\"code\":\"seats\",\"name\":\"old\",\"privileges\":[]}}");

        Exchange exchange = send("lago:features?operation=upsert", Map.of("code", "seats", "name", "new"));

        assertThat(exchange.getException()).isInstanceOfSatisfying(LagoNotAppliedException.class, e -> {
            assertThat(e.getErrorDetails()).containsOnlyKeys("name");
            assertThat(e.mayHaveBeenProcessed()).isTrue();
        }).hasMessageContaining("Lago accepted PUT features/seats but left other values in: name");
    }
}
