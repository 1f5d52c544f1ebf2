package io.github.camellago.catalog;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import io.github.camellago.catalog.ServerRoutes.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

import static org.assertj.core.api.Assertions.assertThat;

/** Compares the catalog with the routes of Lago's server, in both directions. */
@EnabledIfSystemProperty(named = "lago.serverRoutes", matches = ".+", disabledReason = "needs -Dlago.serverRoutes=<table of the server's routes>")
class ServerRoutesTest {

    @Test
    void everyRouteIsInTheCatalogAndNoOther() throws Exception {
        Map<String, Route> server = ServerRoutes.read(Path.of(System.getProperty("lago.serverRoutes")));
        Map<String, Route> catalog = new TreeMap<>();
        Set<String> lists = new HashSet<>();
        Catalog.get().entries().forEach(entry -> entry.operations().forEach(o -> {
            String call = o.method() + ' ' + o.path();
            catalog.put(call, route(entry, o));
            if (isOrdered(entry, o)) {
                lists.add(call);
            }
        }));

        Map<String, String> differences = new LinkedHashMap<>();
        server.forEach((call, route) -> {
            Route ours = catalog.get(call);
            Route theirs = lists.contains(call) ? route : route.withOrder(List.of());
            if (!theirs.equals(ours)) {
                differences.put(call, "\n  server:    " + theirs + "\n  catalog: " + ours + "\n");
            }
        });

        System.out.println(
                "server routes in the catalog: " + (server.size() - differences.size()) + " of " + server.size());
        assertThat(differences).isEmpty();
        assertThat(catalog.keySet()).isEqualTo(server.keySet());
        assertThat(server).hasSizeGreaterThan(250);
    }

    /** Whether the list has an order that a reader can use: a list with pages, or one that names an order without having pages. */
    private static boolean isOrdered(CatalogEntry entry, Operation o) {
        return o.name().equals("list") && (o.paged() || !entry.records().order().isEmpty());
    }

    private static Route route(CatalogEntry entry, Operation o) {
        return new Route(o.operationId() == null ? "" : o.operationId(),
                o.permission() == null ? entry.permission() : o.permission(), o.reads() ? "read" : "write",
                CatalogContractTest.in(o), CatalogContractTest.out(o), o.paged(),
                isOrdered(entry, o) ? entry.records().order() : List.of(),
                o.query().stream().map(CatalogContractTest::text).collect(Collectors.toSet()), o.condition() != null);
    }
}
