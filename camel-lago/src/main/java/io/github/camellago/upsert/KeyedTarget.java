package io.github.camellago.upsert;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camellago.LagoConstants;
import io.github.camellago.api.Failure;
import io.github.camellago.api.LagoNotAllowedException;
import io.github.camellago.api.LagoNotFoundException;
import io.github.camellago.catalog.BoundOperation;
import io.github.camellago.catalog.Catalog;
import io.github.camellago.catalog.PathTemplate;
import io.github.camellago.client.Json;
import io.github.camellago.client.LagoClient;
import io.github.camellago.client.LagoRequest;
import io.github.camellago.client.RetryRule;
import io.github.camellago.operation.CallOptions;
import io.github.camellago.operation.RequestFactory;
import org.apache.camel.Exchange;

/** An object that Lago finds by its code or external id. */
class KeyedTarget implements Target {

    private static final String PLAN = "plan";
    /** Fields that name the object of the path that an object belongs to. */
    private static final Map<String, List<String>> PARENTS = Map.of("wallet", List.of("external_customer_id"), "alert",
            List.of("external_subscription_id", "subscription_external_id", "wallet_code"), "charge", List.of("plan_code"),
            "fixed_charge", List.of("plan_code"), "applied_rate_card", List.of("plan_code"), "filter",
            List.of("product_code"), "rate", List.of("rate_card_code"));
    /** Objects whose code Lago strips of white space. */
    private static final Set<String> STRIPPED = Set.of("subscription", "feature", "product_category", "product", "filter",
            "rate_card", "rate");

    final UpsertCalls calls;
    final LagoClient client;
    final RequestFactory requests;
    final Exchange exchange;
    final String root;
    /** The object as the message describes it. */
    final ObjectNode sent;
    private final String key;
    private final boolean strict;
    private final CodeResolver codes;

    /** @param strict refuse fields that Lago would ignore */
    KeyedTarget(BoundOperation upsert, LagoClient client, RequestFactory requests, Exchange exchange, ObjectNode body,
            boolean strict) {
        this.calls = UpsertCalls.of(upsert);
        this.client = client;
        this.requests = requests;
        this.exchange = exchange;
        this.root = upsert.operation().root();
        this.sent = InputForm.ofBody(root, body);
        this.key = key(upsert);
        // an object that was read has no misspelled field, but perhaps one of another version of Lago
        this.strict = strict && !body.has("lago_id");
        this.codes = new CodeResolver(client);
        checkStripped(calls.key(), key);
        checkParent();
        sent.put(calls.key(), key);
    }

    /** Lago would find, or make, an object with another key. */
    final void checkStripped(String field, String value) {
        if (STRIPPED.contains(root) && !value.equals(value.strip())) {
            throw new IllegalArgumentException("The " + field + " \"" + value + "\" begins or ends with white space, which Lago"
                    + " removes: it would change the " + root + ' ' + value.strip());
        }
    }

    /** Lago takes the object that this one belongs to from the path only. */
    private void checkParent() {
        for (String field : PARENTS.getOrDefault(root, List.of())) {
            JsonNode parent = sent.remove(field);
            if (parent != null && !parent.isNull()) {
                String[] path = requests.request(calls.list(), exchange, null, null).path().split("/");
                if (!PathTemplate.encodeSegment(parent.asText()).equals(path[path.length - 2])) {
                    throw new IllegalArgumentException("The body has the " + field + ' ' + parent.asText()
                            + ", but the path is " + String.join("/", path) + ". The operation upsert moves no object");
                }
            }
        }
    }

    /** The object's code or external id: as the endpoint states it, else as in the body, else as in the header. */
    private String key(BoundOperation upsert) {
        Object stated = requests.statedId(upsert, exchange);
        String inBody = sent.path(calls.key()).asText("");
        if (!CallOptions.isBlank(stated) && !inBody.isEmpty() && !stated.toString().equals(inBody)) {
            throw new IllegalArgumentException("The endpoint states the " + calls.key() + " " + stated + ", but the body has "
                    + inBody + ". The operation upsert does not change a " + calls.key());
        }
        Object id = !CallOptions.isBlank(stated) || inBody.isEmpty() ? requests.id(upsert, exchange) : inBody;
        if (CallOptions.isBlank(id)) {
            throw new IllegalArgumentException("The operation " + upsert.title() + " needs the object's " + calls.key()
                    + " in the body, in the option id or in the header " + LagoConstants.ID);
        }
        return id.toString();
    }

