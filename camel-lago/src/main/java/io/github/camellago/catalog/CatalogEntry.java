package io.github.camellago.catalog;

import java.util.List;

/**
 * One resource of Lago's API as the catalog holds it.
 *
 * @param path       the collection's path below {@code /api/v1}
 * @param permission the name of the API key's permission that its calls need, unless they name another
 * @param records    what its records are like
 * @param lookup     the path of the call that finds a record of the list by its id, if it is not the {@code get} of this resource;
 *                   {@link #NO_LOOKUP} if that call does not find every record of the list; null for the resource's own {@code get}
 * @param operations its calls
 */
public record CatalogEntry(PathTemplate path, String permission, RecordType records, String lookup,
        List<Operation> operations) {

    /** No call finds every record of the list. */
    public static final String NO_LOOKUP = "none";

    /**
     * The call that finds a record of a list by its id, so that a 404 means that the record is gone; null if Lago has no such call.
     *
     * @param list   reads the list
     * @param target what the endpoint's path stands for
     */
    public BoundOperation lookup(Operation list, Resource target) {
        if (!list.name().equals("list") || NO_LOOKUP.equals(lookup) || records.key() == null || records.key().contains(",")) {
            return null;
        }
        Resource owner = lookup == null ? target : Catalog.get().find(PathTemplate.of(lookup));
        BoundOperation get = owner.operation("get");
        return get == null || get.idName() == null ? null : get;
    }
}
