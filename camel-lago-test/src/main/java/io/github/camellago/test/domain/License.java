package io.github.camellago.test.domain;

import io.github.camellago.test.server.LagoError;

/**
 * The features that Lago has to enable for an organization.
 *
 * @param premium      premium features
 * @param orderForms   the feature flag of quotes, order forms and orders
 * @param securityLogs the security log
 * @param projectedUsage projected usage of customers
 * @param paymentAuthorization whether subscriptions can be created with {@code authorization}
 * @param salesforce   the code of the Salesforce integration, or null
 */
public record License(boolean premium, boolean orderForms, boolean securityLogs, String salesforce,
        boolean projectedUsage, boolean paymentAuthorization) {

    /** 403 unless the organization has premium features. */
    void requirePremium() {
        require(premium, "feature_unavailable");
    }

    /** 403 with {@code code} unless the feature is enabled. */
    static void require(boolean enabled, String code) {
        if (!enabled) {
            throw LagoError.forbidden(code);
        }
    }
}
