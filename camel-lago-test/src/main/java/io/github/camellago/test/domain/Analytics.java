package io.github.camellago.test.domain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;

import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.Reply;

/**
 * Figures over months, newest first, added up from the invoices and fees that are stored. One page, no {@code meta}.
 */
final class Analytics {

    private final Context context;

    Analytics(Context context) {
        this.context = context;
    }

    void register() {
        on("gross_revenue", "gross_revenues",
                call -> grouped(call, finalized(), "currency", "issuing_date", List.of(), this::total));
        on("invoice_collection", "invoice_collections",
                call -> grouped(call, finalized(), "currency", "issuing_date", List.of("payment_status"), this::total));
        on("mrr", "mrrs",
                call -> grouped(call,
                        invoice -> finalized().test(invoice) && "subscription".equals(invoice.get("invoice_type")),
                        "currency", "issuing_date", List.of(), (row, invoices) -> row.put("amount_cents", sum(invoices))));
        on("overdue_balance", "overdue_balances",
                call -> grouped(call,
                        invoice -> finalized().test(invoice) && Boolean.TRUE.equals(invoice.get("payment_overdue")),
                        "currency", "payment_due_date", List.of(), (row, invoices) -> {
                            row.put("amount_cents", sum(invoices));
                            row.put("lago_invoice_ids", invoices.stream().map(invoice -> invoice.get("lago_id")).toList());
                        }));
        on("invoiced_usage", "invoiced_usages", this::invoicedUsage);
        on("usage", "usages", this::usage);
    }

    private void on(String name, String root, Function<Call, List<Object>> figures) {
        context.router.on("GET", "/analytics/" + name, "analytic", call -> Reply.of(root, figures.apply(call)));
    }

    private static Predicate<Map<String, Object>> finalized() {
        return invoice -> "finalized".equals(invoice.get("status"));
    }

    private void total(Map<String, Object> row, List<Map<String, Object>> invoices) {
        row.put("invoices_count", invoices.size());
        row.put("amount_cents", sum(invoices));
    }

    private static long sum(List<Map<String, Object>> invoices) {
        return FeeMaker.sum(invoices, "total_amount_cents");
    }

    private List<Object> grouped(Call call, Predicate<Map<String, Object>> which, String currency, String date, List<String> by,
            BiConsumer<Map<String, Object>, List<Map<String, Object>>> figures) {
        List<Map<String, Object>> invoices = context.table("invoices").all().stream().filter(which)
                .filter(invoice -> allows(call, "currency", invoice.get(currency)))
                .filter(invoice -> allows(call, "external_customer_id", Json.at(invoice, "customer.external_id"))).toList();
        return group(call, invoices, currency, date, by, figures);
    }

    private List<Object> group(Call call, List<Map<String, Object>> records, String currency, String date, List<String> by,
            BiConsumer<Map<String, Object>, List<Map<String, Object>>> figures) {
        Map<String, Map<String, Object>> heads = new TreeMap<>(Comparator.reverseOrder());
        Map<String, List<Map<String, Object>>> groups = new LinkedHashMap<>();
        Set<String> months = months(call);
        for (Map<String, Object> record : records) {
            String month = month(record.get(date));
            if (month == null || !months.isEmpty() && !months.contains(month)) {
                continue;
            }
            Map<String, Object> head = Json.object("month", month, "currency", record.get(currency));
            by.forEach(field -> head.put(field.substring(field.lastIndexOf('.') + 1), Json.at(record, field)));
            heads.put(head.toString(), head);
            groups.computeIfAbsent(head.toString(), g -> new ArrayList<>()).add(record);
        }
        List<Object> rows = new ArrayList<>();
        heads.forEach((group, head) -> {
            figures.accept(head, groups.get(group));
            rows.add(head);
        });
        return rows;
    }

    /** The last so many months, if the call asks for so many. */
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

    private List<Object> invoicedUsage(Call call) {
        List<Map<String, Object>> charges = context.table("fees").all().stream()
                .filter(fee -> "charge".equals(Json.at(fee, "item.type"))
                        && allows(call, "currency", fee.get("amount_currency")))
                .toList();
        return group(call, charges, "amount_currency", "created_at", List.of("item.code"),
                (row, fees) -> row.put("amount_cents", FeeMaker.sum(fees, "amount_cents")));
    }

    /** Units by metric and day, from the events stored. */
    private List<Object> usage(Call call) {
        Map<String, List<Map<String, Object>>> byDayAndCode = new TreeMap<>();
        for (Map<String, Object> event : context.table("events").all()) {
            String day = String.valueOf(event.get("timestamp")).substring(0, 10);
            boolean inside = (call.query("from_date") == null || day.compareTo(call.query("from_date")) >= 0)
                    && (call.query("to_date") == null || day.compareTo(call.query("to_date")) <= 0);
            if (inside && allows(call, "billable_metric_code", event.get("code"))
                    && allows(call, "external_subscription_id", event.get("external_subscription_id"))) {
                byDayAndCode.computeIfAbsent(day + event.get("code"), d -> new ArrayList<>()).add(event);
            }
        }
        List<Object> rows = new ArrayList<>();
        byDayAndCode.values().forEach(events -> {
            Object day = String.valueOf(events.get(0).get("timestamp")).substring(0, 10);
            Map<String, Object> metric = context.table("billable_metrics").oneByKey(events.get(0).get("code"));
            Periods all = Periods.of(Map.of(), Map.of(), context.clock.now());
            rows.add(Json.object("organization_id", context.organizationId, "start_of_period_dt", day, "end_of_period_dt", day,
                    "amount_currency", call.query("currency") == null ? "USD" : call.query("currency"), "amount_cents", 0,
                    "billable_metric_code", events.get(0).get("code"), "units",
                    Amounts.text(Aggregation.units(metric == null ? Map.of() : metric, events, all)),
                    "is_billable_metric_deleted",
                    metric == null));
        });
        return rows;
    }
}
