package io.github.camellago.test.domain;

import java.util.List;

import io.github.camellago.test.server.Router;

/**
 * The routes that get 403 {@code feature_unavailable} without a premium license.
 */
final class Premium {

    private static final List<String> ROUTES = List.of(
            "GET /activity_logs", "GET /activity_logs/{activity_id}",
            "GET /analytics/invoice_collection", "GET /analytics/invoiced_usage", "GET /analytics/mrr",
            "GET /api_logs", "GET /api_logs/{request_id}",
            "POST /credit_notes", "POST /credit_notes/estimate",
            "POST /invoices/preview",
            "POST /payment_requests", "POST /payments",
            "PUT /subscriptions/{external_id}/charges/{charge_code}",
            "PUT /subscriptions/{external_id}/fixed_charges/{fixed_charge_code}",
            "POST /subscriptions/{external_id}/charges/{charge_code}/filters",
            "PUT /subscriptions/{external_id}/charges/{charge_code}/filters/{filter_id}",
            "DELETE /subscriptions/{external_id}/charges/{charge_code}/filters/{filter_id}");

    private Premium() {}

    /** Adds the check to these routes. */
    static void guard(Router router, License license) {
        for (String methodAndPath : ROUTES) {
            Router.Route route = router.routes().stream()
                    .filter(one -> methodAndPath.equals(one.method() + " " + one.template())).findFirst().orElseThrow();
            router.on(route.method(), route.template(), route.permission(), call -> {
                license.requirePremium();
                return route.handler().handle(call);
            });
        }
    }
}
