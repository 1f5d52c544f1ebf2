package io.github.camellago.test.domain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Ids;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.LagoError;
import io.github.camellago.test.server.Reply;
import io.github.camellago.test.server.SandboxClock;
import io.github.camellago.test.server.Validation;
import io.github.camellago.test.server.Values;

/**
 * Invoices. A draft can be finalized, refreshed and deleted. A finalized invoice can be voided, disputed and paid.
 */
final class Invoices extends Crud {

    private static final List<String> VISIBLE = List.of("draft", "finalized", "voided", "failed", "pending");

    private final FeeMaker fees;
    private final InvoiceMaker maker;
    private final Files files;
    private final WalletTransactions walletTransactions;
    private List<Map<String, Object>> all = List.of();
    private List<Map<String, Object>> visible = List.of();

    Invoices(Context context, FeeMaker fees, InvoiceMaker maker, Files files, WalletTransactions walletTransactions) {
        super(context, "invoices");
        this.fees = fees;
        this.maker = maker;
        this.files = files;
        this.walletTransactions = walletTransactions;
    }

    @Override
    void register() {
        on("GET", "/invoices", call -> list(call, visible()));
        on("POST", "/invoices", this::create);
        on("GET", "/invoices/{lago_id}", this::get);
        on("PUT", "/invoices/{lago_id}", this::update);
        on("DELETE", "/invoices/{lago_id}", this::delete);
        files.register(this, this::issued);
        verb("PUT", "finalize", this::finalizeDraft);
        verb("PUT", "refresh", this::refresh);
        verb("POST", "retry", this::retry);
        verb("POST", "lose_dispute", this::loseDispute);
        on("POST", "/invoices/{lago_id}/void", this::voidInvoice);
        on("POST", "/invoices/{lago_id}/payment_url", this::paymentUrl);
        on("POST", "/invoices/{lago_id}/retry_payment", this::retryPayment);
        on("PUT", "/invoices/{lago_id}/sync_salesforce_id", this::syncSalesforceId);
    }

    private void verb(String method, String name, UnaryOperator<Map<String, Object>> action) {
        on(method, "/invoices/{lago_id}/" + name, call -> reply(action.apply(find(call))));
    }

    private List<Map<String, Object>> visible() {
        List<Map<String, Object>> now = table.all();
        if (now != all) {
            all = now;
            visible = now.stream().filter(this::isVisible).toList();
        }
        return visible;
    }

    private boolean isVisible(Map<String, Object> invoice) {
        return VISIBLE.contains(invoice.get("status"));
    }

    @Override
    Reply list(Call call, List<Map<String, Object>> records) {
        String partially = call.query("partially_paid");
        if (partially == null || partially.isEmpty()) {
            return super.list(call, records);
        }
        return super.list(call,
                records.stream().filter(invoice -> isPartiallyPaid(invoice) == Values.isTrue(partially)).toList());
    }

    private static boolean isPartiallyPaid(Map<String, Object> invoice) {
        long paid = Amounts.cents(invoice.get("total_paid_amount_cents"));
        return paid > 0 && paid < Amounts.cents(invoice.get("total_amount_cents"));
    }

    /** The visible invoice of the path. 404 if it does not exist. */
    @Override
    Map<String, Object> find(Call call) {
        Map<String, Object> invoice = super.find(call);
        if (!isVisible(invoice)) {
            throw LagoError.notFound("invoice");
        }
        return invoice;
    }

    @Override
    Reply create(Call call) {
        Map<String, Object> given = call.root("invoice");
        Map<String, Object> customer = context.customer(given.get("external_customer_id"));
        List<Map<String, Object>> asked = Json.asObjects(given.get("fees"));
        if (asked.isEmpty()) {
            throw LagoError.notFound("fees");
        }
        asked.forEach(fee -> context.require("add_ons", fee.get("add_on_code")));
        checkBillingEntity(given);
        Validation validation = new Validation();
        for (Map<String, Object> fee : asked) {
            Instant from = SandboxClock.parse(fee.get("from_datetime"));
            Instant to = SandboxClock.parse(fee.get("to_datetime"));
            boolean none = fee.get("from_datetime") == null && fee.get("to_datetime") == null;
            if (!none && (from == null || to == null || from.isAfter(to))) {
                throw LagoError.invalid("boundaries", "values_are_invalid");
            }
        }
        validation.format(given, "currency", "currency").check();
        Object currency = given.get("currency") != null ? given.get("currency") : customer.get("currency");
        if (currency == null) {
            currency = context.require("add_ons", asked.get(0).get("add_on_code")).get("amount_currency");
        }
        List<Map<String, Object>> made = new ArrayList<>();
        for (Map<String, Object> one : asked) {
            made.add(fees.addOnFee(customer, String.valueOf(currency), one));
        }
        Map<String, Object> invoice = maker.issue(customer, "one_off", currency, made, given);
        context.changed("invoice.one_off_created", "invoice", shown(invoice));
        return reply(invoice);
    }

