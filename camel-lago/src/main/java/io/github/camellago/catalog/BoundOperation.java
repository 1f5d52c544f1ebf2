package io.github.camellago.catalog;

/**
 * An operation as reached from an endpoint's path.
 *
 * @param operation what is called
 * @param path      the path to call: the endpoint's own, and what the operation adds to it
 * @param idName    the placeholder that the endpoint's {@code id} fills, or null where it adds none
 * @param entry     the resource it belongs to
 */
public record BoundOperation(Operation operation, PathTemplate path, String idName, CatalogEntry entry) {

    public String name() {
        return operation.name();
    }
}
