package io.github.camellago.examples.billing;

import java.util.Map;

/**
 * The desired state of an object in Lago.
 *
 * @param resource the list that the object is in, such as {@code plans}
 * @param body     the fields, as Lago's API takes them
 */
public record Definition(String resource, Map<String, Object> body) {

    /** Lago's path of the list in which objects have a code or an external id. Wallets have it within their customer. */
    public String path() {
        return resource.equals("wallets") ? "customers/{external_customer_id}/wallets" : resource;
    }

    /** Identifies the object in every Lago: {@code plans/starter}. */
    public String name() {
        return name(resource, body);
    }

    static String name(String resource, Map<?, ?> object) {
        String name = resource + '/' + object.get(object.containsKey("code") ? "code" : "external_id");
        return resource.equals("wallets") ? name + " of " + object.get("external_customer_id") : name;
    }
}