    @Override
    public String key() {
        return key;
    }

    @Override
    public Found find() {
        try {
            Found found = read();
            String shown = found.record().path(calls.key()).asText();
            if (!shown.equals(key)) {
                throw refused("Lago answered the " + root + " " + shown + " instead of " + key
                        + ". Does a proxy change the path of the call?");
            }
            if (found.record().path("status").asText().equals("terminated")) {
                throw refused("The " + root + " " + key + " is terminated. Lago starts a new one for a create only, which can"
                        + " cost money: use operation=create with another " + calls.key());
            }
            if (found.record().path("pending_deletion").asBoolean()) {
                throw refused("The " + root + " " + key + " is being deleted. Wait until Lago has deleted it");
            }
            return found;
        } catch (LagoNotFoundException e) {
            if (isNoSuchPath(e)) {
                throw e;
            }
            return null;
        }
    }

    /** Reads the object by its key. */
    Found read() {
        return get(null);
    }

    /** Lago has other paths than the catalog says. The object is not missing then. */
    static boolean isNoSuchPath(LagoNotFoundException e) {
        return e.getCode() == null || e.getCode().equals("resource_not_found");
    }

    final Found get(String query) {
        LagoRequest get = requests.request(calls.get(), exchange, key, null);
        return call(query == null ? get : LagoRequest.get(get.path(), query, get.permission()));
    }

    @Override
    public Decision decide(Found found) {
        ObjectNode has = found == null ? Json.mapper().createObjectNode() : form(found);
        ObjectNode wanted = root.equals(PLAN) ? Charges.withCodes(has, sent) : sent;
        if (found == null) {
            return Decision.create(wanted);
        }
        Decision decision = update(has, wanted);
        checkFixed(decision);
        if (root.equals(PLAN)) {
            new PlanChanges(client).check(key, decision);
        }
        return decision;
    }

    /** Lago would make only a part of the change, which could be a price. */
    private void checkFixed(Decision decision) {
        List<String> fixed = UnappliedFields.fixed(root, decision.comparison());
        if (!fixed.isEmpty()) {
            throw refused("Lago does not change " + String.join(", ", fixed) + " of the " + root + ' ' + key
                    + ", but it would change the rest. Send what Lago has in these fields, or create another " + root);
        }
        List<String> ifUsed = UnappliedFields.fixedIfUsed(root, decision.comparison());
        if (!ifUsed.isEmpty() && new PlanChanges(client).isUsed(plan())) {
            throw refused("The plan " + plan() + " has subscriptions. Lago would not change " + String.join(", ", ifUsed)
                    + " then, but it would change the rest, such as prices. Send what Lago has in these fields, or create another"
                    + " plan");
        }
    }

