package io.github.camellago.client;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

import io.github.camellago.test.LagoSandbox;

/** The state of Lago after all runs: the count of each event, and the number of records of each run. */
final class MatrixState {

    private final Map<String, Integer> counts = new HashMap<>();

    private MatrixState() {}

    static MatrixState ofEvents(LagoSandbox sandbox) {
        MatrixState state = new MatrixState();
        state.count("events", sandbox.events(), event -> ((Map<?, ?>) event.get("properties")).get("name"));
        return state;
    }

    static MatrixState ofRecords(LagoSandbox sandbox) {
        MatrixState state = new MatrixState();
        Map.<String, Function<Map<String, Object>, Object>>of(
                "wallet_transactions", record -> record.get("lago_wallet_id"),
                "invoices", record -> ((Map<?, ?>) record.get("customer")).get("external_id"),
                "customers", record -> record.get("external_id"),
                "plans", record -> record.get("code"))
                .forEach((collection, name) -> state.count(collection, sandbox.records(collection), name));
        return state;
    }

    private void count(String collection, Collection<Map<String, Object>> records, Function<Map<String, Object>, Object> name) {
        records.forEach(record -> counts.merge(collection + ' ' + name.apply(record), 1, Integer::sum));
    }

    int count(String collection, Object name) {
        return counts.getOrDefault(collection + ' ' + name, 0);
    }
}
