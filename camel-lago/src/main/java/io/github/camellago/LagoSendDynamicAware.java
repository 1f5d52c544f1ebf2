package io.github.camellago;

import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.Map;

import io.github.camellago.operation.ResponseHeaders;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.spi.annotations.SendDynamic;
import org.apache.camel.support.component.SendDynamicAwareSupport;
import org.apache.camel.util.StringHelper;
import org.apache.camel.util.URISupport;

/**
 * Lets {@code toD("lago:customers?operation=get&id=${body}")} use one endpoint for all customers: {@code id}, and {@code path.*} for a
 * placeholder of the URI, go with the message, in the headers that stand for them. As ever, a header that is there already wins
 * over the option; after the call the headers are as they would be without this.
 */
@SendDynamic("lago")
public class LagoSendDynamicAware extends SendDynamicAwareSupport {

    private static final String PATH = "path.";

    @Override
    public boolean isLenientProperties() {
        return false;
    }

    @Override
    public DynamicAwareEntry prepare(Exchange exchange, String uri, String originalUri) throws Exception {
        String path = StringHelper.before(uri, "?", uri);
        Map<String, Object> options = URISupport.parseQuery(URISupport.extractQuery(uri));
        Map<String, Object> varying = new HashMap<>();
        options.entrySet().removeIf(option -> {
            if (!varies(option.getKey(), path) || !(option.getValue() instanceof String)) {
                return false;
            }
            varying.put(option.getKey(), option.getValue());
            return true;
        });
        URISupport.resolveRawParameterValues(varying);
        return new Entry(uri, originalUri, path, options, varying);
    }

    private static boolean varies(String option, String path) {
        if (option.equals("id")) {
            // beside a placeholder there may be another header for the id, which would win over the option
            return path.indexOf('{') < 0;
        }
        return option.startsWith(PATH) && path.contains('{' + option.substring(PATH.length()) + '}');
    }

    @Override
    public String resolveStaticUri(Exchange exchange, DynamicAwareEntry entry) throws Exception {
        return ((Entry) entry).staticUri();
    }

    @Override
    public Processor createPreProcessor(Exchange exchange, DynamicAwareEntry entry) {
        return sent -> ((Entry) entry).set(sent.getMessage());
    }

    @Override
    public Processor createPostProcessor(Exchange exchange, DynamicAwareEntry entry) {
        return sent -> ((Entry) entry).restore(sent.getMessage());
    }

    /** One sending. */
    private static final class Entry extends DynamicAwareEntry {

        private final String path;
        private final Map<String, Object> varying;
        private final Map<String, Object> before = new HashMap<>();
        private final Map<String, Object> set = new HashMap<>();

        private Entry(String uri, String originalUri, String path, Map<String, Object> options, Map<String, Object> varying) {
            super(uri, originalUri, options, null);
            this.path = path;
            this.varying = varying;
        }

        /** Null where nothing varies. */
        private String staticUri() throws URISyntaxException {
            if (varying.isEmpty()) {
                return null;
            }
            return getProperties().isEmpty() ? path : path + '?' + URISupport.createQueryString(getProperties());
        }

        private void set(Message message) {
            varying.forEach((option, value) -> {
                String name = option.equals("id") ? null : option.substring(PATH.length());
                String header = name == null ? LagoConstants.ID : LagoConstants.PATH_PREFIX + name;
                boolean given = name == null
                        ? ResponseHeaders.id(message) != null
                        : !ResponseHeaders.isBlank(message.getHeader(header))
                                || !ResponseHeaders.isBlank(message.getHeader(name));
                if (!given && !ResponseHeaders.isBlank(value)) {
                    before.put(header, message.getHeader(header));
                    set.put(header, value);
                    message.setHeader(header, value);
                }
            });
        }

        private void restore(Message message) {
            set.forEach((header, value) -> {
                // else it is the answer's
                if (message.getHeader(header) == value) {
                    ResponseHeaders.setOrRemove(message, header, before.get(header));
                }
            });
        }
    }
}
