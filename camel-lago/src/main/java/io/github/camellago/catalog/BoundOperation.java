package io.github.camellago.catalog;

/**
 * An operation as reached from an endpoint's path.
 *
 * @param operation what is called
 * @param path      the path to call: the endpoint's own, and what the operation adds to it
 * @param idName    the placeholder of that path for the object's own id, which the endpoint's {@code id} may fill; null where the
 *                  operation is about a collection, or the endpoint's path names the object
 * @param entry     the resource it belongs to
 */
public record BoundOperation(Operation operation, PathTemplate path, String idName, CatalogEntry entry) {

    public String name() {
        return operation.name();
    }

    /** The name of the API key's permission that it needs. */
    public String permission() {
        return operation.permission() == null ? entry.permission() : operation.permission();
    }

    /** The object's own id where the endpoint's path names it, else null. */
    public String literalId() {
        int key = operation.keyIndex();
        String id = key < 0 || idName != null ? null : path.segments().get(key);
        return id == null || PathTemplate.isPlaceholder(id) ? null : id;
    }

    /** The operation as messages name it: {@code finalize of invoices (PUT invoices/{lago_id}/finalize)}. */
    public String title() {
        return name() + " of " + entry.path() + " (" + operation.method() + " " + operation.path() + ")";
    }
}
