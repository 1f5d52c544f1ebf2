package io.github.camellago.test.domain;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Ids;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.Reply;

/**
 * Quotes. The API cannot create quotes. {@code add("quotes", …)} adds a quote with its first version.
 */
final class Quotes extends QuoteRecords {

    private static final List<String> OF_VERSION = List.of("currency", "billing_entity_code", "content", "billing_items");

    private final QuoteVersions versions;

    Quotes(Context context, QuoteVersions versions) {
        super(context, "quotes");
        this.versions = versions;
    }

    @Override
    void register() {
        flagged("GET", "/quotes", this::list);
        flagged("GET", "/quotes/{lago_id}", this::get);
        flagged("GET", "/quotes/{lago_id}/versions", call -> versions.list(call, versions(find(call).get("lago_id"))));
    }

    /** Stores a quote with its first version. {@code owners} are e-mail addresses or objects. */
    Map<String, Object> seed(Map<String, Object> given) {
        Map<String, Object> record = new LinkedHashMap<>(given);
        OF_VERSION.forEach(record::remove);
        Map<String, Object> customer = context.table("customers").oneByKey(record.remove("external_customer_id"));
        if (customer != null) {
            record.put("lago_customer_id", customer.get("lago_id"));
        }
        if (record.get("number") == null) {
            record.put("number", number("QT"));
        }
        record.put("lago_organization_id", context.organizationId);
        record.put("_owners", owners(record.remove("owners")));
        Map<String, Object> quote = table.insert(record);
        Map<String, Object> version = new LinkedHashMap<>(given);
        version.keySet().retainAll(OF_VERSION);
        if (version.get("currency") == null && customer != null) {
            version.put("currency", customer.get("currency"));
        }
        context.changed("quote.created", "quote", versions.withQuote(versions.add(quote, version)));
        return quote;
    }

    private static List<Object> owners(Object given) {
        List<Object> owners = new ArrayList<>();
        if (given instanceof List<?> list) {
            list.forEach(one -> owners.add(one instanceof Map<?, ?> ? one : Json.object("lago_id", Ids.next(), "email", one)));
        }
        return owners;
    }

    @Override
    Reply list(Call call) {
        checkFilter(call, "status", QuoteVersions.STATUSES);
        checkFilter(call, "order_type", ORDER_TYPES);
        checkFilter(call, "number", value -> value.matches("QT-\\d{4}-\\d{4,}"), "is in invalid format");
        checkFilter(call, "owner_id", UUID, "is in invalid format");
        checkDates(call, "from_date", "to_date");
        return list(call, table.all().stream().map(quote -> {
            Map<String, Object> version = currentVersion(quote);
            Map<String, Object> customer = context.table("customers").byId(quote.get("lago_customer_id"));
            return Json.with(quote, "_status", version == null ? null : version.get("status"), "_owner_ids", ownerIds(quote),
                    "_external_customer_id", customer == null ? null : customer.get("external_id"));
        }).toList());
    }

    @Override
    Map<String, Object> shown(Map<String, Object> quote) {
        return Json.with(listed(quote), "owners", quote.get("_owners"));
    }

    @Override
    Map<String, Object> listed(Map<String, Object> quote) {
        Map<String, Object> version = currentVersion(quote);
        return Json.with(super.shown(quote), "current_version", version == null ? null : versions.listed(version));
    }
}
