package io.github.camellago.events;

import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

import io.github.camellago.BodyType;
import io.github.camellago.api.LagoNotFoundException;
import io.github.camellago.client.Binding;
import io.github.camellago.client.Envelope;
import io.github.camellago.client.LagoClient;
import io.github.camellago.client.LagoRequest;
import io.github.camellago.client.Page;
import io.github.camellago.operation.Pages;

/** Reads records from Lago. */
record ReferenceCalls(LagoClient client, int perPage) {

    /** With smaller pages, a list of 100,000 subscriptions takes more calls than the rate limit allows in some seconds. */
    private static final int PAGE_SIZE = 500;
    private static final Binding MAPS = new Binding(BodyType.MAP, null);

    /** One record, or null if Lago does not have it. */
    Map<?, ?> get(String path, String query, String root) {
        return (Map<?, ?>) get(client, LagoRequest.get(path, query, root), root, MAPS);
    }

    /** One record in the form of a binding, or null if Lago does not have it. */
    static Object get(LagoClient client, LagoRequest request, String root, Binding binding) {
        try {
            return client.call(request, response -> Envelope.unwrap(response, root, binding));
        } catch (LagoNotFoundException e) {
            if ((root + "_not_found").equals(e.getCode())) {
                return null;
            }
            throw e;
        }
    }

    /**
     * The records of a list. Returns false if it was not read to its end.
     *
     * @param more whether to read on, by the number of pages
     */
    boolean list(String path, String filter, Consumer<Map<?, ?>> found, IntPredicate more) {
        String permission = path.substring(0, path.length() - 1);
        Pages pages = Pages.inAnyOrder((number, size) -> client.call(
                LagoRequest.get(path, "page=" + number + "&per_page=" + size + (filter == null ? "" : "&" + filter),
                        permission),
                response -> Envelope.page(response, path, MAPS, Set.of())), 1, Math.max(PAGE_SIZE, perPage), null, 0);
        for (Page page = pages.next(); page != null; page = pages.next()) {
            page.records().forEach(record -> found.accept((Map<?, ?>) record.body()));
            if (page.totalPages() != null && !more.test(page.totalPages())) {
                return false;
            }
        }
        return true;
    }
}
