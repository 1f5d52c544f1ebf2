package io.github.camellago.upsert;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import io.github.camellago.catalog.BoundOperation;
import io.github.camellago.catalog.Operation;
import io.github.camellago.catalog.PathTemplate;
import io.github.camellago.catalog.Repeat;
import io.github.camellago.catalog.Resource;

/**
 * The calls of Lago that an upsert is made of.
 *
 * @param get    reads the object by its key
 * @param create creates it
 * @param update changes it. Customers have no call of their own for that: their create changes an existing customer
 */
record UpsertCalls(BoundOperation get, BoundOperation create, BoundOperation update) {

    /** The fields that an upsert can find objects by. */
    private static final Set<String> KEYS = Set.of("code", "external_id");

    /** The field by which Lago finds the object. */
    String key() {
        return get.entry().records().id();
    }

    static UpsertCalls of(BoundOperation upsert) {
        Operation get = named(upsert, "get");
        Operation create = named(upsert, "create");
        Operation update = named(upsert, "update");
        BoundOperation creating = new BoundOperation(create, upsert.path().first(create.path().segments().size()), null,
                upsert.entry());
        return new UpsertCalls(at(upsert, get), creating, update == null ? creating : at(upsert, update));
    }

    private static BoundOperation at(BoundOperation upsert, Operation operation) {
        return new BoundOperation(operation, upsert.path(), upsert.idName(), upsert.entry());
    }

    private static Operation named(BoundOperation bound, String name) {
        return bound.entry().operations().stream().filter(o -> o.name().equals(name)).findFirst().orElse(null);
    }

    /** Adds the operation {@code upsert} to a resource if Lago keys it by a code or an external id. */
    static Resource with(Resource resource) {
        BoundOperation get = resource.operation("get");
        if (get == null || !KEYS.contains(String.valueOf(get.entry().records().id()))) {
            return resource;
        }
        Operation create = named(get, "create");
        if (create == null || create.root().equals("subscription") || create.answer() != Operation.Answer.OBJECT
                || named(get, "update") == null && create.repeat() != Repeat.SAFE) {
            return resource;
        }
        PathTemplate item = get.operation().path();
        Operation upsert = new Operation(true, Upsert.NAME, "PUT", item, null, Operation.Body.REQUIRED, create.root(), null,
                Operation.Answer.OBJECT, create.answerRoot(), false, create.query(), Repeat.SAFE, create.permission(), null,
                null);
        List<BoundOperation> operations = new ArrayList<>(resource.operations());
        operations.add(new BoundOperation(upsert, get.path(), get.idName(), get.entry()));
        return new Resource(resource.path(), List.copyOf(operations));
    }
}
