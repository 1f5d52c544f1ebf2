package io.github.camellago.test.domain;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.Reply;

/**
 * The total usage of a subscription, including its usage before it was added to Lago.
 */
final class LifetimeUsages extends Crud {

    private final Subscriptions subscriptions;
    private final Usage usage;

    LifetimeUsages(Context context, Subscriptions subscriptions, Usage usage) {
        super(context, "lifetime_usages");
        this.subscriptions = subscriptions;
        this.usage = usage;
    }

    @Override
    void register() {
        String path = "/subscriptions/{external_id}/lifetime_usage";
        on("GET", path, call -> reply(find(call), subscriptions.parent(call)));
        on("PUT", path, call -> reply(update(find(call), call.root("lifetime_usage")), subscriptions.parent(call)));
    }

    @Override
    Map<String, Object> find(Call call) {
        Object subscription = subscriptions.parent(call).get("lago_id");
        Map<String, Object> known = table.oneByKey(subscription);
        return known != null
                ? known
                : table.insert(Json.object("lago_subscription_id", subscription, "external_historical_usage_amount_cents", 0));
    }

    private Reply reply(Map<String, Object> record, Map<String, Object> subscription) {
        long current = usage.currentCents(subscription);
        long total = current + Amounts.cents(record.get("external_historical_usage_amount_cents"));
        List<Object> thresholds = new ArrayList<>();
        for (Map<String, Object> threshold : Json.asObjects(subscriptions.plan(subscription).get("usage_thresholds"))) {
            long cents = Amounts.cents(threshold.get("amount_cents"));
            thresholds.add(Json.object("amount_cents", cents, "completion_ratio",
                    cents == 0 ? 1 : Math.min(1.0, (double) total / cents),
                    "reached_at", total >= cents ? context.now() : null));
        }
        return Reply.of("lifetime_usage", Json.object("lago_id", record.get("lago_id"), "lago_subscription_id",
                subscription.get("lago_id"), "external_subscription_id", subscription.get("external_id"),
                "external_historical_usage_amount_cents", record.get("external_historical_usage_amount_cents"),
                "invoiced_usage_amount_cents", 0, "current_usage_amount_cents", current, "from_datetime",
                subscription.get("started_at"), "to_datetime", context.now(), "usage_thresholds", thresholds));
    }
}
