package io.github.camellago;

import io.github.camellago.webhook.SignatureAlgo;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/** The options for webhooks: what Lago is asked to send, and what is accepted. */
@UriParams
public class LagoWebhookOptions {

    @UriParam(label = "webhook", defaultValue = "jwt", enums = "jwt,hmac")
    private SignatureAlgo signatureAlgo = SignatureAlgo.JWT;
    @UriParam(label = "webhook,security")
    @Metadata(secret = true)
    private String hmacKey;
    @UriParam(label = "webhook")
    private String issuer;
    @UriParam(label = "webhook")
    private String eventTypes;
    @UriParam(label = "webhook", defaultValue = "20971520")
    private long maxBodySize = 20L * 1024 * 1024;
    @UriParam(label = "webhook", defaultValue = "true")
    private boolean removeOnStop = true;

    public SignatureAlgo getSignatureAlgo() {
        return signatureAlgo;
    }

    /**
     * How webhooks are signed, which is the only way that is accepted: jwt with Lago's own key, or hmac with hmacKey. A jwt repeats
     * the whole body in an HTTP header, for which many servers and proxies have a limit of 8 KB; hmac has no such limit.
     */
    public void setSignatureAlgo(SignatureAlgo signatureAlgo) {
        this.signatureAlgo = signatureAlgo;
    }

    public String getHmacKey() {
        return hmacKey;
    }

    /** The organization's HMAC key, from Lago's dashboard. It is not the API key. Required for signatureAlgo=hmac. */
    public void setHmacKey(String hmacKey) {
        this.hmacKey = hmacKey;
    }

    public String getIssuer() {
        return issuer;
    }

    /** The Lago server's own URL as its jwt signatures state it (the claim iss). Signatures of any other are then refused. */
    public void setIssuer(String issuer) {
        this.issuer = issuer;
    }

    public String getEventTypes() {
        return eventTypes;
    }

    /**
     * The types of webhooks that Lago is to send, as a comma list such as invoice.created,event.error. A beginning and an asterisk
     * stand for all known types that begin so. By default all.
     */
    public void setEventTypes(String eventTypes) {
        this.eventTypes = eventTypes;
    }

    public long getMaxBodySize() {
        return maxBodySize;
    }

    /** The largest body of a webhook that is accepted, in bytes. What is larger is answered 413. */
    public void setMaxBodySize(long maxBodySize) {
        this.maxBodySize = maxBodySize;
    }

    public boolean isRemoveOnStop() {
        return removeOnStop;
    }

    /**
     * Whether a webhook endpoint that was registered on start is removed from Lago on stop. Where several instances share a URL, or
     * what happens during a restart must not be missed, set it to false: Lago then keeps sending, and tries again what is not accepted.
     */
    public void setRemoveOnStop(boolean removeOnStop) {
        this.removeOnStop = removeOnStop;
    }
}
