package io.github.camellago.upsert;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Finds out which charge of a body is which charge of the plan that Lago has. Lago distinguishes charges by code, and makes a code of the
 * metric's if a charge has none.
 */
final class Charges {

    /** The lists of a plan, and what each of their objects charges for. */
    private static final Map<String, String> TARGETS = Map.of("charges", "billable_metric", "fixed_charges", "add_on");

    private Charges() {}

    /**
     * Gives each charge of a body the code of the charge that it stands for, or a free code.
     *
     * @param  has                     the plan as Lago has it; empty if it has none
     * @param  sent                    the plan of the body
     * @return                         the plan of the body with the codes of all charges that can have one
     * @throws io.github.camellago.api.LagoNotAllowedException if a new charge is for the metric of a charge that the body does not
     *                                have: both would be billed
     */
    static ObjectNode withCodes(JsonNode has, ObjectNode sent) {
        ObjectNode plan = sent.deepCopy();
        TARGETS.forEach((list, target) -> {
            if (plan.path(list).isArray()) {
                List<ObjectNode> known = objects(has.path(list));
                List<ObjectNode> given = objects(plan.get(list));
                name(known, given, target);
                if (!known.isEmpty()) {
                    check(plan, list, target, known, given);
                }
            }
        });
        return plan;
    }

    private static List<ObjectNode> objects(JsonNode list) {
        List<ObjectNode> objects = new ArrayList<>();
        list.forEach(one -> {
            if (one.isObject()) {
                objects.add((ObjectNode) one);
            }
        });
        return objects;
    }

    /** Charges without a code stand for those of the same metric: first the ones that are paid and priced alike. */
    private static void name(List<ObjectNode> known, List<ObjectNode> given, String target) {
        Set<String> taken = new HashSet<>();
        for (ObjectNode one : given) {
            JsonNode id = one.remove("id");
            if (id != null) {
                known.stream().filter(k -> k.path("lago_id").equals(id)).findFirst().ifPresent(k -> rename(one, k));
            }
            taken.add(code(one));
        }
        for (BiPredicate<ObjectNode, ObjectNode> alike : List.<BiPredicate<ObjectNode, ObjectNode>>of(Charges::isSame,
                (one, k) -> isInAdvance(one) == isInAdvance(k), (one, k) -> true)) {
            for (ObjectNode one : given) {
                known.stream().filter(k -> code(one).isEmpty() && !taken.contains(code(k)))
                        .filter(k -> targets(one, k, target) && alike.test(one, k)).findFirst()
                        .ifPresent(k -> take(one, code(k), taken));
            }
        }
        for (ObjectNode one : given) {
            String metric = one.path(target + "_code").asText("");
            if (code(one).isEmpty() && !metric.isEmpty()) {
                take(one, free(metric, known, taken), taken);
            }
        }
    }

    private static void take(ObjectNode one, String code, Set<String> taken) {
        one.put("code", code);
        taken.add(code);
    }

    private static void rename(ObjectNode one, ObjectNode known) {
        if (code(one).isEmpty()) {
            one.put("code", code(known));
        } else if (!code(one).equals(code(known))) {
            throw new IllegalArgumentException("The charge with the id " + known.path("lago_id").asText() + " has the code "
                    + code(known) + ", not " + code(one) + ". The operation upsert does not change a code");
        }
    }

    private static boolean isSame(ObjectNode one, ObjectNode known) {
        return one.path("charge_model").equals(known.path("charge_model")) && isInAdvance(one) == isInAdvance(known);
    }

    private static boolean isInAdvance(ObjectNode one) {
        return one.path("pay_in_advance").asBoolean();
    }

    private static boolean targets(ObjectNode one, ObjectNode known, String target) {
        return one.has(target + "_code")
                ? one.get(target + "_code").equals(known.path(target + "_code"))
                : one.has(target + "_id") && one.get(target + "_id").equals(known.path("lago_" + target + "_id"));
    }

    /** The code that Lago would give to a new charge. Given by us, it cannot be given twice. */
    private static String free(String metric, List<ObjectNode> known, Set<String> taken) {
        Set<String> all = new HashSet<>(taken);
        known.forEach(k -> all.add(code(k)));
        String free = metric;
        for (int i = 2; all.contains(free); i++) {
            free = metric + '_' + i;
        }
        return free;
    }

    private static void check(ObjectNode plan, String list, String target, List<ObjectNode> known, List<ObjectNode> given) {
        Set<String> codes = new HashSet<>();
        known.forEach(k -> codes.add(code(k)));
        Set<String> named = new HashSet<>();
        given.forEach(one -> named.add(code(one)));
        for (ObjectNode one : given) {
            if (!codes.contains(code(one))) {
                known.stream().filter(k -> !named.contains(code(k)) && targets(one, k, target)).findFirst().ifPresent(k -> {
                    throw KeyedTarget.refused("The plan " + plan.path("code").asText() + " has "
                            + list + "[" + code(k) + "], which the body does not have, and " + list + "[" + code(one)
                            + "] of the body is for the same " + target.replace('_', ' ') + ". Both would be billed."
                            + " Add the existing one to the body, give the new one its code, or delete the existing one in"
                            + " Lago");
                });
            }
        }
    }

    private static String code(JsonNode charge) {
        return charge.path("code").asText("");
    }
}
