package io.github.camellago.test.domain;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.camellago.test.server.Ids;
import io.github.camellago.test.server.LagoError;
import io.github.camellago.test.server.Pager;
import io.github.camellago.test.server.Router;
import io.github.camellago.test.server.SandboxClock;
import io.github.camellago.test.server.Store;
import io.github.camellago.test.server.Table;

/**
 * The state and helpers that the domains share.
 */
final class Context {

    final Store store;
    final Pager pager;
    /** The routes below {@code /api/v1}. */
    final Router router;
    /** The routes below {@code /api/v2}. */
    final Router v2 = Router.takingDotsAndSlashes();
    final SandboxClock clock;
    final Variant variant;
    final String baseUrl;
    final String organizationId = Ids.next();
    private final Map<String, Crud> cruds = new HashMap<>();
    private ChangeListener listener = (type, objectType, object) -> {};

    Context(Store store, Pager pager, Router router, SandboxClock clock, Variant variant, String baseUrl) {
        this.store = store;
        this.pager = pager;
        this.router = router;
        this.clock = clock;
        this.variant = variant;
        this.baseUrl = baseUrl;
    }

    /** Registers a domain and its routes. */
    <T extends Crud> T add(T crud) {
        cruds.put(crud.resource.name(), crud);
        crud.register();
        return crud;
    }

    /** The operations of a collection. */
    Crud crud(String collection) {
        return cruds.get(collection);
    }

    void setListener(ChangeListener other) {
        listener = other;
    }

    /** Notifies the listener of a change. */
    void changed(String type, String objectType, Map<String, Object> object) {
        listener.changed(type, objectType, object);
    }

    /** The routes below {@code /api/<version>}. */
    Router router(String version) {
        return "v2".equals(version) ? v2 : router;
    }

    Table table(String collection) {
        return store.table(collection);
    }

    /** Whether the value is a date or time in the future. */
    boolean isFuture(Object time) {
        Instant instant = SandboxClock.parse(time);
        return instant != null && instant.isAfter(clock.now());
    }

    String now() {
        return SandboxClock.text(clock.now());
    }

    String today() {
        return clock.today().toString();
    }

    /** The record with the key {@code key}. 404 if it does not exist. */
    Map<String, Object> require(String collection, Object key) {
        Table table = table(collection);
        Map<String, Object> record = key == null
                ? null
                : "lago_id".equals(table.resource().key()) ? table.byId(key) : table.oneByKey(key);
        if (record == null) {
            throw LagoError.notFound(table.resource().root());
        }
        return record;
    }

    /** The records with these keys. 404 with the plural name if one is missing. */
    void requireAll(String collection, List<String> keys) {
        if (keys.stream().anyMatch(key -> table(collection).oneByKey(key) == null)) {
            throw LagoError.notFound(collection);
        }
    }

    Map<String, Object> customer(Object externalId) {
        return require("customers", externalId);
    }

    /** The records of a collection that have {@code value} in {@code field}, in Lago's order. */
    List<Map<String, Object>> where(String collection, String field, Object value) {
        return table(collection).all().stream().filter(record -> value.equals(record.get(field))).toList();
    }
}
