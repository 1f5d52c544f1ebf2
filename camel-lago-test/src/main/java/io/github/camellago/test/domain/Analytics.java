package io.github.camellago.test.domain;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;

import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.Reply;

/**
 * Monthly figures, computed from the stored invoices and fees. One page without {@code meta}.
 */
final class Analytics {

    private static final List<String> COUNTED = List.of("invoices", "fees", "billing_entities");

    private final Context context;
    private final Map<String, List<Object>> kept = new HashMap<>();
    private List<Object> countedAt = List.of();

    Analytics(Context context) {
        this.context = context;
    }

    void register() {
        on("gross_revenue", "gross_revenues",
                call -> grouped(call, ofCustomer(call), "issuing_date", List.of("billing_entity_id"), this::total));
        on("invoice_collection", "invoice_collections",
                call -> grouped(call, finalized(), "issuing_date", List.of("payment_status"), this::total));
        on("mrr", "mrrs",
                call -> grouped(call,
                        invoice -> finalized().test(invoice) && "subscription".equals(invoice.get("invoice_type")),
                        "issuing_date", List.of(), (row, invoices) -> row.put("amount_cents", sum(invoices))));
        on("overdue_balance", "overdue_balances",
                call -> grouped(call,
                        invoice -> ofCustomer(call).test(invoice) && Boolean.TRUE.equals(invoice.get("payment_overdue")),
                        "payment_due_date", List.of(), (row, invoices) -> {
                            row.put("amount_cents", sum(invoices));
                            row.put("lago_invoice_ids", invoices.stream().map(invoice -> invoice.get("lago_id")).toList());
                        }));
        on("invoiced_usage", "invoiced_usages", this::invoicedUsage);
        context.router.on("GET", "/analytics/usage", "analytic", call -> Reply.of("usages", usage(call)));
    }

    private void on(String name, String root, Function<Call, List<Object>> figures) {
        context.router.on("GET", "/analytics/" + name, "analytic", call -> Reply.of(root, kept(name, call, figures)));
    }

    /** The figures are kept until a record or the day changes: to count a million invoices takes long. */
    private List<Object> kept(String name, Call call, Function<Call, List<Object>> figures) {
        List<Object> now = new ArrayList<>(List.of(context.clock.today()));
        COUNTED.forEach(table -> now.add(context.table(table).version()));
        if (!now.equals(countedAt)) {
            kept.clear();
            countedAt = now;
        }
        return kept.computeIfAbsent(name + call.query(), key -> figures.apply(call));
    }

    private static Predicate<Map<String, Object>> finalized() {
        return invoice -> "finalized".equals(invoice.get("status"));
    }

    private static Predicate<Map<String, Object>> ofCustomer(Call call) {
        return invoice -> finalized().test(invoice)
                && allows(call, "external_customer_id", Json.at(invoice, "customer.external_id"));
    }

    private void total(Map<String, Object> row, List<Map<String, Object>> invoices) {
        row.put("invoices_count", invoices.size());
        row.put("amount_cents", sum(invoices));
    }

    private static long sum(List<Map<String, Object>> invoices) {
        return FeeMaker.sum(invoices, "total_amount_cents");
    }

    private List<Object> grouped(Call call, Predicate<Map<String, Object>> which, String date, List<String> by,
            BiConsumer<Map<String, Object>, List<Map<String, Object>>> figures) {
        List<Map<String, Object>> invoices = context.table("invoices").all().stream().filter(which).filter(ofEntity(call))
                .filter(ofCurrency(call, "currency")).toList();
        return group(call, invoices, "currency", date, by, figures);
    }

    private Object value(Map<String, Object> record, String field) {
        if (!"billing_entity_id".equals(field)) {
            return Json.at(record, field);
        }
        Map<String, Object> entity = context.table("billing_entities").oneByKey(record.get("billing_entity_code"));
        return entity == null ? null : entity.get("lago_id");
    }

    /** The invoices of the billing entity of the call. All invoices if the entity does not exist. */
    private Predicate<Map<String, Object>> ofEntity(Call call) {
        String code = call.query("billing_entity_code");
        boolean known = code != null && context.table("billing_entities").oneByKey(code) != null;
        return invoice -> !known || code.equals(invoice.get("billing_entity_code"));
    }

    private List<Object> group(Call call, List<Map<String, Object>> records, String currency, String date, List<String> by,
            BiConsumer<Map<String, Object>, List<Map<String, Object>>> figures) {
        Map<List<Object>, List<Map<String, Object>>> groups = new HashMap<>();
        Set<String> months = months(call);
        for (Map<String, Object> record : records) {
            String month = month(record.get(date));
            if (month != null && (months.isEmpty() || months.contains(month))) {
                List<Object> head = new ArrayList<>(2 + by.size());
                head.add(month);
                head.add(record.get(currency));
                by.forEach(field -> head.add(value(record, field)));
                groups.computeIfAbsent(head, g -> new ArrayList<>()).add(record);
            }
        }
        Map<String, Object> rows = new TreeMap<>();
        groups.forEach((head, group) -> {
            Map<String, Object> row = Json.object("month", head.get(0), "currency", head.get(1));
            for (int i = 0; i < by.size(); i++) {
                row.put(by.get(i).substring(by.get(i).lastIndexOf('.') + 1), head.get(2 + i));
            }
            String order = row.toString();
            figures.accept(row, group);
            rows.put(order, row);
        });
        return new ArrayList<>(rows.values());
    }

