package io.github.camellago.test.domain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Ids;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.LagoError;
import io.github.camellago.test.server.Reply;
import io.github.camellago.test.server.Validation;

/**
 * Wallets, by {@code lago_id} under {@code /wallets} and by {@code code} under a customer. A repeated create without a code creates a second
 * wallet.
 */
final class Wallets extends Crud {

    private static final int MOST = 6;

    private final WalletTransactions transactions;

    Wallets(Context context, WalletTransactions transactions) {
        super(context, "wallets");
        this.transactions = transactions;
    }

    @Override
    void register() {
        on("POST", "/wallets", call -> create(call.root("wallet"), call.root("wallet").get("external_customer_id")));
        on("GET", "/wallets", call -> list(call, call.query("external_customer_id") == null
                ? table.all()
                : of(context.customer(call.query("external_customer_id")))));
        on("GET", "/wallets/{lago_id}", this::get);
        on("PUT", "/wallets/{lago_id}", this::update);
        on("DELETE", "/wallets/{lago_id}", this::delete);
        String own = "/customers/{external_customer_id}/wallets";
        on("POST", own, call -> {
            Object customer = context.customer(call.param("external_customer_id")).get("external_id");
            return create(call.root("wallet"), customer);
        });
        on("GET", own, call -> list(call, of(context.customer(call.param("external_customer_id")))));
        on("GET", own + "/{code}", call -> reply(oldest(call)));
        on("PUT", own + "/{code}", call -> reply(update(oldest(call), call.root("wallet"))));
        on("DELETE", own + "/{code}", call -> reply(terminate(oldest(call))));
    }

    /** The customer's wallet with the code in the path, the active one first. 404 if it does not exist. */
    Map<String, Object> ofCustomer(Call call, String param) {
        return withCode(call, param).stream().min(Comparator.comparing(wallet -> !"active".equals(wallet.get("status"))))
                .orElseThrow(() -> LagoError.notFound("wallet"));
    }

    /** Lago looks for one wallet with the code, in no order, so that a terminated one hides the active one. */
    private Map<String, Object> oldest(Call call) {
        return withCode(call, "code").stream().reduce((newer, older) -> older)
                .orElseThrow(() -> LagoError.notFound("wallet"));
    }

    /** The newest comes first. */
    private List<Map<String, Object>> withCode(Call call, String param) {
        Map<String, Object> customer = context.customer(call.param("external_customer_id"));
        String code = call.param(param);
        return of(customer).stream().filter(wallet -> code.equals(wallet.get("code"))).toList();
    }

    private List<Map<String, Object>> of(Map<String, Object> customer) {
        return context.where("wallets", "lago_customer_id", customer.get("lago_id"));
    }

    private Reply create(Map<String, Object> given, Object externalCustomerId) {
        Map<String, Object> customer = context.table("customers").oneByKey(externalCustomerId);
        check(customer, given).check();
        Object code = given.get("code") != null ? given.get("code") : freeCode(customer, given);
        if (active(customer).anyMatch(wallet -> code.equals(wallet.get("code")))) {
            throw LagoError.invalid("code", "value_already_exist");
        }
        Map<String, Object> whole = Json.with(given, "code", code, "_customer", customer);
        whole.putIfAbsent("currency", customer.get("currency"));
        Map<String, Object> wallet = create(whole);
        if (customer.get("currency") == null) {
            context.table("customers").update((String) customer.get("lago_id"),
                    Json.object("currency", wallet.get("currency")));
        }
        transactions.topUp(wallet, Json.with(given, "name", given.get("transaction_name"), "metadata",
                given.getOrDefault("transaction_metadata", List.of())));
        return reply(table.byId(wallet.get("lago_id")));
    }

    /** The checks that Lago makes before it creates a wallet. */
    private Validation check(Map<String, Object> customer, Map<String, Object> given) {
        Validation validation = new Validation();
        if (customer == null) {
            validation.add("customer", "customer_not_found");
        } else if (active(customer).count() >= MOST) {
            validation.add("customer", "wallet_limit_reached");
        }
        WalletTransactions.credits(validation, given, "paid_credits");
        WalletTransactions.credits(validation, given, "granted_credits");
        if (given.get("expiration_at") != null && !context.isFuture(given.get("expiration_at"))) {
            validation.add("expiration_at", "invalid_date");
        }
        if (Json.asObjects(given.get("recurring_transaction_rules")).size() > 1) {
            validation.add("recurring_transaction_rules", "invalid_number_of_recurring_rules");
        }
        return validation;
    }

