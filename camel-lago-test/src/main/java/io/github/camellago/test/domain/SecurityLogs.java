package io.github.camellago.test.domain;

import java.util.Map;

import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Ids;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.LagoError;
import io.github.camellago.test.server.Reply;

/**
 * The security log: changes of webhook endpoints and billing entities.
 */
final class SecurityLogs extends Crud {

    SecurityLogs(Context context) {
        super(context, "security_logs");
    }

    @Override
    void register() {
        on("GET", "/security_logs", this::list);
        on("GET", "/security_logs/{log_id}", this::get);
    }

    /** Writes an entry if a served call belongs in the log. */
    void served(Call call, Reply reply) {
        String[] segments = call.path().split("/");
        if (call.reads() || reply.status() != 200 || segments.length < 2) {
            return;
        }
        switch (segments[1]) {
            case "webhook_endpoints" -> write("webhook_endpoint", call, reply);
            case "billing_entities" -> write("billing_entity", call, reply);
            default -> {
            }
        }
    }

    private void write(String type, Call call, Reply reply) {
        String event = switch (call.method()) {
            case "POST" -> ".created";
            case "DELETE" -> ".deleted";
            default -> ".updated";
        };
        Map<String, Object> object = Logs.object(reply.body());
        Map<String, Object> entry = resource.fresh(Map.of());
        entry.putAll(Json.object("log_id", Ids.next(), "log_type", type, "log_event", type + event, "logged_at", context.now(),
                "resources", Json.object("lago_id", Json.at(object, type + ".lago_id"))));
        table.insert(entry);
    }

    private void available() {
        License license = context.variant.license();
        license.requirePremium();
        License.require(license.securityLogs(), "forbidden");
    }

    @Override
    Reply list(Call call) {
        available();
        String to = call.query("to_date");
        if (to == null || to.isBlank()) {
            throw LagoError.invalid("to_date", "value_is_mandatory");
        }
        return super.list(call);
    }

    @Override
    Reply get(Call call) {
        available();
        return super.get(call);
    }

    @Override
    Map<String, Object> shown(Map<String, Object> record) {
        Map<String, Object> shown = super.shown(record);
        shown.remove("lago_id");
        return shown;
    }
}