    @Override
    Map<String, Object> update(Map<String, Object> invoice, Map<String, Object> given) {
        if ("voided".equals(invoice.get("status"))) {
            throw LagoError.notAllowed("update_on_voided_invoice");
        }
        Validation.update(resource, given).check();
        Map<String, Object> changes = new LinkedHashMap<>();
        if (given.get("payment_status") != null) {
            if ("draft".equals(invoice.get("status"))) {
                throw LagoError.notAllowed("payment_status_update_on_draft_invoice");
            }
            changes.put("payment_status", given.get("payment_status"));
        }
        if (given.containsKey("metadata")) {
            List<Object> entries = new ArrayList<>();
            Json.asObjects(given.get("metadata")).forEach(entry -> entries.add(Json.object("lago_id",
                    entry.get("id") == null ? Ids.next() : entry.get("id"), "key", entry.get("key"), "value",
                    entry.get("value"),
                    "created_at", context.now())));
            changes.put("metadata", entries);
        }
        Map<String, Object> updated = set(invoice, changes);
        if ("succeeded".equals(given.get("payment_status"))) {
            updated = paid(updated, Amounts.cents(invoice.get("total_amount_cents")));
        }
        if (given.get("payment_status") != null) {
            context.changed("invoice.payment_status_updated", "invoice", shown(updated));
        }
        return updated;
    }

    /** Records a total payment of {@code total} cents. If the invoice is fully paid, its purchases take effect. */
    Map<String, Object> paid(Map<String, Object> invoice, long total) {
        long due = Amounts.cents(invoice.get("total_amount_cents")) - total;
        Map<String, Object> changes = Json.object("total_paid_amount_cents", total, "total_due_amount_cents", Math.max(0, due));
        if (due <= 0) {
            changes.put("payment_status", "succeeded");
            changes.put("payment_overdue", false);
            walletTransactions.addPurchasedCredits(invoice.get("lago_id"));
        }
        return set(invoice, changes);
    }

    @Override
    void checkDelete(Map<String, Object> invoice) {
        if (!"draft".equals(invoice.get("status"))) {
            throw LagoError.notAllowed("not_deletable");
        }
        context.changed("invoice.deleted", "invoice", shown(invoice));
    }

    private Map<String, Object> finalizeDraft(Map<String, Object> invoice) {
        if (!"draft".equals(invoice.get("status"))) {
            throw LagoError.notFound("invoice");
        }
        Map<String, Object> customer = Json.asObject(invoice.get("customer"));
        Map<String, Object> changes = customer.get("external_id") == null ? Json.object() : maker.number(customer);
        changes.putAll(Json.object("status", "finalized", "issuing_date", context.today()));
        Map<String, Object> finalized = set(invoice, changes);
        context.changed("invoice.created", "invoice", shown(finalized));
        return finalized;
    }

    /** Recomputes a draft. Other invoices of subscriptions are returned unchanged. */
    private Map<String, Object> refresh(Map<String, Object> invoice) {
        if (!"subscription".equals(invoice.get("invoice_type"))) {
            throw LagoError.forbidden("feature_unavailable");
        }
        return "draft".equals(invoice.get("status")) ? set(invoice, Map.of()) : invoice;
    }

    private Map<String, Object> retry(Map<String, Object> invoice) {
        if (!"failed".equals(invoice.get("status"))) {
            throw LagoError.notAllowed("invalid_status");
        }
        return set(invoice, Json.object("status", "pending"));
    }

    private Map<String, Object> loseDispute(Map<String, Object> invoice) {
        if (!List.of("finalized", "voided").contains(invoice.get("status"))) {
            throw LagoError.notAllowed("not_disputable");
        }
        Map<String, Object> lost = set(invoice, Json.object("payment_dispute_lost_at", context.now()));
        context.changed("invoice.payment_dispute_lost", "payment_dispute_lost", Json.with(shown(lost), "provider_error", null));
        return lost;
    }

