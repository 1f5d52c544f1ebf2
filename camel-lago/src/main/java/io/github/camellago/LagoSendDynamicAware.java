package io.github.camellago;

import io.github.camellago.events.ExchangePaths;
import io.github.camellago.operation.CallOptions;
import io.github.camellago.operation.DynamicUri;
import io.github.camellago.operation.FilterParser;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Processor;
import org.apache.camel.spi.Language;
import org.apache.camel.spi.annotations.SendDynamic;
import org.apache.camel.support.EndpointHelper;
import org.apache.camel.support.MessageHelper;
import org.apache.camel.support.component.SendDynamicAwareSupport;

/**
 * Lets {@code toD("lago:customers?operation=get&id=${body}")} use one endpoint for all customers. The value of each expression goes
 * with the message and stays one value, whatever it contains. It counts as stated by the endpoint: no header overrules it. An API key
 * goes with the message, too, where nothing but its endpoint sees it.
 */
@SendDynamic("lago")
public class LagoSendDynamicAware extends SendDynamicAwareSupport {

    private String template;
    private DynamicUri dynamicUri;

    /** Looks up no names of options. They are not needed, and Camel has them for the name {@code lago} only, not for other accounts. */
    @Override
    protected void doInit() {}

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        // the first message creates the producer, which is too late to follow that message
        ExchangePaths.follow(getCamelContext());
    }

    @Override
    public boolean isLenientProperties() {
        return false;
    }

    @Override
    public DynamicAwareEntry prepare(Exchange exchange, String uri, String originalUri) throws Exception {
        DynamicUri template = template(originalUri);
        if (template.isFixed()) {
            return null;
        }
        Language simple = exchange.getContext().resolveLanguage("simple");
        DynamicUri.Call call = template.call(text -> {
            MessageHelper.resetStreamCache(exchange.getMessage());
            Object value = simple.createExpression(text).evaluate(exchange, Object.class);
            return FilterParser.isTyped(value)
                    ? value
                    : exchange.getContext().getTypeConverter().convertTo(String.class, exchange, value);
        });
        MessageHelper.resetStreamCache(exchange.getMessage());
        return new DynamicAwareEntry(call.uri(), originalUri, call.computed(), null);
    }

    private synchronized DynamicUri template(String originalUri) throws Exception {
        if (!originalUri.equals(template)) {
            dynamicUri = new DynamicUri(EndpointHelper.resolveEndpointUriPropertyPlaceholders(getCamelContext(), originalUri),
                    EndpointValidator.canBeSharedByKeys(
                            getCamelContext().getComponent(getScheme(), LagoComponent.class).getConfiguration()));
            template = originalUri;
        }
        return dynamicUri;
    }

    @Override
    public String resolveStaticUri(Exchange exchange, DynamicAwareEntry entry) {
        return entry.getUri();
    }

    @Override
    public Processor createPreProcessor(Exchange exchange, DynamicAwareEntry entry) {
        return sent -> sent.setProperty(CallOptions.COMPUTED, new CallOptions.Computed(
                sent.getProperty(ExchangePropertyKey.TO_ENDPOINT, String.class), entry.getProperties()));
    }

    @Override
    public Processor createPostProcessor(Exchange exchange, DynamicAwareEntry entry) {
        return sent -> sent.removeProperty(CallOptions.COMPUTED);
    }
}
