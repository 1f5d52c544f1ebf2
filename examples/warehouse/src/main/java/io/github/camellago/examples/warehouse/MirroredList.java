package io.github.camellago.examples.warehouse;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.camellago.LagoComponent;
import io.github.camellago.api.LagoList;

/** A list of Lago and its table. */
record MirroredList(LagoList list) {

    /** Without these filters, Lago refuses the list or leaves records out. */
    private static final Map<String, String> FILTERS = Map.of(
            "subscriptions", "&filter.status=pending,active,terminated,canceled,incomplete",
            "security_logs", "&filter.to_date=2999-12-31T00:00:00Z",
            "customers/{external_customer_id}/past_usage", "&filter.external_subscription_id=*");

    /** Records of these lists never change, so that only new ones are read. */
    private static final List<String> LOGS = List.of("activity_logs", "api_logs", "events", "events_enriched", "security_logs");

    /** All lists of Lago, without those that show records of another list once more ({@code customers/{…}/invoices}). */
    static List<MirroredList> all() {
        List<LagoList> lists = LagoComponent.lists();
        List<String> resources = lists.stream().map(LagoList::resource).toList();
        return lists.stream()
                .filter(list -> list.placeholders().isEmpty() || !resources.contains(lastSegment(list.resource())))
                // Lago has no list of the wallet transactions of all wallets
                .filter(list -> !list.resource().startsWith("wallet_transactions/")).map(MirroredList::new).toList();
    }

    private static String lastSegment(String resource) {
        return resource.substring(resource.lastIndexOf('/') + 1);
    }

    String resource() {
        return list.resource();
    }

    /** {@code plans/{code}/charges} becomes {@code plans_charges}. */
    String table() {
        return Stream.of(resource().split("/")).filter(segment -> !segment.startsWith("{")).collect(Collectors.joining("_"));
    }

    /** The columns that together identify a row. Empty if only its content does. */
    List<String> keys() {
        List<String> keys = new ArrayList<>();
        if (!list.key().isEmpty()) {
            list.placeholders().forEach(name -> keys.add("path_" + name));
            keys.addAll(list.key());
        }
        return keys;
    }

    /** The URI that reads the list, for all the objects that it may belong to. */
    String uri() {
        return uri(readMode());
    }

    /** The URI that reads all records in each poll. */
    String uriOfAll() {
        return uri("all");
    }

    private String uri(String readMode) {
        StringBuilder uri = new StringBuilder("lago:" + resource() + "?readMode=" + readMode);
        list.placeholders().forEach(name -> uri.append("&path.").append(name).append("=*"));
        return uri.append(FILTERS.getOrDefault(resource(), "")).toString();
    }

    /**
     * Lists of records that never change: only new ones. Lists whose deleted records the component can find: only what has changed. Others
     * are read and written as a whole.
     */
    private String readMode() {
        if (LOGS.contains(resource())) {
            return "new";
        }
        return list.deletions() && list.placeholders().isEmpty() ? "changed&deletions=true" : "all";
    }

    /** How a complete poll finds rows that are gone: {@code all}, {@code changed} or {@code new}. */
    String mode() {
        return readMode().replaceFirst("&.*", "");
    }

    /** The URI that reads one record, to find out whether the key may read the list. Permissions are checked before objects are looked up. */
    String probe() {
        StringBuilder uri = new StringBuilder("lago:" + resource() + "?perPage=1&operation=" + list.operation());
        list.placeholders().forEach(name -> uri.append("&path.").append(name).append("=-"));
        return uri.append(FILTERS.getOrDefault(resource(), "").replace("=*", "=-")).toString();
    }
}