    private Reply voidInvoice(Call call) {
        Map<String, Object> invoice = find(call);
        if (Boolean.TRUE.equals(call.json().get("generate_credit_note"))) {
            context.variant.license().requirePremium();
        }
        long credited = Amounts.cents(call.json().get("refund_amount")) + Amounts.cents(call.json().get("credit_amount"));
        if (credited > Amounts.cents(invoice.get("total_amount_cents"))) {
            throw LagoError.invalid("credit_refund_amount", "total_amount_exceeds_invoice_amount");
        }
        if (!"finalized".equals(invoice.get("status"))) {
            throw LagoError.notAllowed("not_voidable");
        }
        Map<String, Object> voided = set(invoice,
                Json.object("status", "voided", "voided_at", context.now(), "payment_overdue", false));
        context.changed("invoice.voided", "invoice", shown(voided));
        return reply(voided);
    }

    private Reply paymentUrl(Call call) {
        Map<String, Object> invoice = find(call);
        Map<String, Object> customer = context.table("customers").byId(Json.at(invoice, "customer.lago_id"));
        Object provider = Json.at(customer == null ? Map.of() : customer, "billing_configuration.payment_provider");
        if (provider == null) {
            throw LagoError.invalid("base", "no_linked_payment_provider");
        }
        if (List.of("draft", "voided").contains(invoice.get("status")) || "succeeded".equals(invoice.get("payment_status"))) {
            throw LagoError.invalid("base", "invalid_invoice_status_or_payment_status");
        }
        return Reply.of("invoice_payment_details", Json.object("lago_customer_id", Json.at(invoice, "customer.lago_id"),
                "lago_invoice_id", invoice.get("lago_id"), "external_customer_id", Json.at(invoice, "customer.external_id"),
                "payment_provider", provider, "payment_url", context.baseUrl + "/checkout/" + Ids.next()));
    }

    /** Each call tries to charge the customer again. */
    private Reply retryPayment(Call call) {
        Map<String, Object> invoice = find(call);
        if (!"finalized".equals(invoice.get("status")) || "succeeded".equals(invoice.get("payment_status"))) {
            throw LagoError.notAllowed("invalid_status");
        }
        Map<String, Object> attempt = context.table("payments").resource().fresh(Map.of());
        attempt.putAll(Json.object("lago_customer_id", Json.at(invoice, "customer.lago_id"), "external_customer_id",
                Json.at(invoice, "customer.external_id"), "invoice_ids", List.of(invoice.get("lago_id")), "lago_payable_id",
                invoice.get("lago_id"), "amount_cents", invoice.get("total_amount_cents"), "amount_currency",
                invoice.get("currency"),
                "status", "processing", "payment_status", "processing", "type", "provider", "payment_provider_type", "stripe"));
        context.table("payments").insert(attempt);
        return Reply.empty(200);
    }

    private Reply syncSalesforceId(Call call) {
        Map<String, Object> invoice = find(call);
        String integration = context.variant.license().salesforce();
        if (integration == null || !integration.equals(call.json().get("integration_code"))) {
            throw LagoError.notFound("integration");
        }
        return reply(set(invoice, Json.object("_salesforce_id", call.json().get("external_id"))));
    }

    private Map<String, Object> issued(Map<String, Object> invoice) {
        if (!List.of("finalized", "voided").contains(invoice.get("status"))) {
            throw LagoError.notFound("invoice");
        }
        return invoice;
    }

    private Map<String, Object> set(Map<String, Object> invoice, Map<String, Object> changes) {
        return table.update((String) invoice.get("lago_id"), changes);
    }

    @Override
    Map<String, Object> shown(Map<String, Object> invoice) {
        Map<String, Object> shown = listed(invoice);
        shown.putIfAbsent("billing_periods", List.of());
        shown.putIfAbsent("credits", List.of());
        shown.put("fees", context.where("fees", "lago_invoice_id", invoice.get("lago_id")));
        shown.putIfAbsent("subscriptions", List.of());
        shown.putIfAbsent("error_details", List.of());
        return shown;
    }

    @Override
    Map<String, Object> listed(Map<String, Object> invoice) {
        return super.shown(invoice);
    }
}
