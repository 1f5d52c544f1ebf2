package io.github.camellago.upsert;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import io.github.camellago.catalog.BoundOperation;
import io.github.camellago.catalog.Operation;
import io.github.camellago.catalog.Repeat;
import io.github.camellago.catalog.Resource;

/**
 * The calls of Lago that an upsert is made of.
 *
 * @param list   lists the objects that it is one of
 * @param get    reads the object by its key
 * @param create creates it
 * @param update changes it. Customers have no call of their own for that: their create changes an existing customer
 */
record UpsertCalls(BoundOperation list, BoundOperation get, BoundOperation create, BoundOperation update) {

    /** The fields that an upsert can find objects by. */
    private static final Set<String> KEYS = Set.of("code", "external_id", "rate_card_code");

    /** The field by which Lago finds the object. */
    String key() {
        return get.entry().records().id();
    }

    static UpsertCalls of(BoundOperation upsert) {
        Operation get = named(upsert, "get");
        Operation update = named(upsert, "update");
        BoundOperation create = above(upsert, named(upsert, "create"));
        return new UpsertCalls(above(upsert, named(upsert, "list")), at(upsert, get), create,
                update == null ? create : at(upsert, update));
    }

    /** One of the calls at the path of the list. */
    private static BoundOperation above(BoundOperation upsert, Operation operation) {
        return new BoundOperation(operation, upsert.path().first(operation.path().segments().size()), null, upsert.entry());
    }

    /** One of the calls at the path of an upsert. */
    static BoundOperation at(BoundOperation upsert, Operation operation) {
        return new BoundOperation(operation, upsert.path(), upsert.idName(), upsert.entry());
    }

    /** The operation of that name of the same resource, or null. */
    static Operation named(BoundOperation bound, String name) {
        return bound.entry().operations().stream().filter(o -> o.name().equals(name)).findFirst().orElse(null);
    }

    /** Adds the operation {@code upsert} to a resource if Lago keys it by a code or an external id, and to entitlements. */
    static Resource with(Resource resource) {
        BoundOperation upsert = of(resource);
        if (upsert == null) {
            return resource;
        }
        List<BoundOperation> operations = new ArrayList<>(resource.operations());
        operations.add(upsert);
        return new Resource(resource.path(), List.copyOf(operations));
    }

    private static BoundOperation of(Resource resource) {
        BoundOperation list = resource.operation("list");
        if (list != null && EntitlementMap.NAME.equals(list.operation().answerRoot())) {
            return upsert(list, named(list, "update"));
        }
        BoundOperation get = resource.operation("get");
        if (get == null || !KEYS.contains(String.valueOf(get.entry().records().id()))) {
            return null;
        }
        Operation create = named(get, "create");
        boolean creates = create != null && create.answer() == Operation.Answer.OBJECT;
        return creates && (named(get, "update") != null || create.repeat() == Repeat.SAFE) ? upsert(get, create) : null;
    }

    /** The operation at the path of a read, with the body of a call that writes. */
    private static BoundOperation upsert(BoundOperation read, Operation writes) {
        boolean list = writes.answer() == Operation.Answer.LIST;
        Operation operation = new Operation(true, Upsert.NAME, writes.method(), read.operation().path(), null,
                Operation.Body.REQUIRED, writes.root(), list ? writes.root() : null, writes.answer(), writes.answerRoot(),
                false,
                writes.query(), Repeat.SAFE, writes.permission(), null, null);
        return new BoundOperation(operation, read.path(), read.idName(), read.entry());
    }
}
