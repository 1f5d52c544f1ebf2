package io.github.camellago.test.domain;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.LagoError;
import io.github.camellago.test.server.Reply;
import io.github.camellago.test.server.SandboxClock;

/**
 * Usage by charge of the subscription's plan, computed from the stored events.
 */
final class Usage {

    /** Filters of current usage, with the field of the charge that each filter compares. */
    private static final Map<String, String> FILTERS = Map.of("charge_id", "lago_id", "filter_by_charge_id", "lago_id",
            "charge_code", "code", "filter_by_charge_code", "code", "billable_metric_code", "billable_metric_code",
            "filter_by_metric_code", "billable_metric_code");

    /** The subscription and its plan. */
    private record Subject(Map<String, Object> customer, Map<String, Object> subscription, Map<String, Object> plan) {}

    /** Units and cents of a charge, or of one of its filters. */
    private record Line(BigDecimal units, BigDecimal cents, int events) {

        long rounded() {
            return Amounts.cents(cents);
        }

        Line plus(Line other) {
            return new Line(units.add(other.units), cents.add(other.cents), events + other.events);
        }
    }

    private final Context context;
    private final Subscriptions subscriptions;
    private final FeeMaker fees;

    Usage(Context context, Subscriptions subscriptions, FeeMaker fees) {
        this.context = context;
        this.subscriptions = subscriptions;
        this.fees = fees;
    }

    void register() {
        String customer = "/customers/{external_customer_id}";
        context.router.on("GET", customer + "/current_usage", "customer_usage", this::current);
        context.router.on("GET", customer + "/projected_usage", "customer_usage", this::projected);
        context.router.on("GET", customer + "/past_usage", "customer_usage", this::past);
    }

    private Subject subject(Call call) {
        if (context.table("customers").oneByKey(call.param("external_customer_id")) == null) {
            throw LagoError.notFound("resource");
        }
        Subject subject = active(call);
        if (subject == null) {
            throw LagoError.notAllowed("no_active_subscription");
        }
        return subject;
    }

    /** The customer's active subscription in the query, or null. */
    private Subject active(Call call) {
        Map<String, Object> customer = context.table("customers").oneByKey(call.param("external_customer_id"));
        if (customer == null) {
            return null;
        }
        return context.table("subscriptions").byKey(call.query("external_subscription_id")).stream()
                .filter(record -> customer.get("lago_id").equals(record.get("lago_customer_id")))
                .filter(record -> "active".equals(record.get("status"))).findFirst()
                .map(record -> new Subject(customer, record, subscriptions.plan(record))).orElse(null);
    }

    private Reply current(Call call) {
        Subject subject = subject(call);
        checkFilters(call, subject);
        Periods period = Periods.of(subject.subscription(), subject.plan(), context.clock.now())
                .since(subject.subscription().get("started_at"));
        Predicate<Map<String, Object>> wanted = wanted(call);
        return Reply.of("customer_usage", usage(subject, period, wanted, !"false".equals(call.query("apply_taxes"))));
    }

    private static Predicate<Map<String, Object>> wanted(Call call) {
        return charge -> FILTERS.entrySet().stream()
                .allMatch(filter -> allows(call, filter.getKey(), charge.get(filter.getValue())));
    }

    /** 404 if a filter names a charge that is not in the plan. */
    private static void checkFilters(Call call, Subject subject) {
        List<Map<String, Object>> charges = Json.asObjects(subject.plan().get("charges"));
        FILTERS.forEach((parameter, field) -> {
            String asked = call.query(parameter);
            if (asked != null && !asked.isEmpty() && charges.stream().noneMatch(charge -> asked.equals(charge.get(field)))) {
                throw LagoError.notFound("charge");
            }
        });
    }

    private static boolean allows(Call call, String parameter, Object value) {
        String asked = call.query(parameter);
        return asked == null || asked.isEmpty() || asked.equals(value);
    }

