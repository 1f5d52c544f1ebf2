package io.github.camellago.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Collectors;

import io.github.camellago.upsert.Upsert;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The table of operations in the docs is made from the catalog; {@code -Dlago.docs.update} writes it. */
class OperationsDocTest {

    private static final Path FILE = Path.of("src/main/docs/lago-operations.adoc");

    private static final Map<Repeat, String> REPEATED = Map.of(Repeat.SAFE, "yes", Repeat.NEVER, "no", Repeat.UNIQUE_BY_CODE,
            "yes: the `code` is unique", Repeat.UNIQUE_BY_URL, "yes: the URL is unique", Repeat.WITH_CODE, "with a `code`",
            Repeat.WITH_EXTERNAL_ID, "with an `external_id`");

    @Test
    void theTableOfOperationsIsThatOfTheCatalog() throws IOException {
        String table = table(Catalog.get().entries());
        if (System.getProperty("lago.docs.update") != null) {
            Files.createDirectories(FILE.getParent());
            Files.writeString(FILE, table);
        }

        assertThat(FILE).as("made by ./mvnw -pl camel-lago -am test -Dtest=OperationsDocTest -Dlago.docs.update"
                + " -Dsurefire.failIfNoSpecifiedTests=false").hasContent(table);
    }

    private static String table(List<CatalogEntry> entries) {
        long operations = entries.stream().mapToLong(e -> e.operations().size()).sum();
        long listed = entries.stream().flatMap(e -> e.operations().stream()).filter(o -> o.operationId() != null).count();
        StringBuilder doc = new StringBuilder(
                """
                        // Made from the catalog by OperationsDocTest: change lago-catalog.json, not this file.
                        = Lago: resources and operations

                        %d operations.
                        %d of them are in Lago's published contract. The others are known from its server.

                        Each row gives the URI in its short form.
                        The path of the HTTP call is a valid resource too (`+lago:invoices/{lago_id}/finalize+`).
                        An operation in bold is the default of a producer. Consumers read every `GET`.

                        * Operation: what the server must have for the operation stands in parentheses.
                        `premium` needs a license; `after v1.51` needs a server that is newer than that.
                        * Repeated: whether a call is retried if Lago may have processed it, because its response was lost.
                        * Filters: the names for `filter.<name>`. `[]` takes several values, `[key]` takes entries, `!` is required.
                        Values other than text are named in parentheses, and other values are refused before the call.
                        Lists with pages also take `page`.
                        * Deletions: whether a consumer can deliver deleted records (`deletions=true`), and how it looks up a record that is missing.

                        The permission is the one that the API key needs, to read or to write.
                        xref:lago-component.adoc#_upsert[`upsert`] is made of `get`, `create` and `update`, and needs both.

                        Two more operations are the component's own: `+lago:events?operation=reconcile+` compares events with those that Lago has
                        stored, and `+lago:webhooks?operation=verify+` checks a webhook. See xref:lago-component.adoc[the component].
                        """
                        .formatted(operations, listed));
        for (CatalogEntry entry : entries) {
            doc.append("\n== ").append(code(entry.path().toString())).append("\n\n").append(about(entry)).append("""

                    [cols="4,2,4,2,2,3",options="header"]
                    |===
                    | URI | Operation | HTTP call | Body | Repeated | Filters and notes
                    """);
            Resource resource = Catalog.get().find(entry.path());
            BoundOperation byDefault = resource.byDefault();
            for (Operation operation : entry.operations()) {
                boolean isDefault = byDefault != null && byDefault.operation() == operation;
                doc.append("\n| ").append(code(uri(entry, operation, isDefault)))
                        .append("\n| ").append(isDefault ? "*" + operation.name() + "*" : operation.name())
                        .append(operation.condition() == null ? "" : " (" + operation.condition() + ")")
                        .append("\n| ").append(code(operation.method() + " " + operation.path()))
                        .append(operation.permission() == null ? "" : " (permission `" + operation.permission() + "`)")
                        .append("\n| ").append(body(operation))
                        .append("\n| ").append(REPEATED.get(operation.repeat()))
                        .append(("\n| " + filters(operation)).stripTrailing()).append(note(operation)).append('\n');
            }
            doc.append("|===\n");
        }
        return doc.toString();
    }

    private static String about(CatalogEntry entry) {
        StringBuilder about = new StringBuilder("Permission `").append(entry.permission()).append("`.");
        RecordType records = entry.records();
        if (records.id() != null) {
            about.append(" The id is the `").append(records.id()).append("`.");
        }
        if (!records.order().isEmpty()) {
            about.append(" Listed by ").append(records.order().stream().map(o -> '`' + o.replace(" ", "` "))
                    .collect(Collectors.joining(", then "))).append('.');
        }
        about.append(deletions(entry));
        if (Upsert.with(Catalog.get().find(entry.path())).operation(Upsert.NAME) != null) {
            about.append(" Has the operation `upsert`.");
        }
        return about.append('\n').toString();
    }

    private static String deletions(CatalogEntry entry) {
        Operation list = entry.operations().stream().filter(o -> o.name().equals("list")).findFirst().orElse(null);
        if (list == null) {
            return "";
        }
        BoundOperation lookup = entry.lookup(list, Catalog.get().find(list.path()));
        return lookup == null
                ? " Deletions: no."
                : " Deletions: looked up by " + code("GET " + lookup.operation().path()) + '.';
    }

    private static String uri(CatalogEntry entry, Operation operation, boolean isDefault) {
        StringJoiner options = new StringJoiner("&");
        if (!isDefault) {
            options.add("operation=" + operation.name());
        }
        String key = operation.path().placeholderAt(operation.keyIndex());
        if (key != null && operation.keyIndex() >= entry.path().size()) {
            options.add("id={" + key + '}');
        }
        return "lago:" + entry.path() + (options.length() == 0 ? "" : "?" + options);
    }

    private static String body(Operation operation) {
        if (operation.body() == Operation.Body.NONE) {
            return "none";
        }
        String body = operation.root() == null ? operation.batchRoot() == null ? "fields" : "list" : operation.root();
        return (operation.root() != null && operation.batchRoot() != null ? body + " or a list" : body)
                + (operation.body() == Operation.Body.OPTIONAL ? ", or none" : "");
    }

    private static String filters(Operation operation) {
        return operation.query().stream().map(p -> code(p.documentedName()) + (p.required() ? "!" : "") + type(p.type()))
                .collect(Collectors.joining(", "));
    }

    private static String type(ValueType type) {
        return switch (type.form()) {
            case TEXT -> "";
            case CHOICE -> " (" + String.join(", ", type.allowed()) + ")";
            case TRUE -> " (only true)";
            default -> " (" + type.form().name().toLowerCase(Locale.ROOT) + ")";
        };
    }

    private static String note(Operation operation) {
        if (operation.note() == null) {
            return "";
        }
        return (operation.query().isEmpty() ? " " : "\n\n") + operation.note();
    }

    /** Monospaced as it stands: braces are no attributes, underscores no emphasis. */
    private static String code(String text) {
        return "`+" + text + "+`";
    }
}
