package io.github.camellago.poll;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.camellago.QuietExceptionHandler;
import io.github.camellago.RouteTestSupport;
import io.github.camellago.api.LagoPermissionException;
import io.github.camellago.test.SandboxRequest;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Lists that belong to other objects, and resources that have no pages. */
class ParentsTest extends RouteTestSupport {

    private final List<String> got = new CopyOnWriteArrayList<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final AtomicInteger answers = new AtomicInteger();

    @Test
    void readsTheListOfEachParent() throws Exception {
        customersWithInvoices(7);
        read("lago:customers/{external_customer_id}/invoices?path.external_customer_id=*&perPage=3", "number");

        await().until(() -> got.size() == 14);
        assertThat(got).contains("c/0 I-c/0-0", "c/6 I-c/6-1").doesNotHaveDuplicates();
        customer(7, 1);
        sandbox.add("invoices", invoice("c/3", 2));
        await().until(() -> got.size() == 16);
        assertThat(got.subList(14, 16)).containsExactlyInAnyOrder("c/7 I-c/7-0", "c/3 I-c/3-2");
    }

    @Test
    void remembersHowFarEachParentWasRead() throws Exception {
        customersWithInvoices(3);
        read("lago:customers/{external_customer_id}/invoices?path.external_customer_id=*&readMode=new", "number");

        await().until(() -> got.size() == 6);
        sandbox.add("invoices", invoice("c/1", 2));
        await().until(() -> got.size() == 7);
        assertThat(got.get(6)).isEqualTo("c/1 I-c/1-2");
    }

    @Test
    void aParentThatIsGoneOrRefusedDoesNotKeepTheOthersFromBeingRead() throws Exception {
        customersWithInvoices(3);
        sandbox.faults().on("GET", "/customers/c%2F2/invoices").status(404);
        sandbox.faults().on("GET", "/customers/c%2F1/invoices").status(403);
        read("lago:customers/{external_customer_id}/invoices?path.external_customer_id=*&exceptionHandler=#quiet", "number");

        await().until(() -> got.size() == 2);
        sandbox.faults().clear();
        await().until(() -> got.size() == 6);
    }

    @Test
    void continuesALimitedReadingOfAllBeforeItBeginsAgain() throws Exception {
        customersWithInvoices(5);
        read("lago:customers/{external_customer_id}/invoices?path.external_customer_id=*&readMode=all&maxMessagesPerPoll=4",
                "number");

        await().until(() -> got.size() >= 20);
        List<String> twice = List.copyOf(got).subList(0, 20);
        assertThat(twice.subList(0, 10)).doesNotHaveDuplicates();
        assertThat(twice.subList(10, 20)).doesNotHaveDuplicates();
    }

    @Test
    void readsAllAgainThoughOneParentIsRefusedAndOneIsGone() throws Exception {
        customersWithInvoices(3);
        Object gone = customer("gone").get("lago_id");
        sandbox.faults().on("GET", "/customers/c%2F1/invoices").status(403);
        read("lago:customers/{external_customer_id}/invoices?path.external_customer_id=*&readMode=all&maxMessagesPerPoll=1"
                + "&exceptionHandler=#quiet", "number");

        await().until(() -> !got.isEmpty());
        sandbox.remove("customers", gone.toString());
        await().until(() -> List.of("c/0 I-c/0-0", "c/0 I-c/0-1", "c/2 I-c/2-0", "c/2 I-c/2-1").stream()
                .allMatch(invoice -> got.stream().filter(invoice::equals).count() > 2));
    }

    @Test
    void readsTheOthersIfAListOfParentsIsGoneOrRefused() throws Exception {
        for (String customer : List.of("a", "b", "c")) {
            customer(customer);
            Object wallet = sandbox.add("wallets", Map.of("external_customer_id", customer, "status", "active", "code", "main"))
                    .get("lago_id");
            sandbox.add("alerts", Map.of("lago_wallet_id", wallet, "code", "t-" + customer));
        }
        sandbox.faults().on(r -> walletsOf("b", r)).status(404)
                .body("{\"status\":404,\"error\":\"Not Found\",\"code\":\"customer_not_found\"}");
        sandbox.faults().on(r -> walletsOf("a", r)).status(403);
        readWithFailures("lago:customers/{external_customer_id}/wallets/{wallet_code}/alerts"
                + "?path.external_customer_id=*&path.wallet_code=*", LagoPermissionException.class, "code");

        await().until(() -> got.size() == 1 && !failures.isEmpty());
        assertThat(got.get(0)).endsWith("t-c");
        assertThat(failures.get(0)).startsWith("Could not read the list of external_customer_id=a: Lago answered 403")
                .contains("GET customers/a/wallets");
        sandbox.faults().clear();
        await().until(() -> got.size() == 3);
    }

