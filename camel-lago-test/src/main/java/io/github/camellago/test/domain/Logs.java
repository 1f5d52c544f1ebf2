package io.github.camellago.test.domain;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Ids;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.Reply;
import io.github.camellago.test.server.Table;

/**
 * Writes the API log (all changing requests except ingestion) and the activity log (all changes). Each log keeps the last
 * {@value #KEPT} entries.
 */
final class Logs implements ChangeListener {

    private static final int KEPT = 1000;

    /** The methods in Lago's API log. */
    private static final Set<String> LOGGED = Set.of("POST", "PUT", "DELETE");

    private final Context context;
    private final Deque<String> calls = new ArrayDeque<>();
    private final Deque<String> activities = new ArrayDeque<>();

    Logs(Context context) {
        this.context = context;
    }

    void register() {
        for (String collection : new String[]{"api_logs", "activity_logs"}) {
            context.add(new Crud(context, collection) {
                @Override
                Map<String, Object> shown(Map<String, Object> record) {
                    Map<String, Object> shown = super.shown(record);
                    shown.remove("lago_id");
                    return shown;
                }
            });
        }
    }

    void reset() {
        calls.clear();
        activities.clear();
    }

    void served(String version, Call call, Reply reply) {
        if (!LOGGED.contains(call.method()) || call.path().startsWith("/events")) {
            return;
        }
        write("api_logs", calls, Json.object("request_id", Ids.next(), "api_version", version, "client", "HTTP", "http_method",
                call.method().toLowerCase(),
                "http_status", reply.status(), "request_origin", context.baseUrl, "request_path",
                "/api/" + version + call.path(),
                "request_body", text(call.body()), "request_response", text(reply.body()), "logged_at", context.now()));
    }

    @Override
    public void changed(String type, String objectType, Map<String, Object> object) {
        if (type.startsWith("event")) {
            return;
        }
        write("activity_logs", activities,
                Json.object("activity_id", Ids.next(), "activity_type", type, "activity_object", object,
                        "activity_object_changes", Map.of(), "external_customer_id", Json.at(object, "customer.external_id"),
                        "external_subscription_id", "subscription".equals(objectType) ? object.get("external_id") : null,
                        "resource_id",
                        object.getOrDefault("lago_id", context.organizationId), "resource_type", type(objectType),
                        "organization_id", context.organizationId,
                        "logged_at",
                        context.now()));
    }

    private static String type(String objectType) {
        StringBuilder name = new StringBuilder();
        for (String word : objectType.split("_")) {
            name.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
        }
        return name.toString();
    }

    private void write(String collection, Deque<String> ids, Map<String, Object> entry) {
        Table table = context.table(collection);
        Map<String, Object> full = table.resource().fresh(Map.of());
        full.putAll(entry);
        ids.addLast((String) table.insert(full).get("lago_id"));
        while (ids.size() > KEPT) {
            table.remove(ids.removeFirst());
        }
    }

    private static String text(byte[] body) {
        return new String(body, StandardCharsets.UTF_8);
    }

    static Map<String, Object> object(byte[] json) {
        try {
            return json.length == 0 ? Map.of() : Json.asObject(Json.parse(json));
        } catch (JsonProcessingException e) {
            return Map.of();
        }
    }
}