    private Reply projected(Call call) {
        License.require(context.variant.license().projectedUsage(), "projected_usage_not_enabled");
        Subject subject = subject(call);
        Periods period = Periods.of(subject.subscription(), subject.plan(), context.clock.now())
                .since(subject.subscription().get("started_at"));
        BigDecimal whole = BigDecimal.valueOf(Duration.between(period.from(), period.to()).toSeconds());
        BigDecimal passed = BigDecimal.valueOf(Math.max(1, Duration.between(period.from(), context.clock.now()).toSeconds()));
        BigDecimal factor = whole.divide(passed, MathContext.DECIMAL64);
        Map<String, Object> usage = usage(subject, period, charge -> true, !"false".equals(call.query("apply_taxes")));
        List<Object> charges = new ArrayList<>();
        long total = 0;
        for (Map<String, Object> line : Json.asObjects(usage.get("charges_usage"))) {
            long cents = Amounts.cents(Amounts.decimal(line.get("amount_cents")).multiply(factor));
            total += cents;
            charges.add(Json.with(line, "projected_units", Amounts.text(Amounts.decimal(line.get("units")).multiply(factor)
                    .setScale(2, RoundingMode.HALF_UP)), "projected_amount_cents", cents));
        }
        return Reply.of("customer_projected_usage",
                Json.with(usage, "projected_amount_cents", total, "charges_usage", charges));
    }

    /** The past billing periods since the start of the subscription, newest first. */
    private Reply past(Call call) {
        String external = call.query("external_subscription_id");
        if (external == null || external.isEmpty()) {
            throw LagoError.invalid("external_subscription_id", "value_is_mandatory");
        }
        String metric = call.query("billable_metric_code");
        if (metric != null && !metric.isEmpty()) {
            context.require("billable_metrics", metric);
        }
        Subject subject = active(call);
        if (subject == null) {
            return context.pager.list(call, "usage_periods", List.of(), period -> period);
        }
        Instant started = SandboxClock.parse(subject.subscription().get("started_at"));
        List<Map<String, Object>> periods = new ArrayList<>();
        Instant at = Periods.of(subject.subscription(), subject.plan(), context.clock.now()).from().minusSeconds(1);
        long most = call.query("periods_count") == null ? 120 : Amounts.cents(call.query("periods_count"));
        while (started != null && !at.isBefore(started) && periods.size() < most) {
            Periods period = Periods.of(subject.subscription(), subject.plan(), at);
            periods.add(usage(subject, period.since(subject.subscription().get("started_at")), wanted(call), true));
            at = period.from().minusSeconds(1);
        }
        return context.pager.list(call, "usage_periods", periods, period -> period);
    }

    private Map<String, Object> usage(Subject subject, Periods period, Predicate<Map<String, Object>> wanted, boolean taxed) {
        List<Object> lines = new ArrayList<>();
        long cents = 0;
        long taxes = 0;
        for (Map<String, Object> charge : Json.asObjects(subject.plan().get("charges"))) {
            Map<String, Object> metric = context.table("billable_metrics").byId(charge.get("lago_billable_metric_id"));
            if (metric == null || !wanted.test(charge)) {
                continue;
            }
            Map<String, Object> shown = line(subject, charge, metric, period);
            lines.add(shown);
            long amount = Amounts.cents(shown.get("amount_cents"));
            cents += amount;
            for (Map<String, Object> tax : taxed
                    ? fees.taxes(Map.of(), charge, subject.customer())
                    : List.<Map<String, Object>>of()) {
                taxes += Amounts.percent(amount, Amounts.decimal(tax.get("rate"), BigDecimal.ZERO));
            }
        }
        return Json.object("from_datetime", SandboxClock.text(period.from()), "to_datetime", SandboxClock.text(period.to()),
                "issuing_date", SandboxClock.text(period.to().plusSeconds(1)).substring(0, 10), "lago_invoice_id", null,
                "currency",
                subject.plan().get("amount_currency"), "amount_cents", cents, "taxes_amount_cents", taxes, "total_amount_cents",
                cents + taxes, "charges_usage", lines);
    }

