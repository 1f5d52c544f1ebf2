package io.github.camellago.test.domain;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.Pager;
import io.github.camellago.test.server.Reply;
import io.github.camellago.test.server.Resource;
import io.github.camellago.test.server.Resources;
import io.github.camellago.test.server.Router;
import io.github.camellago.test.server.SandboxClock;
import io.github.camellago.test.server.Store;

/**
 * The simulated Lago server: routes and state, with access to the state for tests.
 */
public final class Lago {

    private final Context context;
    private final Files files;
    private final Customers customers;
    private final Events events;
    private final Seeds seeds;
    private final BillingEntities billingEntities;
    private final Organization organization;
    private final Signatures signatures;
    private final Webhooks webhooks;
    private final Logs logs;
    private final SecurityLogs securityLogs;

    public Lago(SandboxClock clock, Variant variant, Pager pager, String baseUrl) {
        this.context = new Context(new Store(Resources.get(), clock), pager, new Router(), clock, variant, baseUrl);
        this.files = new Files(context);
        this.customers = new Customers(context);
        this.events = new Events(context);
        this.seeds = new Seeds(context, customers, events);
        this.billingEntities = new BillingEntities(context);
        this.signatures = new Signatures(baseUrl);
        this.organization = new Organization(context, signatures);
        this.webhooks = new Webhooks(context, signatures);
        this.logs = new Logs(context);
        this.securityLogs = new SecurityLogs(context);
        context.setListener((type, objectType, object) -> {
            logs.changed(type, objectType, object);
            webhooks.changed(type, objectType, object);
        });
        register();
        reset();
    }

    private void register() {
        for (Resource resource : Resources.get().all()) {
            context.add(new Crud(context, resource.name()));
        }
        ChargeRecords charges = new ChargeRecords(context);
        FeeMaker feeMaker = new FeeMaker(context);
        InvoiceMaker invoiceMaker = new InvoiceMaker(context, customers);
        context.add(new Taxes(context));
        context.add(new BillableMetrics(context));
        context.add(new Coupons(context));
        context.add(new AppliedCoupons(context));
        context.add(new Fees(context));
        WalletTransactions transactions = context.add(new WalletTransactions(context, feeMaker, invoiceMaker));
        Wallets wallets = context.add(new Wallets(context, transactions));
        Invoices invoices = context.add(new Invoices(context, feeMaker, invoiceMaker, files, transactions));
        context.add(new CreditNotes(context, files));
        context.add(new Payments(context, invoices));
        context.add(new PaymentReceipts(context, files));
        context.add(new PaymentRequests(context));
        context.add(customers);
        Plans plans = context.add(new Plans(context, charges));
        Subscriptions subscriptions = context.add(new Subscriptions(context, customers, plans));
        Usage usage = new Usage(context, subscriptions, feeMaker);
        usage.register();
        context.add(events);
        context.add(new Features(context));
        context.add(new Alerts(context, subscriptions, wallets));
        context.add(new WebhookEndpoints(context));
        context.add(new PaymentMethods(context));
        context.add(new LifetimeUsages(context, subscriptions, usage));
        context.add(billingEntities);
        organization.register();
        webhooks.register();
        logs.register();
        new Charges(context, charges, subscriptions).register();
        new Entitlements(context, subscriptions).register();
        new Estimates(context, subscriptions, feeMaker, invoiceMaker).register();
        new Analytics(context).register();
        Metadata.register(plans, "/plans/{code}", plans::find);
        Metadata.register(wallets, "/wallets/{lago_id}", wallets::find);
        Metadata.register(wallets, "/customers/{external_customer_id}/wallets/{wallet_code}",
                call -> wallets.ofCustomer(call, "wallet_code"));
        Crud creditNotes = context.crud("credit_notes");
        Metadata.register(creditNotes, "/credit_notes/{lago_id}", creditNotes::find);
        context.add(securityLogs);
        new Emails(context).register();
        registerProducts();
        registerQuotes();
        new EnrichedEvents(context, events).register();
        Premium.guard(context.router, context.variant.license());
    }

    private void registerProducts() {
        Rates rates = context.add(new Rates(context));
        RateCards rateCards = context.add(new RateCards(context, rates));
        Products products = context.add(new Products(context, rateCards));
        context.add(new ProductCategories(context, products));
        context.add(new ProductFilters(context, products, rateCards));
        context.add(new AppliedRateCards(context));
    }

    private void registerQuotes() {
        Orders orders = context.add(new Orders(context));
        OrderForms orderForms = context.add(new OrderForms(context, orders));
        QuoteVersions versions = context.add(new QuoteVersions(context, orderForms));
        context.add(new Quotes(context, versions));
    }

    /** The keys that sign webhooks. */
    public String organizationId() {
        return context.organizationId;
    }

    public Signatures signatures() {
        return signatures;
    }

    /** Called for each served call, in order. */
    public void served(String version, Call call, Reply reply) {
        logs.served(version, call, reply);
        securityLogs.served(call, reply);
    }

    /** Sends a webhook to the endpoints that are registered for its type. */
    public void sendWebhook(String type, String objectType, Map<String, ?> object) {
        context.store.locked(() -> {
            webhooks.changed(type, objectType, Json.frozen(object));
            return null;
        });
    }

    /** Stops sending webhooks. */
    public void close() {
        webhooks.close();
    }

    /** The files behind the {@code file_url}s. */
    public Files files() {
        return files;
    }

    /** The routes below {@code /api/<version>}. */
    public Router router(String version) {
        return context.router(version);
    }

    public Store store() {
        return context.store;
    }

    /** How many events were stored, or would have been if this sandbox kept them. */
    public long eventCount() {
        return context.store.locked(events::accepted);
    }

    /** Stores a record without validation and webhooks. Missing fields of the resource get their defaults. */
    public Map<String, Object> add(String collection, Map<String, ?> record) {
        return context.store.locked(() -> seeds.add(collection, record));
    }

    public List<Map<String, Object>> addAll(String collection, Iterable<? extends Map<String, ?>> records) {
        return context.store.locked(() -> {
            List<Map<String, Object>> added = new ArrayList<>();
            records.forEach(record -> added.add(seeds.add(collection, record)));
            return added;
        });
    }

    public List<Map<String, Object>> records(String collection) {
        return context.store.locked(() -> context.table(collection).all());
    }

    public Map<String, Object> update(String collection, String lagoId, Map<String, ?> changes) {
        return context.store.locked(() -> context.table(collection).update(lagoId, changes));
    }

    public boolean remove(String collection, String lagoId) {
        return context.store.locked(() -> context.table(collection).remove(lagoId) != null);
    }

    /** Resets the state to a new organization. */
    public void reset() {
        context.store.locked(() -> {
            context.store.clear();
            events.reset();
            customers.reset();
            files.reset();
            billingEntities.reset();
            organization.reset();
            logs.reset();
            context.pager.forgetTotals();
            return null;
        });
    }
}
