package io.github.camellago.api;

import java.util.List;

/**
 * A list of Lago's API.
 *
 * @param resource        the resource for the URI of an endpoint, such as {@code invoices} or {@code plans/{code}/charges}
 * @param placeholders    the names of the resource's placeholders, from left to right
 * @param operation       the operation that reads it: {@code list}, or the last segment of the resource
 * @param id              the field by which Lago's API addresses a record, such as {@code external_id}; null if it addresses none
 * @param key             the fields that together identify a record of one such list for ever, such as {@code lago_id}; empty if
 *                        only its content does
 * @param updatedAt       whether records have {@code updated_at}
 * @param requiredFilters the filters that Lago requires
 * @param deletions       whether a consumer of the list can deliver deleted records ({@code deletions=true})
 */
public record LagoList(String resource, List<String> placeholders, String operation, String id, List<String> key,
        boolean updatedAt, List<String> requiredFilters, boolean deletions) {}
