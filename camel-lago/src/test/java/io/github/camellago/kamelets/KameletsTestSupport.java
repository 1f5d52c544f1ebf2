package io.github.camellago.kamelets;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camellago.webhook.WebhookTestSupport;
import org.apache.camel.CamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** The Kamelets, loaded from the jar. They bring their own key and URL: nothing is set on the component. */
abstract class KameletsTestSupport extends WebhookTestSupport {

    static final ObjectMapper JSON = new ObjectMapper();

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext context = super.createCamelContext();
        context.removeComponent("lago");
        return context;
    }

    static String server() {
        return "&apiKey=" + sandbox.apiKey() + "&baseUrl=" + encoded(sandbox.baseUrl());
    }

    static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    void pipe(String yaml) throws Exception {
        PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString("pipe.yaml", yaml));
    }
}