    private Map<String, Object> line(Subject subject, Map<String, Object> charge, Map<String, Object> metric, Periods period) {
        List<Map<String, Object>> events = events(subject, metric, period);
        List<Object> filters = new ArrayList<>();
        Line total = new Line(BigDecimal.ZERO, BigDecimal.ZERO, 0);
        for (Map<String, Object> filter : Json.asObjects(charge.get("filters"))) {
            List<Map<String, Object>> mine = events.stream().filter(event -> matches(filter, event)).toList();
            events = events.stream().filter(event -> !matches(filter, event)).toList();
            Line line = price(charge, Json.asObject(filter.get("properties")), metric, mine, period);
            total = total.plus(line);
            filters.add(Json.object("units", Amounts.text(line.units()), "total_aggregated_units", Amounts.text(line.units()),
                    "amount_cents", line.rounded(), "events_count", line.events(), "invoice_display_name",
                    filter.get("invoice_display_name"), "values", filter.get("values")));
        }
        total = total.plus(price(charge, Json.asObject(charge.get("properties")), metric, events, period));
        String units = Amounts.text(total.units());
        return Json.object("units", units, "total_aggregated_units", units, "events_count", total.events(), "amount_cents",
                total.rounded(), "amount_currency", subject.plan().get("amount_currency"), "charge",
                Json.object("lago_id", charge.get("lago_id"), "charge_model", charge.get("charge_model"),
                        "invoice_display_name",
                        charge.get("invoice_display_name")),
                "billable_metric",
                Json.object("lago_id", metric.get("lago_id"), "name", metric.get("name"), "code", metric.get("code"),
                        "aggregation_type", metric.get("aggregation_type")),
                "filters", filters, "grouped_usage", List.of());
    }

    private static Line price(Map<String, Object> charge, Map<String, Object> properties, Map<String, Object> metric,
            List<Map<String, Object>> events, Periods period) {
        BigDecimal units = Aggregation.units(metric, events, period);
        BigDecimal exact = events.stream()
                .map(event -> Amounts.decimal(event.get("precise_total_amount_cents"), BigDecimal.ZERO))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        return new Line(units, Pricing.cents(charge.get("charge_model"), properties, units, events.size(), exact),
                events.size());
    }

    private List<Map<String, Object>> events(Subject subject, Map<String, Object> metric, Periods period) {
        Object external = subject.subscription().get("external_id");
        Instant end = period.to().plusSeconds(1);
        return context.table("events").all().stream()
                .filter(event -> external.equals(event.get("external_subscription_id"))
                        && metric.get("code").equals(event.get("code")))
                .filter(event -> {
                    Instant at = SandboxClock.parse(event.get("timestamp"));
                    return at != null && !at.isBefore(period.from()) && at.isBefore(end);
                }).toList();
    }

    private static boolean matches(Map<String, Object> filter, Map<String, Object> event) {
        Map<String, Object> properties = Json.asObject(event.get("properties"));
        return Json.asObject(filter.get("values")).entrySet().stream()
                .allMatch(entry -> Json.asStrings(entry.getValue()).contains(String.valueOf(properties.get(entry.getKey()))));
    }

    /** The amount of the current period in cents. */
    long currentCents(Map<String, Object> subscription) {
        Map<String, Object> customer = context.table("customers").byId(subscription.get("lago_customer_id"));
        Subject subject = new Subject(customer == null ? Map.of() : customer, subscription, subscriptions.plan(subscription));
        Periods period = Periods.of(subscription, subject.plan(), context.clock.now()).since(subscription.get("started_at"));
        return Amounts.cents(usage(subject, period, charge -> true, false).get("amount_cents"));
    }
}
