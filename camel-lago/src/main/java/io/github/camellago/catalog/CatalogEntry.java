package io.github.camellago.catalog;

import java.util.List;

/**
 * One resource of Lago's API as the catalogue holds it.
 *
 * @param path       the collection's path below {@code /api/v1}
 * @param permission the name of the API key's permission that its calls need, unless they name another
 * @param records    what its records are like
 * @param operations its calls
 */
public record CatalogEntry(PathTemplate path, String permission, RecordType records, List<Operation> operations) {}
