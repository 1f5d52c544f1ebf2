package io.github.camellago.examples.billing;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The resources that are copied from one Lago to another, and why the others are not. */
final class Copy {

    /** Fields that mean something in one Lago only. A rule may top up a wallet, and charge for it, as soon as it exists. */
    private static final List<String> LOCAL = List.of("integration_customers", "payment_method", "recurring_transaction_rules",
            "activation_rules");

    private final Clock clock;

    Copy(Clock clock) {
        this.clock = clock;
    }

    /** Whether to copy an object. Objects that are no longer in use are not copied. Reports others that cannot be copied as a whole. */
    boolean accepts(String resource, Map<?, ?> object, Changes changes) {
        if (object.get("terminated_at") != null || Boolean.TRUE.equals(object.get("pending_deletion"))) {
            return false;
        }
        String refusal = refusal(resource, object);
        String note = refusal != null ? refusal : loss(object);
        if (note != null) {
            changes.notCopied(Definition.name(resource, object), note);
        }
        return refusal == null;
    }

    /** Why an object must not be copied, or null. */
    private String refusal(String resource, Map<?, ?> object) {
        return switch (resource) {
            case "wallets" -> object.get("code") == null ? "has no code by which a second run would find it" : null;
            case "subscriptions" -> refusal(object);
            default -> null;
        };
    }

    private String refusal(Map<?, ?> subscription) {
        if ("pending".equals(subscription.get("status")) && subscription.get("previous_plan_code") != null) {
            return "is a change of plan that has not started yet";
        }
        Instant start = Instant.parse((String) subscription.get("subscription_at"));
        return Duration.between(start, clock.instant()).abs().compareTo(Duration.ofDays(1)) < 0
                ? "starts today, so that Lago may bill it at once. Copy it in two days"
                : null;
    }

    /** The parts that a copy loses, or null. */
    private static String loss(Map<?, ?> object) {
        return LOCAL.stream().filter(field -> isSet(object.get(field))).findFirst()
                .map(field -> "is copied without its " + field).orElse(null);
    }

    private static boolean isSet(Object value) {
        return value instanceof List<?> list
                ? !list.isEmpty()
                : value instanceof Map<?, ?> method && method.get("payment_method_id") != null;
    }

    /** The object for another Lago. The operation upsert leaves out ids, times and other fields that Lago sets. */
    static Map<String, Object> body(String resource, Map<?, ?> object) {
        Map<String, Object> body = new LinkedHashMap<>();
        object.forEach((field, value) -> body.put((String) field, value));
        LOCAL.forEach(body::remove);
        if (body.get("billing_configuration") instanceof Map<?, ?> billing) {
            // the customer exists at the payment provider already
            Map<Object, Object> rest = new HashMap<>(billing);
            rest.remove("sync_with_provider");
            body.put("billing_configuration", rest);
        }
        if (resource.equals("wallets") && new BigDecimal(object.get("credits_balance").toString()).signum() > 0) {
            // Lago takes them for a new wallet only
            body.put("granted_credits", object.get("credits_balance"));
        }
        return body;
    }
}