    private static boolean walletsOf(String customer, SandboxRequest request) {
        return request.path().endsWith("/customers/" + customer + "/wallets");
    }

    @Test
    void aParentThatCannotStandInAPathDoesNotKeepTheOthersFromBeingRead() throws Exception {
        for (String customer : List.of("fine", ".", "..", " ")) {
            customer(customer);
        }
        sandbox.add("invoices", invoice("fine", 0));
        readWithFailures("lago:customers/{external_customer_id}/invoices?path.external_customer_id=*",
                IllegalArgumentException.class, "number");

        await().until(() -> got.size() == 1 && !failures.isEmpty());
        assertThat(failures.get(0)).isEqualTo("Could not read the list of external_customer_id= , nor those of 2 more: "
                + "The external_customer_id of customers/{external_customer_id}/invoices must not be \" \"");
        assertThat(sandbox.requests()).extracting(SandboxRequest::path).filteredOn(path -> path.endsWith("/invoices"))
                .allMatch(path -> path.contains("/customers/fine/"));
    }

    @Test
    void walksTwoLevels() throws Exception {
        for (String plan : List.of("p1", "p2")) {
            sandbox.add("plans", Map.of("code", plan, "charges", List.of(Map.of("code", plan + "-a", "lago_id", plan + "-a"),
                    Map.of("code", plan + "-b", "lago_id", plan + "-b"))));
        }
        read("lago:plans/{code}/charges?path.code=*", "code");

        await().until(() -> got.size() == 4);
        assertThat(got).containsExactlyInAnyOrder("p1 p1-a", "p1 p1-b", "p2 p2-a", "p2 p2-b");
    }

    @Test
    void readsTheTransactionsOfEachWalletOfEachCustomer() throws Exception {
        for (String customer : List.of("a", "b")) {
            sandbox.add("customers", Map.of("external_id", customer));
            Object wallet = sandbox
                    .add("wallets", Map.of("external_customer_id", customer, "name", customer, "status", "active"))
                    .get("lago_id");
            sandbox.add("wallet_transactions", Map.of("lago_wallet_id", wallet, "amount", "7", "name", "t-" + customer));
        }
        read("lago:wallets/{lago_id}/wallet_transactions?path.lago_id=*", "name");

        await().until(() -> got.size() == 2);
        assertThat(got).anyMatch(g -> g.endsWith("t-a")).anyMatch(g -> g.endsWith("t-b"));
    }

    @Test
    void readsTheWalletsOfEachCustomer() throws Exception {
        for (String customer : List.of("a", "b")) {
            sandbox.add("customers", Map.of("external_id", customer));
            sandbox.add("wallets", Map.of("external_customer_id", customer, "name", "w-" + customer, "status", "active"));
        }
        read("lago:wallets?filter.external_customer_id=*", "name");

        await().until(() -> got.size() == 2);
        assertThat(got).containsExactlyInAnyOrder(" w-a", " w-b");
    }

    @Test
    void rejectsAnAsteriskIfLagoHasNoListOfTheParents() {
        assertThatThrownBy(() -> read("lago:wallet_transactions/{lago_id}/consumptions?path.lago_id=*", "name"))
                .hasRootCauseMessage("The option path.lago_id=* needs a list of all, but Lago has none at wallet_transactions."
                        + " Set path.lago_id to one of them");
    }

    @Test
    void readsListsWithoutPages() throws Exception {
        sandbox.add("billing_entities", Map.of("code", "fr", "name", "France"));
        read("lago:billing_entities", "code");
        // there is one from the start
        await().until(() -> got.size() == 2);
        long read = sandbox.requestCount();
        await().until(() -> sandbox.requestCount() > read + 2);
        assertThat(got).hasSize(2).anyMatch(g -> g.endsWith("fr"));
    }