    /** The last months in the number that the call asks for. Empty if it asks for none. */
    private Set<String> months(Call call) {
        Set<String> months = new LinkedHashSet<>();
        long count = Amounts.cents(call.query("months"));
        for (long i = 0; i < count; i++) {
            months.add(context.clock.today().minusMonths(i).withDayOfMonth(1) + "T00:00:00.000Z");
        }
        return months;
    }

    private static String month(Object date) {
        String text = Json.asText(date);
        return text == null || text.length() < 7 ? null : text.substring(0, 7) + "-01T00:00:00.000Z";
    }

    private static boolean allows(Call call, String parameter, Object value) {
        String asked = call.query(parameter);
        return asked == null || asked.isEmpty() || asked.equals(value);
    }

    private static Predicate<Map<String, Object>> ofCurrency(Call call, String field) {
        String asked = call.query("currency");
        return record -> asked == null || asked.isEmpty() || asked.toUpperCase(Locale.ROOT).equals(record.get(field));
    }

    /** Sorts by month, newest first, then by amount, highest first. */
    private List<Object> invoicedUsage(Call call) {
        Predicate<Map<String, Object>> ofEntity = ofEntity(call);
        List<Map<String, Object>> charges = context.table("fees").all().stream()
                .filter(fee -> "charge".equals(Json.at(fee, "item.type"))).filter(ofCurrency(call, "amount_currency"))
                .filter(fee -> ofEntity
                        .test(Objects.requireNonNullElse(context.table("invoices").byId(fee.get("lago_invoice_id")),
                                Map.of())))
                .toList();
        List<Object> rows = group(call, charges, "amount_currency", "created_at", List.of("item.code"),
                (row, fees) -> row.put("amount_cents", FeeMaker.sum(fees, "amount_cents")));
        rows.sort(Comparator.comparing((Object row) -> String.valueOf(Json.asObject(row).get("month")))
                .thenComparing(row -> Amounts.cents(Json.asObject(row).get("amount_cents"))).reversed());
        return rows;
    }

    /** Units by metric and day, week or month, from the stored events. */
    private List<Object> usage(Call call) {
        Map<String, List<Map<String, Object>>> byStartAndCode = new TreeMap<>();
        for (Map<String, Object> event : context.table("events").all()) {
            LocalDate day = LocalDate.parse(String.valueOf(event.get("timestamp")).substring(0, 10));
            boolean inside = (call.query("from_date") == null || day.toString().compareTo(call.query("from_date")) >= 0)
                    && (call.query("to_date") == null || day.toString().compareTo(call.query("to_date")) <= 0);
            if (inside && isWanted(call, event)) {
                byStartAndCode.computeIfAbsent(start(call, day) + "\n" + event.get("code"), d -> new ArrayList<>()).add(event);
            }
        }
        List<Object> rows = new ArrayList<>();
        byStartAndCode.forEach((startAndCode, events) -> {
            LocalDate start = LocalDate.parse(startAndCode.substring(0, 10));
            Map<String, Object> metric = metric(events.get(0));
            Periods all = Periods.of(Map.of(), Map.of(), context.clock.now());
            rows.add(Json.object("organization_id", context.organizationId, "start_of_period_dt", start.toString(),
                    "end_of_period_dt", end(call, start).toString(), "amount_currency",
                    call.query("currency") == null ? "USD" : call.query("currency"), "amount_cents", 0,
                    "billable_metric_code", events.get(0).get("code"), "units",
                    Amounts.text(Aggregation.units(metric, events, all)), "is_billable_metric_deleted", metric.isEmpty()));
        });
        return rows;
    }

    private static LocalDate start(Call call, LocalDate day) {
        return switch (String.valueOf(call.query("time_granularity"))) {
            case "weekly" -> day.with(DayOfWeek.MONDAY);
            case "monthly" -> day.withDayOfMonth(1);
            default -> day;
        };
    }

    private static LocalDate end(Call call, LocalDate start) {
        return switch (String.valueOf(call.query("time_granularity"))) {
            case "weekly" -> start.plusDays(6);
            case "monthly" -> start.plusMonths(1).minusDays(1);
            default -> start;
        };
    }

    private Map<String, Object> metric(Map<String, Object> event) {
        return Objects.requireNonNullElse(context.table("billable_metrics").oneByKey(event.get("code")), Map.of());
    }

    private boolean isWanted(Call call, Map<String, Object> event) {
        Map<String, Object> subscription = Objects.requireNonNullElse(
                context.table("subscriptions").oneByKey(event.get("external_subscription_id")), Map.of());
        Map<String, Object> customer = Objects.requireNonNullElse(
                context.table("customers").oneByKey(subscription.get("external_customer_id")), Map.of());
        return allows(call, "billable_metric_code", event.get("code"))
                & allows(call, "external_subscription_id", event.get("external_subscription_id"))
                & allows(call, "external_customer_id", customer.get("external_id"))
                & allows(call, "customer_country", customer.get("country"))
                & allows(call, "customer_type", customer.get("customer_type"))
                & allows(call, "plan_code", subscription.get("plan_code"))
                & allows(call, "is_billable_metric_recurring", String.valueOf(metric(event).getOrDefault("recurring", false)));
    }
}
