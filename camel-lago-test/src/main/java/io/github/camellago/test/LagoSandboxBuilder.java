package io.github.camellago.test;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;

import io.github.camellago.test.domain.License;
import io.github.camellago.test.domain.PdfDelay;
import io.github.camellago.test.domain.Variant;

/**
 * Configures a sandbox. The default is a current self-hosted Lago with PostgreSQL, on a free port of the loopback interface.
 */
public final class LagoSandboxBuilder implements Cloneable {

    int port;
    String host;
    String apiKey;
    Clock clock = Clock.systemUTC();
    int journal = 10_000;
    RateLimits rateLimits = RateLimits.none();
    boolean staleTotals;
    boolean cachedTotals;
    boolean demo;
    boolean controlUrls;
    private int maxBatchSize = 100;
    private boolean partialBatches;
    private boolean clickhouse;
    private boolean storeEvents = true;
    private PdfDelay pdfReadyAfter = PdfDelay.NONE;
    private boolean premium = true;
    private boolean orderForms = true;
    private boolean securityLogs;
    private boolean projectedUsage = true;
    private boolean paymentAuthorization;
    private String salesforce = "salesforce";

    /** Same as {@link LagoSandbox#builder}, for beans in XML and YAML. */
    public LagoSandboxBuilder() {}

    /** The port to listen on. The default is 0, any free port. */
    public LagoSandboxBuilder port(int number) {
        port = number;
        return this;
    }

    /** The address to listen on. The default is the loopback interface. */
    public LagoSandboxBuilder host(String address) {
        host = address;
        return this;
    }

    /** The API key with all permissions. The default is a random key. */
    public LagoSandboxBuilder apiKey(String key) {
        apiKey = key;
        return this;
    }

    public LagoSandboxBuilder clock(Clock time) {
        clock = time;
        return this;
    }

    /** The number of requests that the journal keeps. The default is 10,000. 0 keeps none. */
    public LagoSandboxBuilder journal(int requests) {
        journal = requests;
        return this;
    }

    public LagoSandboxBuilder rateLimits(RateLimits limits) {
        rateLimits = limits;
        return this;
    }

    /** Lists repeat their first total until {@link LagoSandbox#forgetTotals}. */
    public LagoSandboxBuilder staleTotals(boolean on) {
        staleTotals = on;
        return this;
    }

    /**
     * The totals of invoices and fees come from Lago's 30-minute cache, which is used while it says that more pages follow. A list may then show
     * the total of another customer or of other {@code name[]} filters.
     */
    public LagoSandboxBuilder cachedTotals(boolean on) {
        cachedTotals = on;
        return this;
    }

    /** Starts with customers, metrics, a plan, subscriptions and invoices. */
    public LagoSandboxBuilder demo(boolean on) {
        demo = on;
        return this;
    }

    /**
     * Adds two URLs for programs in another process. {@code POST /sandbox/reset} removes all data. {@code POST /sandbox/keys} with a JSON array of
     * permissions ({@code ["invoice:read"]}) creates a key with these permissions and answers with the key as plain text. The URLs need no key, so
     * the sandbox must listen on a loopback address.
     */
    public LagoSandboxBuilder controlUrls(boolean on) {
        controlUrls = on;
        return this;
    }

    /** The maximum number of events in a batch. The default is 100. */
    public LagoSandboxBuilder maxBatchSize(int events) {
        maxBatchSize = events;
        return this;
    }

    /** A rejected batch gets 422, but its valid events are stored, as on self-hosted servers before December 2025. */
    public LagoSandboxBuilder partialBatches(boolean on) {
        partialBatches = on;
        return this;
    }

    /** The ClickHouse store: duplicates are accepted silently, and the same event with another timestamp is stored again. */
    public LagoSandboxBuilder clickhouse(boolean on) {
        clickhouse = on;
        return this;
    }

    /** Whether to store events. If false, events are validated and counted, but not checked for duplicates. Use it for endless streams. */
    public LagoSandboxBuilder storeEvents(boolean on) {
        storeEvents = on;
        return this;
    }

    /** The number of download requests that get an empty answer before the PDF exists. */
    public LagoSandboxBuilder pdfReadyAfter(int requests) {
        pdfReadyAfter = new PdfDelay(requests, Duration.ZERO);
        return this;
    }

    /** The time after the first download request until the PDF exists, by the sandbox's clock. Earlier requests get an empty answer. */
    public LagoSandboxBuilder pdfReadyAfter(Duration time) {
        pdfReadyAfter = new PdfDelay(0, time);
        return this;
    }

    /** Premium features. The default is true. If false, they get 403 {@code feature_unavailable}. */
    public LagoSandboxBuilder premium(boolean on) {
        premium = on;
        return this;
    }

    /** Quotes, order forms and orders. The default is true. If false, they get 403 {@code feature_unavailable}. */
    public LagoSandboxBuilder orderForms(boolean on) {
        orderForms = on;
        return this;
    }

    /** The security log. The default is false: calls get 403 {@code forbidden}. */
    public LagoSandboxBuilder securityLogs(boolean on) {
        securityLogs = on;
        return this;
    }

    /** Projected usage. The default is true. If false, it gets 403 {@code projected_usage_not_enabled}. */
    public LagoSandboxBuilder projectedUsage(boolean on) {
        projectedUsage = on;
        return this;
    }

    /** The code of the organization's Salesforce integration. The default is {@code salesforce}. Null: no integration. */
    public LagoSandboxBuilder salesforce(String integrationCode) {
        salesforce = integrationCode;
        return this;
    }

    /**
     * The beta feature that authorizes a card before a subscription is created: {@code POST subscriptions} with {@code authorization}. The default
     * is false: such calls get 403 {@code feature_not_available}. The customer's payment provider must be Stripe.
     */
    public LagoSandboxBuilder paymentAuthorization(boolean on) {
        paymentAuthorization = on;
        return this;
    }

    public LagoSandbox start() {
        if (controlUrls && !isLocal()) {
            throw new IllegalArgumentException(
                    "controlUrls need no key, so they require a loopback address, but the host is " + host);
        }
        return new LagoSandbox(this);
    }

    /** Whether only programs on this machine can connect. */
    boolean isLocal() {
        try {
            return host == null || InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    Variant variant() {
        return new Variant(maxBatchSize, partialBatches, clickhouse, storeEvents, pdfReadyAfter,
                new License(premium, orderForms, securityLogs, salesforce, projectedUsage,
                        paymentAuthorization));
    }

    LagoSandboxBuilder copy() {
        try {
            return (LagoSandboxBuilder) clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }
}
