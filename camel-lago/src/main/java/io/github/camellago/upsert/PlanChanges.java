package io.github.camellago.upsert;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camellago.client.LagoClient;
import io.github.camellago.client.LagoRequest;
import io.github.camellago.operation.Comparison;
import io.github.camellago.operation.QueryBuilder;

/**
 * What a change of a plan does to its subscriptions. Some of them may wait for a change of their plan. If the price of a plan rises, Lago may take a scheduled change to it for an upgrade: it
 * ends and bills the current subscription at once. If the price falls below that of the next plan, Lago cancels the scheduled change.
 */
final class PlanChanges {

    private static final String AMOUNT = "amount_cents";
    private static final int PER_PAGE = 100;

    private final LagoClient client;

    PlanChanges(LagoClient client) {
        this.client = client;
    }

    /** @throws io.github.camellago.api.LagoNotAllowedException if another price could end a subscription or cancel a change of plan */
    void check(String code, Decision decision) {
        Comparison.Change change = decision.comparison().changes().stream().filter(c -> c.path().equals(AMOUNT)).findFirst()
                .orElse(null);
        if (change == null || !isNumber(change.before()) || !isNumber(change.after())) {
            return;
        }
        BigDecimal after = number(change.after());
        boolean rises = after.compareTo(number(change.before())) > 0;
        List<String> affected = new ArrayList<>();
        for (int page = 1;; page++) {
            JsonNode pending = pending(page);
            for (JsonNode one : pending) {
                String from = one.path("previous_plan_code").asText();
                boolean upgrade = rises && one.path("plan_code").asText().equals(code)
                        && !one.path("previous_plan_code").isNull()
                        && !from.isEmpty();
                boolean cancel = !rises && from.equals(code) && isNumber(one.path("plan_amount_cents"))
                        && after.compareTo(number(one.path("plan_amount_cents"))) < 0;
                if (upgrade || cancel) {
                    affected.add(one.path("external_id").asText());
                }
            }
            if (pending.size() < PER_PAGE) {
                break;
            }
        }
        if (!affected.isEmpty()) {
            throw KeyedTarget.refused("The plan " + code + " has subscriptions with a scheduled change of plan: "
                    + String.join(", ", affected.subList(0, Math.min(10, affected.size()))) + ". With amount_cents "
                    + change.after() + " in place of " + change.before() + ", Lago would "
                    + (rises ? "end and bill their current subscription now" : "cancel the change")
                    + ". Wait until the plans have changed, or use operation=update");
        }
    }

    /** Whether a plan has or had subscriptions, other than those with prices of their own. */
    boolean isUsed(String code) {
        QueryBuilder query = new QueryBuilder().with("plan_code", code).with("overridden", "false").with("per_page", 1);
        SubscriptionTarget.STATUSES.forEach(status -> query.with("status[]", status));
        return !subscriptions(query).isEmpty();
    }

    private JsonNode pending(int page) {
        return subscriptions(new QueryBuilder().with("status[]", "pending").with("page", page).with("per_page", PER_PAGE));
    }

    private JsonNode subscriptions(QueryBuilder query) {
        return Found.list(client, LagoRequest.get("subscriptions", query.toText(), "subscription"), "subscriptions");
    }

    private static boolean isNumber(JsonNode value) {
        return value != null && value.asText().strip().matches("-?\\d{1,30}(\\.\\d{1,30})?");
    }

    private static BigDecimal number(JsonNode value) {
        return new BigDecimal(value.asText().strip());
    }
}
