package io.github.camellago.test;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class UsageTest {

    private static final Instant NOW = Instant.parse("2026-03-16T12:00:00Z");

    @RegisterExtension
    static LagoSandboxExtension lago = new LagoSandboxExtension(LagoSandbox.builder().clock(Clock.fixed(NOW, ZoneOffset.UTC)));

    LagoSandbox sandbox;
    Api api;
    int sent;

    @BeforeEach
    void prepare() {
        sandbox = lago.sandbox();
        api = new Api(sandbox);
        api.create("customers", "customer", Map.of("external_id", "acme"));
    }

    private void subscribe(String aggregation, String model, Map<String, ?> properties) {
        subscribe(aggregation, Map.of("charge_model", model, "properties", properties));
    }

    private void subscribe(String aggregation, Map<String, ?> charge) {
        Api.Answer metric = api.create("billable_metrics", "billable_metric",
                Map.of("code", "m", "name", "M", "aggregation_type", aggregation, "field_name", "v"));
        Map<String, Object> whole = new HashMap<>(charge);
        whole.put("billable_metric_id", metric.at("billable_metric.lago_id"));
        api.create("plans", "plan",
                Map.of("code", "p", "name", "P", "interval", "monthly", "amount_cents", 0, "amount_currency", "EUR",
                        "pay_in_advance", false, "charges", List.of(whole)));
        api.create("subscriptions", "subscription", Map.of("external_customer_id", "acme", "plan_code", "p", "external_id", "s",
                "subscription_at", "2026-01-10T08:00:00Z"));
    }

    private void event(Instant at, Map<String, ?> properties) {
        api.ok("POST", "/events",
                Map.of("event", Map.of("transaction_id", "t" + sent++, "external_subscription_id", "s", "code", "m",
                        "timestamp", at.getEpochSecond(), "properties", properties)));
    }

    private void events(Object... values) {
        for (int i = 0; i < values.length; i++) {
            event(NOW.minusSeconds(values.length - i), Map.of("v", values[i]));
        }
    }

    private Api.Answer usage() {
        return api.ok("GET", "/customers/acme/current_usage?external_subscription_id=s", null);
    }

    @ParameterizedTest
    @CsvSource({"count_agg, 4.0, 400", "sum_agg, 12.5, 1250", "max_agg, 5.0, 500", "unique_count_agg, 2.0, 200",
            "latest_agg, 2.5, 250"})
    void aggregatesTheFieldOfTheMetric(String aggregation, String units, int cents) {
        subscribe(aggregation, "standard", Map.of("amount", "1"));
        events(5, "2.5", 2.5, "2.5");
        Api.Answer usage = usage();
        assertThat(usage.at("customer_usage.charges_usage.0.units")).isEqualTo(units);
        assertThat(usage.number("customer_usage.amount_cents")).isEqualTo(String.valueOf(cents));
        assertThat(usage.number("customer_usage.charges_usage.0.events_count")).isEqualTo("4");
    }

    @Test
    void subtractsRemovedValuesFromUniqueCounts() {
        subscribe("unique_count_agg", "standard", Map.of("amount", "1"));
        event(NOW.minusSeconds(9), Map.of("v", "a"));
        event(NOW.minusSeconds(8), Map.of("v", "b"));
        event(NOW.minusSeconds(7), Map.of("v", "a", "operation_type", "remove"));
        assertThat(usage().at("customer_usage.charges_usage.0.units")).isEqualTo("1.0");
    }

    @Test
    void weightsSumsByTheRestOfThePeriod() {
        subscribe("weighted_sum_agg", "standard", Map.of("amount", "1"));
        event(Instant.parse("2026-03-01T00:00:00Z"), Map.of("v", 31));
        event(Instant.parse("2026-03-16T00:00:00Z"), Map.of("v", 31));
        assertThat(usage().at("customer_usage.charges_usage.0.units")).isEqualTo("47.0");
    }

    @Test
    void multipliesStandardChargesExactly() {
        subscribe("sum_agg", "standard", Map.of("amount", "0.0035"));
        events("1000", "0.1");
        assertThat(usage().number("customer_usage.amount_cents")).isEqualTo("350");
        assertThat(usage().at("customer_usage.currency")).isEqualTo("EUR");
    }

    @Test
    void roundsPackagesUp() {
        subscribe("sum_agg", "package", Map.of("amount", "2", "package_size", 10, "free_units", 5));
        events(26);
        assertThat(usage().number("customer_usage.amount_cents")).isEqualTo("600");
    }

    @Test
    void chargesARateAndAFixedAmountForPercentages() {
        subscribe("sum_agg", "percentage", Map.of("rate", "1.5", "fixed_amount", "0.10"));
        events(100, 300);
        assertThat(usage().number("customer_usage.amount_cents")).isEqualTo("620");
    }

    @Test
    void chargesEachRangeOfGraduatedCharges() {
        subscribe("sum_agg", "graduated", Map.of("graduated_ranges", List.of(
                Map.of("from_value", 0, "to_value", 10, "per_unit_amount", "1", "flat_amount", "5"),
                Map.of("from_value", 11, "per_unit_amount", "0.5", "flat_amount", "2"))));
        events(14);
        assertThat(usage().number("customer_usage.amount_cents")).isEqualTo("1900");
    }

    @Test
    void chargesOneRangeForVolumeCharges() {
        subscribe("sum_agg", "volume", Map.of("volume_ranges", List.of(
                Map.of("from_value", 0, "to_value", 10, "per_unit_amount", "1", "flat_amount", "0"),
                Map.of("from_value", 11, "per_unit_amount", "0.5", "flat_amount", "1"))));
        events(12);
        assertThat(usage().number("customer_usage.amount_cents")).isEqualTo("700");
    }

    @Test
    void pricesEventsOfFiltersSeparately() {
        subscribe("sum_agg",
                Map.of("charge_model", "standard", "properties", Map.of("amount", "1"), "filters",
                        List.of(Map.of("values", Map.of("region", List.of("eu")), "properties", Map.of("amount", "3")))));
        event(NOW, Map.of("v", 2, "region", "eu"));
        event(NOW, Map.of("v", 5, "region", "us"));
        Api.Answer usage = usage();
        assertThat(usage.number("customer_usage.amount_cents")).isEqualTo("1100");
        assertThat(usage.at("customer_usage.charges_usage.0.filters.0.units")).isEqualTo("2.0");
        assertThat(usage.at("customer_usage.charges_usage.0.units")).isEqualTo("7.0");
    }

    @Test
    void countsOnlyTheCurrentPeriod() {
        subscribe("count_agg", "standard", Map.of("amount", "1"));
        event(Instant.parse("2026-02-28T23:59:59Z"), Map.of());
        event(Instant.parse("2026-03-01T00:00:00Z"), Map.of());
        event(Instant.parse("2026-04-01T00:00:00Z"), Map.of());
        Api.Answer usage = usage();
        assertThat(usage.at("customer_usage.charges_usage.0.units")).isEqualTo("1.0");
        assertThat(usage.at("customer_usage.from_datetime")).isEqualTo("2026-03-01T00:00:00Z");
        assertThat(usage.at("customer_usage.to_datetime")).isEqualTo("2026-03-31T23:59:59Z");
    }

    @Test
    void addsTaxesUnlessDisabled() {
        api.create("taxes", "tax", Map.of("code", "vat", "name", "VAT", "rate", "10", "applied_to_organization", true));
        subscribe("count_agg", "standard", Map.of("amount", "1"));
        events(1, 2);
        assertThat(usage().number("customer_usage.total_amount_cents")).isEqualTo("220");
        assertThat(api.get("/customers/acme/current_usage?external_subscription_id=s&apply_taxes=false")
                .number("customer_usage.total_amount_cents")).isEqualTo("200");
    }

    @Test
    void requiresAnActiveSubscription() {
        subscribe("count_agg", "standard", Map.of("amount", "1"));
        assertThat(api.get("/customers/acme/current_usage").code()).isEqualTo("no_active_subscription");
        Api.Answer none = api.get("/customers/acme/current_usage?external_subscription_id=x");
        assertThat(none.status()).isEqualTo(405);
        assertThat(none.code()).isEqualTo("no_active_subscription");
        assertThat(api.get("/customers/x/current_usage?external_subscription_id=s").code()).isEqualTo("resource_not_found");
    }

    @Test
    void listsPastUsageByPeriod() {
        subscribe("count_agg", "standard", Map.of("amount", "1"));
        event(Instant.parse("2026-02-10T00:00:00Z"), Map.of());
        Api.Answer past = api.ok("GET", "/customers/acme/past_usage?external_subscription_id=s", null);
        List<String> from = new ArrayList<>(past.each("usage_periods", "from_datetime"));
        assertThat(from).containsExactly("2026-02-01T00:00:00Z", "2026-01-10T00:00:00Z");
        assertThat(past.each("usage_periods", "amount_cents")).startsWith("100");
        assertThat(past.number("meta.total_count")).isEqualTo("2");
    }

    @Test
    void projectsUsageToTheEndOfThePeriod() {
        subscribe("count_agg", "standard", Map.of("amount", "1"));
        events(1, 2, 3);
        Api.Answer projected = api.ok("GET", "/customers/acme/projected_usage?external_subscription_id=s", null);
        assertThat(projected.number("customer_projected_usage.amount_cents")).isEqualTo("300");
        assertThat(projected.number("customer_projected_usage.projected_amount_cents")).isEqualTo("600");
    }

    @Test
    void addsEarlierUsageToLifetimeUsage() {
        subscribe("count_agg", "standard", Map.of("amount", "1"));
        events(1, 2);
        Api.Answer set = api.ok("PUT", "/subscriptions/s/lifetime_usage",
                Map.of("lifetime_usage", Map.of("external_historical_usage_amount_cents", 700)));
        assertThat(set.number("lifetime_usage.external_historical_usage_amount_cents")).isEqualTo("700");
        assertThat(api.get("/subscriptions/s/lifetime_usage").number("lifetime_usage.current_usage_amount_cents"))
                .isEqualTo("200");
    }

    @Test
    void estimatesAnEventWithoutStoringIt() {
        subscribe("sum_agg", "standard", Map.of("amount", "0.5"));
        Map<String, Object> event = Map.of("code", "m", "external_subscription_id", "s", "properties", Map.of("v", 4));
        for (String path : new String[]{"/events/estimate_fees", "/events/estimate_instant_fees"}) {
            assertThat(api.ok("POST", path, Map.of("event", event)).number("fees.0.amount_cents")).isEqualTo("200");
        }
        assertThat(api.ok("POST", "/events/batch_estimate_instant_fees", Map.of("events", List.of(event, event))).json()
                .get("fees"))
                .hasSize(2);
        assertThat(sandbox.events()).isEmpty();
        assertThat(
                api.post("/events/estimate_fees", Map.of("event", Map.of("code", "x", "external_subscription_id", "s"))).code())
                .isEqualTo("billable_metric_not_found");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "event.properties.a + event.properties.b * 2 | 11",
            "(event.properties.a + event.properties.b) * 2 | 14",
            "round(event.properties.a / event.properties.b, 2) | 0.75",
            "ceil(event.properties.a / 2) | 2",
            "concat(event.code, '-', event.properties.a) | m-3"})
    void evaluatesExpressions(String expression, String value) {
        Map<String, Object> event = Map.of("code", "m", "properties", Map.of("a", 3, "b", "4"));
        Api.Answer answer = api.ok("POST", "/billable_metrics/evaluate_expression",
                Map.of("expression", expression, "event", event));
        assertThat(answer.at("expression_result.value")).isEqualTo(value);
    }

    @Test
    void rejectsAnInvalidExpression() {
        Map<String, Object> event = Map.of("code", "m", "properties", Map.of());
        for (String expression : new String[]{"1 +", "event.properties.none", "1 / 0", "nope(1)"}) {
            assertThat(api.post("/billable_metrics/evaluate_expression", Map.of("expression", expression, "event", event))
                    .status())
                    .isEqualTo(422);
        }
    }

    @Test
    void startsTheNextPeriodWithZero() {
        subscribe("count_agg", "standard", Map.of("amount", "1"));
        events(1, 2);
        sandbox.advance(Duration.ofDays(30));
        assertThat(usage().number("customer_usage.amount_cents")).isEqualTo("0");
    }
}
