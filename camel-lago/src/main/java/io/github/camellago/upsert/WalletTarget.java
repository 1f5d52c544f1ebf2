package io.github.camellago.upsert;

import java.io.IOException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camellago.catalog.BoundOperation;
import io.github.camellago.catalog.PathTemplate;
import io.github.camellago.client.LagoClient;
import io.github.camellago.client.LagoRequest;
import io.github.camellago.operation.QueryBuilder;
import io.github.camellago.operation.RequestFactory;
import org.apache.camel.Exchange;

/**
 * A wallet of a customer. An active wallet may have the code of terminated ones, and Lago then finds any of them by the code. The active one is
 * meant: it is read and changed by its own id.
 */
final class WalletTarget extends KeyedTarget {

    private static final int PER_PAGE = 100;

    private String id;

    WalletTarget(BoundOperation upsert, LagoClient client, RequestFactory requests, Exchange exchange, ObjectNode body,
            boolean strict) {
        super(upsert, client, requests, exchange, body, strict);
    }

    @Override
    Found read() {
        id = null;
        Found found = get(null);
        if (isTerminated(found.record())) {
            String active = active();
            if (active == null) {
                return found;
            }
            found = call(LagoRequest.get(path(active), null, calls.get().permission()));
        }
        id = found.record().path("lago_id").asText(null);
        return found;
    }

    /** The id of the customer's active wallet with the code, or null. */
    private String active() {
        LagoRequest list = requests.request(calls.list(), exchange, null, null);
        for (int page = 1;; page++) {
            String query = new QueryBuilder().with("page", page).with("per_page", PER_PAGE).toText();
            JsonNode wallets = Found.list(client, LagoRequest.get(list.path(), query, list.permission()), "wallets");
            for (JsonNode wallet : wallets) {
                if (wallet.path("code").asText().equals(key()) && !isTerminated(wallet)) {
                    return wallet.path("lago_id").asText();
                }
            }
            if (wallets.size() < PER_PAGE) {
                return null;
            }
        }
    }

    @Override
    LagoRequest request(Decision decision) throws IOException {
        LagoRequest request = super.request(decision);
        return decision.isCreate() || id == null
                ? request
                : new LagoRequest(request.method(), path(id), request.query(), request.body(), request.retry(),
                        request.permission());
    }

    private static boolean isTerminated(JsonNode wallet) {
        return wallet.path("status").asText().equals("terminated");
    }

    private static String path(String id) {
        return "wallets/" + PathTemplate.encodeSegment(id);
    }
}
