package io.github.camellago.test.domain;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Ids;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.LagoError;
import io.github.camellago.test.server.Reply;
import io.github.camellago.test.server.Validation;

/**
 * Purchased, granted and voided credits. A repeated create adds them again. Purchased credits create an invoice, and are added to the balance
 * when the invoice is paid.
 */
final class WalletTransactions extends Crud {

    private final FeeMaker fees;
    private final InvoiceMaker invoices;

    WalletTransactions(Context context, FeeMaker fees, InvoiceMaker invoices) {
        super(context, "wallet_transactions");
        this.fees = fees;
        this.invoices = invoices;
    }

    @Override
    void register() {
        super.register();
        on("POST", "/wallet_transactions", this::create);
        on("GET", "/wallets/{lago_id}/wallet_transactions", call -> list(call,
                context.where("wallet_transactions", "lago_wallet_id",
                        context.require("wallets", call.param("lago_id")).get("lago_id"))));
        on("POST", "/wallet_transactions/{lago_id}/payment_url", this::paymentUrl);
        links("consumptions", "_inbound", "_outbound", "inbound");
        links("fundings", "_outbound", "_inbound", "outbound");
    }

    private void links(String name, String mine, String other, String type) {
        on("GET", "/wallet_transactions/{lago_id}/" + name, call -> {
            Map<String, Object> transaction = find(call);
            if (!type.equals(transaction.get("transaction_type"))) {
                throw LagoError.invalid("transaction_type", "invalid_transaction_type");
            }
            return context.pager.list(call, "wallet_transaction_" + name,
                    context.where("wallet_transaction_links", mine, transaction.get("lago_id")),
                    link -> Json.object("lago_id", link.get("lago_id"), "amount_cents", link.get("amount_cents"),
                            "credit_amount",
                            link.get("credit_amount"), "created_at", link.get("created_at"), "wallet_transaction",
                            shown(table.byId(link.get(other)))));
        });
    }

    @Override
    Reply create(Call call) {
        Map<String, Object> given = call.root("wallet_transaction");
        Map<String, Object> wallet = context.table("wallets").byId(given.get("wallet_id"));
        Validation validation = new Validation();
        if (wallet == null) {
            validation.add("wallet_id", "wallet_not_found");
        } else if ("terminated".equals(wallet.get("status"))) {
            validation.add("wallet_id", "wallet_is_terminated");
        }
        credits(validation, given, "paid_credits");
        credits(validation, given, "granted_credits");
        BigDecimal voided = credits(validation, given, "voided_credits");
        if (wallet != null && voided.compareTo(Amounts.decimal(wallet.get("credits_balance"))) > 0) {
            validation.add("voided_credits", "insufficient_credits");
        }
        validation.check();
        return Reply.of("wallet_transactions", topUp(wallet, given).stream().map(this::shown).toList());
    }

    /** Adds the paid, granted and voided credits of {@code given}. */
    List<Map<String, Object>> topUp(Map<String, Object> wallet, Map<String, Object> given) {
        BigDecimal paid = Amounts.decimal(given.get("paid_credits"), BigDecimal.ZERO);
        BigDecimal granted = Amounts.decimal(given.get("granted_credits"), BigDecimal.ZERO);
        BigDecimal voided = Amounts.decimal(given.get("voided_credits"), BigDecimal.ZERO);
        List<Map<String, Object>> added = new ArrayList<>();
        if (paid.signum() > 0) {
            added.add(purchase(wallet, given, paid));
        }
        if (granted.signum() > 0) {
            added.add(settledTransaction(wallet, given, granted, "granted", "inbound"));
        }
        if (voided.signum() > 0) {
            Map<String, Object> out = settledTransaction(wallet, given, voided, "voided", "outbound");
            consume(wallet, out, voided);
            added.add(out);
        }
        added.forEach(one -> context.changed("wallet_transaction.created", "wallet_transaction", shown(one)));
        return added;
    }

    /** The credits in a field. They must be a string: Lago rejects numbers. */
    static BigDecimal credits(Validation validation, Map<String, Object> given, String field) {
        Object value = given.get(field);
        if (value == null) {
            return BigDecimal.ZERO;
        }
        BigDecimal credits = value instanceof String ? Amounts.decimal(value) : null;
        if (credits == null || credits.signum() < 0) {
            validation.add(field, "invalid_" + field).add(field, "invalid_amount");
            return BigDecimal.ZERO;
        }
        return credits;
    }

    private Map<String, Object> purchase(Map<String, Object> wallet, Map<String, Object> given, BigDecimal credits) {
        Map<String, Object> customer = context.customer(wallet.get("external_customer_id"));
        Map<String, Object> transaction = insert(wallet, given, credits, Json.object("transaction_status", "purchased",
                "transaction_type", "inbound", "status", "pending"));
        Map<String, Object> item = Json.object("type", "credit", "code", "credit", "name", "Prepaid credits", "lago_item_id",
                transaction.get("lago_id"), "item_type", "WalletTransaction");
        BigDecimal cents = credits.multiply(Amounts.decimal(wallet.get("rate_amount"))).movePointRight(2);
        Map<String, Object> fee = fees.priced(customer, wallet.get("currency"), credits, cents, item, List.of());
        Map<String, Object> invoice = invoices.issue(customer, "credit", wallet.get("currency"), List.of(fee), Map.of());
        return table.update((String) transaction.get("lago_id"), Json.object("lago_invoice_id", invoice.get("lago_id")));
    }

