package io.github.camellago.test.domain;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Handler;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.LagoError;
import io.github.camellago.test.server.Reply;
import io.github.camellago.test.server.Resource;
import io.github.camellago.test.server.Table;
import io.github.camellago.test.server.Validation;

/**
 * The basic operations of one resource: list, get, create, update, delete. Domains with more behavior extend this class.
 */
class Crud {

    final Context context;
    final Resource resource;
    final Table table;

    Crud(Context context, String collection) {
        this.context = context;
        this.table = context.table(collection);
        this.resource = table.resource();
    }

    /** Adds the routes in the resource's {@code routes}. */
    void register() {
        String collection = "/" + resource.name();
        String item = collection + "/{" + resource.param() + "}";
        for (String operation : resource.routes()) {
            switch (operation) {
                case "list" -> on("GET", collection, this::list);
                case "get" -> on("GET", item, this::get);
                case "create" -> on("POST", collection, this::create);
                case "update" -> on("PUT", item, this::update);
                case "delete" -> on("DELETE", item, this::delete);
                default -> throw new IllegalStateException("Unknown operation " + operation);
            }
        }
    }

    final void on(String method, String path, Handler handler) {
        context.router(resource.version()).on(method, path, resource.permission(), handler);
    }

    Reply list(Call call) {
        return list(call, table.all());
    }

    Reply list(Call call, List<Map<String, Object>> records) {
        if (resource.filters().keySet().stream().anyMatch(filter -> filter.startsWith("billing_entity_codes"))) {
            call.query().getOrDefault("billing_entity_codes[]", List.of()).stream().filter(code -> !code.isEmpty())
                    .forEach(code -> context.require("billing_entities", code));
        }
        return context.pager.list(call, resource, records, this::listed);
    }

    Reply get(Call call) {
        return reply(find(call));
    }

    Reply create(Call call) {
        Map<String, Object> created = create(call.root(resource.root()));
        changed("created", created);
        return reply(created);
    }

    Reply update(Call call) {
        Map<String, Object> record = find(call);
        Map<String, Object> updated = update(record, call.root(resource.root()));
        changed("updated", updated);
        return reply(updated);
    }

    Reply delete(Call call) {
        Map<String, Object> record = find(call);
        checkDelete(record);
        table.remove((String) record.get("lago_id"));
        changed("deleted", record);
        return reply(record);
    }

    private void changed(String what, Map<String, Object> record) {
        if (resource.webhooks()) {
            context.changed(resource.root() + "." + what, resource.root(), shown(record));
        }
    }

    /** Stores the caller's record. 422 if it is invalid. */
    Map<String, Object> create(Map<String, Object> given) {
        checkBillingEntity(given);
        Validation validation = Validation.create(resource, given);
        validate(validation, given, given);
        if (resource.unique() && given.get(resource.key()) != null && table.oneByKey(given.get(resource.key())) != null) {
            validation.add(resource.key(), "value_already_exist");
        }
        validation.check();
        Map<String, Object> record = resource.fresh(given);
        complete(record, given);
        return table.insert(record);
    }

    Map<String, Object> update(Map<String, Object> record, Map<String, Object> given) {
        checkBillingEntity(given);
        Validation validation = Validation.update(resource, given);
        Map<String, Object> whole = new LinkedHashMap<>(record);
        whole.putAll(given);
        validate(validation, given, whole);
        Object key = given.get(resource.key());
        if (resource.unique() && key != null && !Objects.equals(key, record.get(resource.key()))
                && table.oneByKey(key) != null) {
            validation.add(resource.key(), "value_already_exist");
        }
        validation.check();
        Map<String, Object> changes = new LinkedHashMap<>(resource.accepted(given));
        complete(changes, given);
        return table.update((String) record.get("lago_id"), changes);
    }

    /**
     * Checks rules that {@code resources.json} cannot express.
     *
     * @param whole the resulting record: the given fields, and on an update the existing ones
     */
    void validate(Validation validation, Map<String, Object> given, Map<String, Object> whole) {}

    /** 404 if the billing entity does not exist. */
    final void checkBillingEntity(Map<String, Object> given) {
        if (given.get("billing_entity_code") != null && !"billing_entities".equals(resource.name())) {
            context.require("billing_entities", given.get("billing_entity_code"));
        }
    }

    /** Sets fields that depend on the given ones, on create and update. */
    void complete(Map<String, Object> record, Map<String, Object> given) {
        if (given.containsKey("tax_codes") && resource.computed().containsKey("taxes")) {
            record.put("taxes", taxes(given));
        }
    }

    /** Throws if the record's state does not allow deletion. */
    void checkDelete(Map<String, Object> record) {}

    /** The record of the path. 404 if it does not exist. */
    Map<String, Object> find(Call call) {
        return context.require(resource.name(), call.param(resource.param()));
    }

    /** The record as get, create and update return it. */
    Map<String, Object> shown(Map<String, Object> record) {
        Map<String, Object> shown = new LinkedHashMap<>(record);
        shown.keySet().removeIf(field -> field.startsWith("_"));
        return shown;
    }

    /** The record as a list returns it. */
    Map<String, Object> listed(Map<String, Object> record) {
        return shown(record);
    }

    /** The caller's fields, with a trimmed code. */
    static Map<String, Object> stripped(Map<String, Object> given) {
        Map<String, Object> stripped = new LinkedHashMap<>(given);
        stripped.computeIfPresent("code", (field, code) -> String.valueOf(code).strip());
        return stripped;
    }

    static boolean renames(Map<String, Object> record, Map<String, Object> changes) {
        return changes(record, changes, "code");
    }

    static boolean changes(Map<String, Object> record, Map<String, Object> changes, String field) {
        return changes.containsKey(field) && !Objects.equals(changes.get(field), record.get(field));
    }

    /** Replaces the old code by the new one in the records of a collection. */
    final void refer(String collection, String field, Map<String, Object> old, Map<String, Object> updated) {
        if (!Objects.equals(old.get("code"), updated.get("code"))) {
            context.where(collection, field, old.get("code")).forEach(
                    record -> context.table(collection).update((String) record.get("lago_id"),
                            Json.object(field, updated.get("code"))));
        }
    }

    final Reply reply(Map<String, Object> record) {
        return Reply.of(resource.root(), shown(record));
    }

    final List<Map<String, Object>> taxes(Map<String, Object> given) {
        return Json.asStrings(given.get("tax_codes")).stream().map(code -> {
            Map<String, Object> tax = context.table("taxes").oneByKey(code);
            if (tax == null) {
                throw LagoError.notFound("tax");
            }
            return tax;
        }).toList();
    }
}
