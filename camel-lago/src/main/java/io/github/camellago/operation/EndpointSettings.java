package io.github.camellago.operation;

import java.util.LinkedHashMap;
import java.util.Map;

import io.github.camellago.LagoConfiguration;
import io.github.camellago.catalog.BoundOperation;
import io.github.camellago.catalog.Operation;
import io.github.camellago.catalog.Resource;
import io.github.camellago.client.Binding;

/**
 * The settings of an endpoint's URI, validated.
 *
 * @param uri           the URI of the endpoint
 * @param resource      the path as the user wrote it
 * @param target        the resource of the path
 * @param operation     the option {@code operation}, or null
 * @param id            the option {@code id}, or null
 * @param page          the option {@code page}
 * @param filter        the {@code filter.NAME} options
 * @param path          the {@code path.NAME} options
 * @param configuration all other options
 */
public record EndpointSettings(String uri, String resource, Resource target, String operation, String id, int page,
        Map<String, Object> filter, Map<String, Object> path, LagoConfiguration configuration) {

    /**
     * The operation of a name, as reached from the endpoint's path.
     *
     * @throws IllegalArgumentException if the resource has no operation of that name
     */
    public BoundOperation operation(String name) {
        BoundOperation operation = target.operation(name);
        if (operation == null) {
            throw new IllegalArgumentException(
                    "The resource " + target.path() + " has no operation " + name + ". It has: " + target.operationNames());
        }
        return operation;
    }

    /** The endpoint's filters that the operation has. They were checked when the endpoint was created, and may be for another operation. */
    public Map<String, Object> filters(Operation operation) {
        Map<String, Object> filters = new LinkedHashMap<>(filter);
        filters.keySet().removeIf(name -> !QueryBuilder.knows(operation, name) && target.operations().stream()
                .anyMatch(other -> QueryBuilder.knows(other.operation(), name)));
        return filters;
    }

    /** Whether the URI has a placeholder of that name. */
    boolean hasPlaceholder(String name) {
        return target.path().placeholders().contains(name);
    }

    /** How records become message bodies. */
    public Binding binding() {
        return new Binding(configuration.getBodyType(), configuration.getOutputClass());
    }
}