    private Map<String, Object> settledTransaction(Map<String, Object> wallet, Map<String, Object> given, BigDecimal credits,
            String status,
            String type) {
        Map<String, Object> transaction = insert(wallet, given, credits,
                Json.object("transaction_status", status, "transaction_type",
                        type, "status", "settled", "settled_at", context.now()));
        balance(wallet, "inbound".equals(type) ? credits : credits.negate());
        return table.byId(transaction.get("lago_id"));
    }

    private Map<String, Object> insert(Map<String, Object> wallet, Map<String, Object> given, BigDecimal credits,
            Map<String, Object> more) {
        Map<String, Object> record = resource.fresh(given);
        BigDecimal amount = credits.multiply(Amounts.decimal(wallet.get("rate_amount")));
        boolean inbound = "inbound".equals(more.get("transaction_type"));
        record.putAll(Json.object("lago_wallet_id", wallet.get("lago_id"), "amount", Amounts.text(amount), "credit_amount",
                Amounts.text(credits), "remaining_amount_cents", inbound ? Amounts.toCents(amount) : null,
                "remaining_credit_amount",
                inbound ? Amounts.text(credits) : null));
        record.putAll(more);
        return table.insert(record);
    }

    /** Adds the credits of a paid invoice to the balance. */
    void addPurchasedCredits(Object invoiceId) {
        for (Map<String, Object> transaction : context.where("wallet_transactions", "lago_invoice_id", invoiceId)) {
            if ("pending".equals(transaction.get("status"))) {
                table.update((String) transaction.get("lago_id"),
                        Json.object("status", "settled", "settled_at", context.now()));
                balance(context.require("wallets", transaction.get("lago_wallet_id")),
                        Amounts.decimal(transaction.get("credit_amount")));
            }
        }
    }

    private void balance(Map<String, Object> wallet, BigDecimal credits) {
        Map<String, Object> current = context.require("wallets", wallet.get("lago_id"));
        BigDecimal balance = Amounts.decimal(current.get("credits_balance")).add(credits);
        long cents = Amounts.toCents(balance.multiply(Amounts.decimal(current.get("rate_amount"))));
        Map<String, Object> changes = Json.object("credits_balance", Amounts.text(balance), "balance_cents", cents,
                "credits_ongoing_balance", Amounts.text(balance), "ongoing_balance_cents", cents, "last_balance_sync_at",
                context.now());
        if (credits.signum() < 0) {
            changes.put("consumed_credits", Amounts.text(Amounts.decimal(current.get("consumed_credits")).subtract(credits)));
            changes.put("last_consumed_credit_at", context.now());
        }
        context.table("wallets").update((String) current.get("lago_id"), changes);
    }

    /** Deducts {@code credits} from the wallet's inbound transactions, oldest first. */
    private void consume(Map<String, Object> wallet, Map<String, Object> out, BigDecimal credits) {
        BigDecimal left = credits;
        BigDecimal rate = Amounts.decimal(wallet.get("rate_amount"));
        List<Map<String, Object>> all = context.where("wallet_transactions", "lago_wallet_id", wallet.get("lago_id"));
        for (int i = all.size() - 1; i >= 0 && left.signum() > 0; i--) {
            Map<String, Object> in = all.get(i);
            BigDecimal remaining = Amounts.decimal(in.get("remaining_credit_amount"), BigDecimal.ZERO);
            if (!"settled".equals(in.get("status")) || remaining.signum() <= 0) {
                continue;
            }
            BigDecimal taken = remaining.min(left);
            left = left.subtract(taken);
            BigDecimal rest = remaining.subtract(taken);
            table.update((String) in.get("lago_id"),
                    Json.object("remaining_credit_amount", Amounts.text(rest), "remaining_amount_cents",
                            Amounts.toCents(rest.multiply(rate))));
            context.table("wallet_transaction_links").insert(Json.object("amount_cents", Amounts.toCents(taken.multiply(rate)),
                    "credit_amount", Amounts.text(taken), "_inbound", in.get("lago_id"), "_outbound", out.get("lago_id")));
        }
    }

    private Reply paymentUrl(Call call) {
        Map<String, Object> transaction = find(call);
        if (!"pending".equals(transaction.get("status")) || !"purchased".equals(transaction.get("transaction_status"))) {
            throw LagoError.invalid("base", "invalid_wallet_transaction_status");
        }
        Map<String, Object> wallet = context.require("wallets", transaction.get("lago_wallet_id"));
        return Reply.of("wallet_transaction_payment_details", Json.object("lago_customer_id", wallet.get("lago_customer_id"),
                "lago_wallet_transaction_id", transaction.get("lago_id"), "external_customer_id",
                wallet.get("external_customer_id"),
                "payment_provider", "stripe", "payment_url", context.baseUrl + "/checkout/" + Ids.next()));
    }
}
