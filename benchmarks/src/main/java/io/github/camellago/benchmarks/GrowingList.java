package io.github.camellago.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Answers lists of as many small invoices as the filter {@code external_customer_id} says. */
public final class GrowingList implements FastServer.Answers {

    @Override
    public byte[] to(String method, String target, byte[] body, int length, FastServer.Counts counts) {
        int all = number(target, "external_customer_id", 0);
        int page = number(target, "page", 1);
        int perPage = number(target, "per_page", 100);
        int pages = (all + perPage - 1) / perPage;
        StringBuilder json = new StringBuilder("{\"invoices\":[");
        int end = Math.min(all, page * perPage);
        for (int i = (page - 1) * perPage; i < end; i++) {
            json.append(i % perPage == 0 ? "" : ",").append("{\"lago_id\":\"").append(new UUID(0x1a901a901a904a90L, i))
                    .append("\",\"created_at\":\"2026-04-30T00:10:11Z\",\"updated_at\":\"2026-04-30T00:12:13Z\"}");
            counts.items(1);
        }
        return json.append("],\"meta\":{\"current_page\":").append(page).append(",\"next_page\":")
                .append(page < pages ? page + 1 : "null").append(",\"total_pages\":").append(pages)
                .append(",\"total_count\":").append(all).append("}}").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static int number(String target, String name, int byDefault) {
        for (String parameter : target.substring(target.indexOf('?') + 1).split("&")) {
            if (parameter.startsWith(name + "=")) {
                return Integer.parseInt(parameter.substring(name.length() + 1));
            }
        }
        return byDefault;
    }
}