    /** The plan that this is, or that is in the path. */
    private String plan() {
        if (root.equals(PLAN)) {
            return key;
        }
        String[] path = requests.request(calls.list(), exchange, null, null).path().split("/");
        return URLDecoder.decode(path[1].replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** An object as Lago has it, in the form in which Lago takes it. */
    ObjectNode form(Found found) {
        return InputForm.ofRecord(root, found.record());
    }

    /** What to do to an object that exists. */
    final Decision update(ObjectNode has, ObjectNode wanted) {
        Decision decision = Decision.update(root, has, wanted);
        List<String> ignored = ignored(decision);
        if (!ignored.isEmpty()) {
            throw new IllegalArgumentException(
                    "Lago does not show " + String.join(", ", ignored) + " of the " + root + ' ' + key
                            + ". It would ignore a field that it does not know. Is the name right?"
                            + " With unknownFields=drop, such fields are sent without this check");
        }
        return decision;
    }

    private List<String> ignored(Decision decision) {
        return strict ? UnappliedFields.ignored(root, decision.comparison()) : List.of();
    }

    @Override
    public void requireParent() {
        if (calls.list().operation().path().segments().stream().anyMatch(PathTemplate::isPlaceholder)) {
            // the list of an object that does not exist is not found
            LagoRequest list = requests.request(calls.list(), exchange, null, null);
            client.call(LagoRequest.get(list.path(), "per_page=1", list.permission()), response -> response);
        }
    }

    @Override
    public Found write(Decision decision) throws IOException {
        LagoRequest request = null;
        Found now = null;
        if (root.equals(PLAN) && !decision.isCreate()) {
            for (String list : List.of("charges", "fixed_charges")) {
                // Lago would remove the charges that another call has added since they were read
                JsonNode charges = decision.body() == null ? null : decision.body().remove(list);
                if (charges != null) {
                    for (JsonNode charge : charges) {
                        if (charge instanceof ObjectNode one && decision.changes(list, one.path("code").asText())) {
                            request = charge(list, one, decision.body().get("cascade_updates"));
                            client.call(request, response -> response);
                        }
                    }
                    now = get(null);
                }
            }
        }
        if (decision.body() != null && (now == null || decision.changesBesideCharges())) {
            request = request(decision);
            now = call(request);
        }
        if (decision.entitlements() != null) {
            request = part(EntitlementMap.NAME, "update", null, EntitlementMap.NAME, decision.entitlements());
            client.call(request, response -> response);
            now = get(null);
        }
        if (decision.isCreate()) {
            checkCreated(request, now);
            Decision rest = rest(now, decision);
            if (!UnappliedFields.ignored(root, rest.comparison()).isEmpty()) {
                // some answers of a create have less than those of a read
                now = get(null);
                rest = rest(now, decision);
            }
            // Lago takes some fields in an update only
            if (!rest.isUnchanged()) {
                return write(rest);
            }
            NotApplied.checkIgnored(request, ignored(rest));
        }
        NotApplied.check(request, decision.sent(), form(now));
        return now;
    }

    private Decision rest(Found now, Decision created) {
        return Decision.update(root, form(now), inUpdate(created.sent()));
    }

    /** Checks the answer of a create. */
    void checkCreated(LagoRequest request, Found now) {}

    /** The call that creates or updates the object. */
    LagoRequest request(Decision decision) throws IOException {
        BoundOperation bound = decision.isCreate() ? calls.create() : calls.update();
        byte[] body = Json.mapper().writeValueAsBytes(Map.of(root, codes.resolved(root, decision.body())));
        return requests.request(bound, exchange, decision.isCreate() ? null : key, body);
    }

    /** The fields that an update after a create may have. */
    ObjectNode inUpdate(ObjectNode created) {
        return created;
    }

    /** Changes a charge of a plan, or adds it if it has no id. */
    private LagoRequest charge(String list, ObjectNode charge, JsonNode cascade) throws IOException {
        String name = list.substring(0, list.length() - 1);
        ObjectNode body = codes.resolved(name, charge);
        boolean add = body.remove("id") == null;
        if (cascade != null) {
            body.set("cascade_updates", cascade);
        }
        return part(list, add ? "create" : "update", charge.path("code").asText(), name, body);
    }

    /**
     * A call that changes a part of a plan.
     *
     * @param list where the part is
     * @param code the code of the part, if the call is about one
     * @param name the root key of the body
     */
    private LagoRequest part(String list, String operation, String code, String name, JsonNode body) throws IOException {
        BoundOperation call = Catalog.get().find(PathTemplate.of("plans/{code}/" + list)).operation(operation);
        return new LagoRequest(call.operation().method(), call.path().expand(p -> p.equals("code") ? key : code), null,
                Json.mapper().writeValueAsBytes(Map.of(name, body)), RetryRule.of(call.operation().repeat()),
                call.permission());
    }

    final Found call(LagoRequest request) {
        return Found.call(client, request, calls.get().operation().answerRoot());
    }

    static LagoNotAllowedException refused(String message) {
        return new LagoNotAllowedException(Failure.local(message, null, null, false, null));
    }
}