    private Stream<Map<String, Object>> active(Map<String, Object> customer) {
        return of(customer).stream().filter(wallet -> "active".equals(wallet.get("status")));
    }

    private String freeCode(Map<String, Object> customer, Map<String, Object> given) {
        String base = given.get("name") == null
                ? "default"
                : given.get("name").toString().toLowerCase().replaceAll("\\W+", "_");
        String code = base;
        List<Object> taken = active(customer).map(wallet -> wallet.get("code")).toList();
        for (int i = 2; taken.contains(code); i++) {
            code = base + "_" + i;
        }
        return code;
    }

    @Override
    void complete(Map<String, Object> record, Map<String, Object> given) {
        Map<String, Object> customer = Json.asObject(given.get("_customer"));
        if (!customer.isEmpty()) {
            record.put("lago_customer_id", customer.get("lago_id"));
            record.put("external_customer_id", customer.get("external_id"));
        }
        if (record.get("rate_amount") != null) {
            record.put("rate_amount", Amounts.text(Amounts.decimal(record.get("rate_amount"))));
        }
        Map<String, Object> limits = Json.asObject(record.get("applies_to"));
        record.put("applies_to", Json.object("fee_types", limits.getOrDefault("fee_types", List.of()),
                "billable_metric_codes", limits.getOrDefault("billable_metric_codes", List.of())));
        if (given.containsKey("recurring_transaction_rules")) {
            List<Object> rules = new ArrayList<>();
            Json.asObjects(given.get("recurring_transaction_rules"))
                    .forEach(rule -> rules.add(rule(rule, given.get("_rules"))));
            record.put("recurring_transaction_rules", rules);
        }
    }

    /** A rule. One with a known {@code lago_id} is changed. */
    private Map<String, Object> rule(Map<String, Object> given, Object existing) {
        for (Map<String, Object> known : Json.asObjects(existing)) {
            if (known.get("lago_id").equals(given.get("lago_id"))) {
                Map<String, Object> changed = new LinkedHashMap<>(known);
                changed.putAll(given);
                return changed;
            }
        }
        Map<String, Object> rule = Json.object("lago_id", Ids.next(), "status", "active", "trigger", null, "interval", null,
                "method",
                "fixed", "threshold_credits", "0.0", "paid_credits", "0.0", "granted_credits", "0.0", "grants_target_top_up",
                null,
                "target_ongoing_balance", null, "started_at", null, "expiration_at", null,
                "invoice_requires_successful_payment", false,
                "ignore_paid_top_up_limits", false, "transaction_metadata", List.of(), "transaction_name", null, "created_at",
                context.now());
        given.forEach((field, value) -> {
            if (!"lago_id".equals(field)) {
                rule.put(field, value);
            }
        });
        return rule;
    }

    @Override
    Map<String, Object> update(Map<String, Object> wallet, Map<String, Object> given) {
        if ("terminated".equals(wallet.get("status"))) {
            throw LagoError.invalid("wallet_id", "wallet_is_terminated");
        }
        Map<String, Object> changes = new LinkedHashMap<>(given);
        changes.keySet().removeAll(List.of("rate_amount", "currency"));
        // an update removes the metrics that it does not have
        Map<String, Object> limits = Json.asObject(given.get("applies_to"));
        changes.put("applies_to", Json.with(Json.asObject(wallet.get("applies_to")), "billable_metric_codes",
                limits.getOrDefault("billable_metric_codes", List.of())));
        if (limits.containsKey("fee_types")) {
            Json.asObject(changes.get("applies_to")).put("fee_types", limits.get("fee_types"));
        }
        changes.put("_rules", wallet.get("recurring_transaction_rules"));
        return super.update(wallet, changes);
    }

    @Override
    Map<String, Object> shown(Map<String, Object> wallet) {
        Map<String, Object> shown = super.shown(wallet);
        shown.remove("metadata", null);
        return shown;
    }

    @Override
    Reply delete(Call call) {
        return reply(terminate(find(call)));
    }

    private Map<String, Object> terminate(Map<String, Object> wallet) {
        if ("terminated".equals(wallet.get("status"))) {
            return wallet;
        }
        return table.update((String) wallet.get("lago_id"),
                Json.object("status", "terminated", "terminated_at", context.now()));
    }
}
