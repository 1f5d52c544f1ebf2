package io.github.camellago.operation;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TimeZone;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camellago.RouteTestSupport;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/** Values of filters: an empty one is refused, and so is one that Lago would ignore or misread. */
class FiltersTest extends RouteTestSupport {

    @ParameterizedTest
    @ValueSource(strings = {"lago:invoices?operation=list&filter.external_customer_id=",
            "lago:invoices?operation=list&filter.external_customer_id=%20", "lago:invoices?filter.status=",
            "lago:invoices?operation=list&filters=external_customer_id=", "lago:invoices?operation=list&filters=",
            "lago:invoices?operation=list&filters=%3B", "lago:invoices?operation=list&filters=status=draft%3B",
            "lago:invoices?operation=list&filter.status=draft&filters=status=failed",
            "lago:invoices?operation=list&filter.status=draft,,failed", "lago:invoices?operation=list&filter.status=draft,",
            "lago:invoices?operation=list&filter.metadata.team=", "lago:gadgets?httpMethod=GET&filter.owner=",
            "lago:invoices?operation=list&unknownFilters=send&filter.owner="})
    void rejectsEmptyFiltersOfAnEndpoint(String uri) {
        assertThatThrownBy(() -> context.getEndpoint(uri)).rootCause().isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> route(uri, "mock:never")).rootCause().isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void rejectsAFilterThatADynamicEndpointLeavesEmpty() throws Exception {
        sandbox.add("invoices", Map.of("number", "of another customer"));
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:customer")
                        .toD("lago:invoices?operation=list&filter.external_customer_id=${header.customer}");
            }
        });

        Exchange exchange = send("direct:customer", null);

        assertThat(exchange.getException()).hasMessageContaining("The filter external_customer_id is empty.")
                .hasMessageContaining("leave filter.external_customer_id out of the endpoint");
        assertThat(sandbox.requests()).isEmpty();
    }

    static Stream<Arguments> emptyValues() {
        return Stream
                .<Object>of("", " \t", List.of(), new String[0], new int[0], Map.of(), Arrays.asList("a", null),
                        List.of("a", " "),
                        new String[]{""}, Optional.empty())
                .map(value -> Arguments.of((Object) value));
    }

    @ParameterizedTest
    @MethodSource("emptyValues")
    void rejectsEmptyFiltersOfAMessage(Object value) {
        for (String filter : List.of("statuses", "external_customer_id")) {
            refused(Map.of(filter, value), "The filter " + filter + " is empty");
        }
        refused(Map.of("metadata", Map.of("team", value)), "is empty");
    }

    @Test
    void rejectsNullInAMessage() {
        refused(Collections.singletonMap("external_customer_id", null), "The filter external_customer_id is empty");
        refused(Map.of("metadata", Collections.singletonMap("team", null)), "The filter metadata[team] is empty");
        refused("external_customer_id=", "The filter external_customer_id is empty");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ";", " ; ", "status=draft;", "status=draft;;", ";status=draft"})
    void rejectsAHeaderWithoutAFilterInOneOfItsParts(String header) {
        refused(header, "is not of the form name=value;name=value");
    }

    @Test
    void valuesMayBeJsonNodesAndBytes() throws Exception {
        JsonNode json = new ObjectMapper().readTree(
                """
                        {"external_customer_id": "acme", "statuses": ["draft"], "amount_from": 5, "metadata": {"team": "a"}, "none": [null]}
                        """);
        List<String> expected = List.of("external_customer_id=acme", "statuses[]=draft", "amount_from=5", "metadata[team]=a");

        Map<String, Object> filters = new HashMap<>();
        List.of("external_customer_id", "statuses", "amount_from", "metadata")
                .forEach(name -> filters.put(name, json.get(name)));
        assertThat(queried("invoices", filters)).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(queried("invoices", ((ObjectNode) json.deepCopy()).without("none")))
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(queried("invoices", "external_customer_id=acme".getBytes())).containsExactly("external_customer_id=acme");
        assertThat(queried("invoices", Map.of("external_customer_id", "a".getBytes())))
                .containsExactly("external_customer_id=a");
        refused(Map.of("external_customer_id", NullNode.instance), "The filter external_customer_id is empty");
        refused(Map.of("statuses", json.get("none")), "The filter statuses is empty");
    }

    @Test
    void rejectsValuesThatAreNoTexts() {
        for (Object value : List.of(List.of("a").iterator(), Stream.of("a"), new Object(), List.of(List.of("a")))) {
            refused(Map.of("external_customer_id", value), "takes texts, numbers and dates, or a list of them, not ");
        }
        refused(Map.of("external_customer_id", Optional.of(Optional.empty())), "The filter external_customer_id is empty");
        refused(Map.of("metadata", Map.of("", "a")), "");
        refused("metadata.=a", "The filter metadata[] has an entry without a key");
    }

    @Test
    void rejectsTextThatIsNotUnicode() {
        String half = "a\ud800";
        for (Object filter : List.of("external_customer_id=" + half, Map.of("payment_status", List.of("failed", half)),
                Map.of("metadata", Map.of("team", half)), Map.of("metadata", Map.of(half, "blue")))) {
            refused(filter, " is not valid Unicode text");
        }
        assertThat(queried("invoices", "external_customer_id=a\ud83d\ude00?"))
                .containsExactly("external_customer_id=a\ud83d\ude00?");
    }

    @ParameterizedTest
    @CsvSource({"invoices?operation=list,customer_external_id=acme,external_customer_id=other",
            "invoices?operation=list,external_customer_id=acme,customer_external_id=other",
            "subscriptions?operation=list,overriden=true,overridden=false",
            "customers/acme/current_usage?filter.external_subscription_id=s,filter_by_charge_id=1,charge_id=2",
            "subscriptions/sub-1/alerts?operation=delete_all,status=pending,subscription_status=active"})
    void noHeaderOverrulesAFilterByItsOtherName(String uri, String stated, String header) {
        send("lago:" + uri + "&filter." + stated, null, Map.of("CamelLagoFilter", header));

        assertThat(sandbox.requests()).singleElement()
                .satisfies(r -> assertThat(r.query()).contains(stated).doesNotContain(header));
    }

    @Test
    void theHeaderMayBeAText() {
        assertThat(queried("invoices", "status = draft,failed; metadata.team=a=b")).containsExactlyInAnyOrder(
                "statuses[]=draft", "statuses[]=failed", "metadata[team]=a=b");
        refused("status=draft;status=failed", "has the filter status twice: write its values as a comma list");
    }

    static Stream<Arguments> dates() throws Exception {
        GregorianCalendar calendar = new GregorianCalendar(TimeZone.getTimeZone("Asia/Tokyo"));
        calendar.setTimeInMillis(Instant.parse("2026-01-31T22:30:00Z").toEpochMilli());
        Date date = Date.from(Instant.parse("2026-01-31T22:30:00Z"));
        return Stream.of(
                arguments("2026-01-31", "2026-01-31", "2026-01-31"),
                arguments("2026-01-31T22:30:00+02:00", "2026-01-31", "2026-01-31T22:30:00+02:00"),
                arguments(LocalDate.of(2026, 1, 31), "2026-01-31", "2026-01-31"),
                arguments(LocalDateTime.of(2026, 1, 31, 22, 30), "2026-01-31", "2026-01-31T22:30:00Z"),
                arguments(date.toInstant(), "2026-01-31", "2026-01-31T22:30:00Z"),
                arguments(OffsetDateTime.parse("2026-02-01T00:30:00+02:00"), "2026-02-01", "2026-01-31T22:30:00Z"),
                arguments(ZonedDateTime.parse("2026-01-31T23:30:00+01:00[Europe/Paris]"), "2026-01-31",
                        "2026-01-31T22:30:00Z"),
                arguments(date, "2026-01-31", "2026-01-31T22:30:00Z"),
                arguments(calendar, "2026-02-01", "2026-01-31T22:30:00Z"),
                arguments(new java.sql.Timestamp(date.getTime()), "2026-01-31", "2026-01-31T22:30:00Z"),
                arguments(java.sql.Date.valueOf("2026-01-31"), "2026-01-31", "2026-01-31"));
    }

    @ParameterizedTest
    @MethodSource("dates")
    void datesOfEveryTypeAreIso(Object value, String date, String dateTime) {
        assertThat(queried("invoices", Map.of("issuing_date_from", value))).containsExactly("issuing_date_from=" + date);
        assertThat(queried("fees", Map.of("created_at_from", value))).containsExactly("created_at_from=" + dateTime);
    }

    @Test
    void rejectsAnInstantThatIsNoDateOfLago() {
        refused(Map.of("issuing_date_from", Instant.MIN), "must be a date such as 2026-01-31");
        refused(Map.of("issuing_date_to", Instant.MAX), "must be a date such as 2026-01-31");
    }

    @Test
    void datesOfUnknownFiltersAreIso() {
        assertThat(queried("invoices", Map.of("paid_at_from", new Date(0)), "&unknownFilters=send"))
                .containsExactly("paid_at_from=1970-01-01T00:00:00Z");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", value = {
            "invoices      | payment_dispute_lost=false | must be true: Lago reads every other value as true too",
            "invoices      | issuing_date_from=31.1.2026 | must be a date such as 2026-01-31",
            "invoices      | issuing_date_to=2026-02-30 | must be a date",
            "invoices      | amount_from=ten | must be a number",
            "invoices      | currency=Euro | must be a currency code of three letters such as EUR",
            "credit_notes  | issuing_date_from=today | must be a date",
            "credit_notes  | self_billed=maybe | must be true or false",
            "credit_notes  | reason=odd | must be one of duplicated_charge, product_unsatisfactory,",
            "credit_notes  | types=credit,odd | The filter types=odd must be one of credit, refund, offset",
            "applied_coupons | status=ended | must be one of active, terminated",
            "subscriptions | status=active,paused | The filter status=paused must be one of pending, active, terminated,",
            "subscriptions | overridden=perhaps | must be true or false",
            "wallets/1/wallet_transactions | transaction_type=up | must be one of inbound, outbound",
            "activity_logs | from_date=soon | must be a date or an ISO 8601 date and time",
            "analytics/mrr | months=few | must be a whole number"})
    void rejectsValuesThatLagoWouldMisread(String resource, String filters, String message) {
        Exchange exchange = send("lago:" + resource + "?operation=list", null, Map.of("CamelLagoFilter", filters));

        assertThat(exchange.getException()).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(message);
        assertThat(sandbox.requests()).isEmpty();
        assertThatThrownBy(() -> context.getEndpoint("lago:" + resource + "?operation=list&filters=RAW(" + filters + ")"))
                .rootCause().hasMessageContaining(message);
    }

    @Test
    void rejectsAStatusThatWouldTerminateTheActiveSubscription() {
        assertThat(send("lago:subscriptions?operation=delete&id=sub-1", null, Map.of("CamelLagoFilter", "status=canceled"))
                .getException()).hasMessage("The filter status=canceled must be one of active, pending");
        assertThat(sandbox.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "subscriptions  | status=active                    | status[]=active",
            "subscriptions  | billing_entity_codes=eu          | billing_entity_codes[]=eu",
            "invoices       | billing_entity_codes=eu          | billing_entity_codes[]=eu",
            "invoices       | payment_dispute_lost=TRUE        | payment_dispute_lost=true",
            "invoices       | currency=eur                     | currency=EUR",
            "invoices       | payment_status=failed            | payment_statuses[]=failed",
            "applied_coupons | coupon_code=welcome             | coupon_code[]=welcome",
            "api_logs       | request_paths=/api/v1/events     | request_paths[]=/api/v1/events",
            "credit_notes   | refund_status=Pending            | refund_status[]=pending",
            "customers      | currencies=eur                   | currencies[]=EUR",
            "wallets        | billing_entity_codes=eu          | billing_entity_codes[]=eu"})
    void writesValuesAsLagoReadsThem(String resource, String filters, String query) {
        assertThat(queried(resource, filters)).containsExactly(query);
    }

    @Test
    void bothNamesOfOneParameterAreOne() {
        assertThat(queried("invoices", "status=draft;statuses=failed")).containsExactlyInAnyOrder("statuses[]=draft",
                "statuses[]=failed");
    }

    @Test
    void rejectsSeveralValuesWhereLagoReadsOne() {
        refused(Map.of("external_customer_id", List.of("a", "b")), "The filter external_customer_id takes one value, not 2");
        refused(Map.of("external_customer_id", Map.of("a", "b")),
                "The filter external_customer_id takes no entries, but values");
        refused("external_customer_id.x=y", "The filter external_customer_id takes no entries, but values");
        assertThat(queried("invoices", Map.of("external_customer_id", List.of("a,b"))))
                .containsExactly("external_customer_id=a,b");
    }

    @Test
    void numbersHaveNoExponent() {
        assertThat(queried("invoices", Map.of("amount_from", 1e7, "amount_to", new java.math.BigDecimal("1E+3"))))
                .containsExactlyInAnyOrder("amount_from=10000000", "amount_to=1000");
    }

    @Test
    void unknownFiltersAreSentIfAskedFor() {
        assertThat(queried("invoices", Map.of("owner", "a&b", "tags", List.of("x", "y"), "area", Map.of("k", "v")),
                "&unknownFilters=send&filter.color[]=red,blue")).containsExactlyInAnyOrder("owner=a&b", "tags[]=x", "tags[]=y",
                        "area[k]=v", "color[]=red", "color[]=blue");
        refused("owner=a", "has no filter owner. It has: amount_from,");
    }

    private void refused(Object filter, String message) {
        int before = sandbox.requests().size();
        Exchange exchange = send("lago:invoices?operation=list", null, Map.of("CamelLagoFilter", filter));

        assertThat(exchange.getException()).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(message);
        assertThat(sandbox.requests()).hasSize(before);
    }

    private List<String> queried(String resource, Object filter) {
        return queried(resource, filter, "");
    }

    /** The query that was sent, without the page. */
    private List<String> queried(String resource, Object filter, String options) {
        int before = sandbox.requests().size();
        send("lago:" + resource + "?operation=list" + options, null, Map.of("CamelLagoFilter", filter));
        assertThat(sandbox.requests()).hasSize(before + 1);
        return Stream.of(sandbox.requests().get(before).query().split("&"))
                .map(p -> URLDecoder.decode(p, StandardCharsets.UTF_8)).filter(p -> !p.matches("(per_)?page=.*")).toList();
    }
}
