package io.github.camellago.webhook;

import java.net.UnknownHostException;

import io.github.camellago.client.BaseUrl;
import org.apache.camel.component.webhook.WebhookConfiguration;

/** The URL at which Lago reaches a route. */
final class WebhookUrl {

    private WebhookUrl() {}

    /** @throws IllegalArgumentException if the options give no http(s) URL */
    static String of(WebhookConfiguration configuration) {
        String external = configuration.getWebhookExternalUrl();
        try {
            if (external == null) {
                return configuration.computeFullExternalUrl();
            }
            external = BaseUrl.decoded(external);
            if (!external.matches("https?://.+")) {
                throw new IllegalArgumentException(
                        "The option webhookExternalUrl=" + external + " must begin with https:// or http://");
            }
            return external.replaceFirst("/+$", "") + configuration.computeFullPath(true);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("Cannot find this host's name: set the option webhookExternalUrl", e);
        }
    }
}
