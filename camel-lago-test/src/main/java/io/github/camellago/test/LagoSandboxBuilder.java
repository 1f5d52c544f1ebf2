package io.github.camellago.test;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;

import io.github.camellago.test.domain.License;
import io.github.camellago.test.domain.PdfDelay;
import io.github.camellago.test.domain.Variant;

/**
 * The kinds of server there are. Without any of these: a self-hosted Lago of today on PostgreSQL, on a free port of the loopback interface.
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

    /** The same as {@link LagoSandbox#builder}, for beans in XML and YAML. */
    public LagoSandboxBuilder() {}

    /** 0, the default, is any free port. */
    public LagoSandboxBuilder port(int number) {
        port = number;
        return this;
    }

    /** The address to listen on; the loopback interface by default. */
    public LagoSandboxBuilder host(String address) {
        host = address;
        return this;
    }

    /** The key that may do everything; a random one by default. */
    public LagoSandboxBuilder apiKey(String key) {
        apiKey = key;
        return this;
    }

    public LagoSandboxBuilder clock(Clock time) {
        clock = time;
        return this;
    }

    /** How many of the last requests are kept, 10 000 by default; 0 keeps none. */
    public LagoSandboxBuilder journal(int requests) {
        journal = requests;
        return this;
    }

    public LagoSandboxBuilder rateLimits(RateLimits limits) {
        rateLimits = limits;
        return this;
    }

    /** Lists go on telling the totals they first counted, until {@link LagoSandbox#forgetTotals}. */
    public LagoSandboxBuilder staleTotals(boolean on) {
        staleTotals = on;
        return this;
    }

    /**
     * The totals of invoices and fees come from Lago's cache, for 30 minutes: while it says that more pages follow, a list may show the total of
     * another customer or of other {@code name[]} filters.
     */
    public LagoSandboxBuilder cachedTotals(boolean on) {
        cachedTotals = on;
        return this;
    }

    /** Some customers, metrics, a plan, subscriptions, invoices from the start. */
    public LagoSandboxBuilder demo(boolean on) {
        demo = on;
        return this;
    }

    /**
     * Offers two URLs to a program in another process: {@code POST /sandbox/reset} removes all data, and {@code POST /sandbox/keys} with a JSON
     * array of permissions ({@code ["invoice:read"]}) answers a new key that has only these, as plain text. They need no key, so the sandbox
     * must listen on a loopback address.
     */
    public LagoSandboxBuilder controlUrls(boolean on) {
        controlUrls = on;
        return this;
    }

    /** How many events a batch may hold, 100 by default. */
    public LagoSandboxBuilder maxBatchSize(int events) {
        maxBatchSize = events;
        return this;
    }

    /** A refused batch is answered 422, but its good events are stored, as self-hosted servers did before December 2025. */
    public LagoSandboxBuilder partialBatches(boolean on) {
        partialBatches = on;
        return this;
    }

    /** The ClickHouse store: a duplicate is accepted in silence, and the same event with another timestamp is stored again. */
    public LagoSandboxBuilder clickhouse(boolean on) {
        clickhouse = on;
        return this;
    }

    /** Without storing, events are checked for form and counted, not for duplicates: for endless streams. */
    public LagoSandboxBuilder storeEvents(boolean on) {
        storeEvents = on;
        return this;
    }

    /** So many requests for a download are answered empty before the PDF is there. */
    public LagoSandboxBuilder pdfReadyAfter(int requests) {
        pdfReadyAfter = new PdfDelay(requests, Duration.ZERO);
        return this;
    }

    /** For so long after the first request for a download the answers are empty, by the sandbox's clock. */
    public LagoSandboxBuilder pdfReadyAfter(Duration time) {
        pdfReadyAfter = new PdfDelay(0, time);
        return this;
    }

    /** Premium features, on by default. Off, they are answered 403 {@code feature_unavailable}. */
    public LagoSandboxBuilder premium(boolean on) {
        premium = on;
        return this;
    }

    /** Quotes, order forms and orders, on by default. Off, they are answered 403 {@code feature_unavailable}. */
    public LagoSandboxBuilder orderForms(boolean on) {
        orderForms = on;
        return this;
    }

    /** The security log, off by default: without it, calls for it are answered 403 {@code forbidden}. */
    public LagoSandboxBuilder securityLogs(boolean on) {
        securityLogs = on;
        return this;
    }

    /** Projected usage, on by default. Off, it is answered 403 {@code projected_usage_not_enabled}. */
    public LagoSandboxBuilder projectedUsage(boolean on) {
        projectedUsage = on;
        return this;
    }

    /** The code of the organization's Salesforce integration, {@code salesforce} by default; null for an organization without one. */
    public LagoSandboxBuilder salesforce(String integrationCode) {
        salesforce = integrationCode;
        return this;
    }

    /**
     * The beta that authorizes a card before a subscription is made: {@code POST subscriptions} with {@code authorization}. Off by default:
     * it is answered 403 {@code feature_not_available}. The customer's payment provider must be Stripe.
     */
    public LagoSandboxBuilder paymentAuthorization(boolean on) {
        paymentAuthorization = on;
        return this;
    }

    public LagoSandbox start() {
        if (controlUrls && !isLocal()) {
            throw new IllegalArgumentException("controlUrls need no key and are for a loopback address only, not for " + host);
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