    @Test
    void deliversEachRowOfAnalyticsThatHasChanged() throws Exception {
        String[] rows = {"{\"month\":\"2026-01\",\"amount_cents\":1}", "{\"month\":\"2026-02\",\"amount_cents\":2}"};
        answer("[" + rows[0] + "," + rows[1] + "]");
        read("lago:analytics/mrr?bodyType=JSON", null);
        await().until(() -> got.size() == 2);

        String changed = "{\"month\":\"2026-02\",\"amount_cents\":3}";
        answer("[" + rows[0] + "," + changed + "]");
        await().until(() -> got.size() == 3);
        answer("[" + rows[0] + "," + rows[1] + "]");
        await().until(() -> got.size() == 4);
        assertThat(got).containsExactly(rows[0], rows[1], changed, rows[1]);
    }

    @Test
    void deliversUsageThatHasChanged() throws Exception {
        String path = "lago:customers/{external_customer_id}/current_usage?path.external_customer_id=c&filter.external_subscription_id=s";
        sandbox.faults().on("GET", "/customers/c/current_usage").times(3).body("{\"customer_usage\":{\"amount_cents\":1}}");
        sandbox.faults().on("GET", "/customers/c/current_usage").body("{\"customer_usage\":{\"amount_cents\":2}}");
        read(path + "&bodyType=JSON", null);

        await().until(() -> got.size() == 2 && sandbox.requestCount() > 6);
        assertThat(got).containsExactly("{\"amount_cents\":1}", "{\"amount_cents\":2}");
    }

    @Test
    void readsTheUsageOfEachSubscriptionOfEachCustomer() throws Exception {
        for (String customer : List.of("a", "b")) {
            sandbox.add("customers", Map.of("external_id", customer));
            sandbox.add("subscriptions",
                    Map.of("external_id", "s-" + customer, "external_customer_id", customer, "status", "active"));
            sandbox.faults().on(r -> r.path().endsWith("/customers/" + customer + "/current_usage")
                    && r.query().contains("external_subscription_id=s-" + customer))
                    .body("{\"customer_usage\":{\"of\":\"" + customer + "\"}}");
        }
        read("lago:customers/{external_customer_id}/current_usage?path.external_customer_id=*&filter.external_subscription_id=*",
                "of");

        await().until(() -> got.size() == 2);
        assertThat(got).containsExactlyInAnyOrder("a a", "b b");
    }

    /** The last answer that was set is the one that counts, without a moment between two. */
    private void answer(String rows) {
        int number = answers.get() + 1;
        sandbox.faults().on(r -> r.path().endsWith("/analytics/mrr") && answers.get() == number)
                .body("{\"mrrs\":" + rows + "}");
        answers.set(number);
    }

    private void customersWithInvoices(int count) {
        for (int i = 0; i < count; i++) {
            customer(i, 2);
        }
    }

    private void customer(int number, int invoices) {
        sandbox.add("customers", Map.of("external_id", "c/" + number));
        for (int i = 0; i < invoices; i++) {
            sandbox.add("invoices", invoice("c/" + number, i));
        }
    }

    private static Map<String, Object> invoice(String customer, int number) {
        return Map.of("number", "I-" + customer + "-" + number, "customer", Map.of("external_id", customer));
    }

    private Map<String, Object> customer(String externalId) {
        return sandbox.add("customers", Map.of("external_id", externalId));
    }

    private void readWithFailures(String uri, Class<? extends Exception> kind, String field) throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                onException(kind).handled(true).process(
                        exchange -> failures
                                .add(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class).getMessage()));
                from(uri + "&bridgeErrorHandler=true&delay=20&initialDelay=0")
                        .process(exchange -> got.add(text(exchange, field)));
            }
        });
    }

    private void read(String uri, String field) throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri + (uri.contains("?") ? "&" : "?") + "delay=20&initialDelay=0")
                        .process(exchange -> got.add(text(exchange, field)));
            }
        });
    }

    private static String text(Exchange exchange, String field) {
        if (field == null) {
            return exchange.getMessage().getBody(String.class);
        }
        Object parent = exchange.getMessage().getHeaders().entrySet().stream()
                .filter(h -> h.getKey().startsWith("CamelLagoPath.")).map(Map.Entry::getValue).findFirst().orElse("");
        return parent + " " + exchange.getMessage().getBody(Map.class).get(field);
    }

    @Override
    protected org.apache.camel.CamelContext createCamelContext() throws Exception {
        org.apache.camel.CamelContext context = super.createCamelContext();
        context.getRegistry().bind("quiet", new QuietExceptionHandler());
        return context;
    }
}
