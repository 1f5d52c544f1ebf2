package io.github.camellago.test.domain;

import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.LagoError;
import io.github.camellago.test.server.Reply;
import io.github.camellago.test.server.Validation;

/**
 * Webhook endpoints: at most ten, with unique URLs.
 */
final class WebhookEndpoints extends Crud {

    private static final int MOST = 10;

    WebhookEndpoints(Context context) {
        super(context, "webhook_endpoints");
    }

    @Override
    void register() {
        super.register();
        on("POST", "/webhook_endpoints", this::create);
        on("PUT", "/webhook_endpoints/{lago_id}", this::update);
    }

    @Override
    Reply create(Call call) {
        Map<String, Object> given = call.root("webhook_endpoint");
        if (table.size() >= MOST) {
            throw LagoError.invalid("base", "Translation missing: exceeded_limit");
        }
        unique(given, null);
        return reply(create(given));
    }

    @Override
    Map<String, Object> update(Map<String, Object> endpoint, Map<String, Object> given) {
        unique(given, endpoint.get("lago_id"));
        return super.update(endpoint, given);
    }

    private void unique(Map<String, Object> given, Object self) {
        Object url = given.get("webhook_url");
        if (url != null && !url.toString().matches("https?://.+")) {
            throw LagoError.invalid("webhook_url", "url_is_invalid");
        }
        if (url != null && context.where("webhook_endpoints", "webhook_url", url).stream()
                .anyMatch(other -> !other.get("lago_id").equals(self))) {
            throw LagoError.invalid("webhook_url", "value_already_exist");
        }
    }

    @Override
    void validate(Validation validation, Map<String, Object> given, Map<String, Object> whole) {
        Object types = given.get("event_types");
        if (types != null && !(types instanceof List)) {
            validation.add("event_types", "must_be_array");
        } else if (types != null) {
            List<String> unknown = normalized(types).stream().filter(type -> !WebhookTypes.all().contains(type)).toList();
            if (!unknown.isEmpty() && !unknown.equals(List.of("*"))) {
                validation.add("event_types", "contains invalid types: " + unknown);
            }
        }
    }

    private static List<String> normalized(Object types) {
        return Json.asStrings(types).stream().map(type -> type.strip().toLowerCase(Locale.ROOT)).filter(type -> !type.isEmpty())
                .distinct().toList();
    }

    @Override
    void complete(Map<String, Object> record, Map<String, Object> given) {
        record.put("lago_organization_id", context.organizationId);
        record.replaceAll((field, value) -> "signature_algo".equals(field) && value == null ? "jwt" : value);
        if (given.get("event_types") != null) {
            List<String> types = normalized(given.get("event_types"));
            record.put("event_types", types.equals(List.of("*")) ? null : types);
        }
    }
}
