package io.github.camellago.docs;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.ResultSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.apache.camel.Exchange;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.component.stub.StubEndpoint;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The recipes do what they say. */
class RecipesIT extends SnippetSupport {

    private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void kafkaToLago() throws Exception {
        load(Snippet.recipe("kafka-to-lago"));
        sandbox.faults().on("POST", "/events/batch").times(5).status(500);

        for (int i = 0; i < 50; i++) {
            template.sendBody(source(), event(i));
        }
        template.sendBody(source(), "{\"transaction_id\": \"bad\"}");

        await().until(() -> sandbox.eventCount() == 50);
        Exchange rejected = await().until(() -> received().stream().findFirst().orElse(null), e -> e != null);
        assertThat(rejected.getMessage().getBody(String.class)).contains("value_is_mandatory").contains("\"bad\"");
    }

    @Test
    void sqsToLago() throws Exception {
        load(Snippet.recipe("sqs-to-lago"));

        for (int i = 0; i < 50; i++) {
            template.sendBody(source(), event(i));
        }

        await().until(() -> sandbox.eventCount() == 50);
    }

    @Test
    void s3ToLagoKeepsWhatLagoRefuses() throws Exception {
        load(Snippet.recipe("s3-to-lago"));
        AdviceWith.adviceWith(context, "s3-to-lago", route -> route.weaveByToUri("aws2-s3:*").replace().to("stub:kept"));

        template.sendBody(source(), ("[" + event(1) + ", {\"transaction_id\": \"bad\"}, " + event(2) + "]").getBytes());

        await().until(() -> sandbox.eventCount() == 2);
        Exchange rejected = await().until(() -> received().stream().findFirst().orElse(null), e -> e != null);
        assertThat(rejected.getMessage().getHeader("CamelAwsS3Key", String.class)).matches("rejected/.*\\.json");
        assertThat(rejected.getMessage().getBody(String.class)).contains("value_is_mandatory").contains("\"bad\"");
    }

    @Test
    void databaseToLago() throws Exception {
        sql("drop table if exists usage", "create table usage (id text primary key, subscription text, metric text,"
                + " used_at timestamptz, gb numeric, region text, sent boolean default false)");
        sql(IntStream.range(0, 120).mapToObj(i -> "insert into usage values ('row-" + i + "', 'sub-1', 'api_calls',"
                + " '2026-11-01T00:00:00.5Z', 12.50, 'eu', false)").toArray(String[]::new));
        load(Snippet.recipe("sql-to-lago"));

        await().until(() -> count("select count(*) from usage where sent") == 120);

        assertThat(sandbox.eventCount()).isEqualTo(120);
        assertThat(sandbox.events().get(0)).containsEntry("code", "api_calls");
        assertThat(sandbox.requests().get(0).body()).contains("\"timestamp\":1793491200.5").contains("\"gb\":12.50")
                .contains("\"region\":\"eu\"");
    }

    @Test
    void filesAndLinesToLago() throws Exception {
        Files.createDirectories(work.resolve("usage"));
        Files.writeString(work.resolve("usage/a.json"), "[" + event(1) + "," + event(2) + "]");
        Files.writeString(work.resolve("usage/b.jsonl"), event(3) + "\n" + event(4) + "\n");
        load(Snippet.recipe("files-to-lago"));
        load(Snippet.recipe("lines-to-lago"));

        await().until(() -> sandbox.eventCount() == 4);
        await().until(() -> Files.exists(work.resolve("usage/.camel/b.jsonl")));
    }

    /** After a crash the file is read again. */
    @Test
    void csvToLagoTwice() throws Exception {
        Files.createDirectories(work.resolve("usage"));
        String csv = "subscription,metric,timestamp,gb\nsub-1,storage_gb,1793491200,12.50\r\nsub-2,storage_gb,1793491201,1\n";
        Files.writeString(work.resolve("usage/november.csv"), csv);
        load(Snippet.recipe("csv-to-lago"));

        await().until(() -> Files.exists(work.resolve("usage/.camel/november.csv")));
        assertThat(sandbox.events()).extracting(e -> e.get("transaction_id")).containsExactlyInAnyOrder("november.csv-2",
                "november.csv-3");
        assertThat(sandbox.events()).filteredOn("transaction_id", "november.csv-2").singleElement()
                .satisfies(e -> assertThat(e).containsEntry("external_subscription_id", "sub-1")
                        .containsEntry("code", "storage_gb").containsEntry("properties", Map.of("gb", "12.50")));

        Files.delete(work.resolve("usage/.camel/november.csv"));
        Files.writeString(work.resolve("usage/november.csv"), csv);
        await().until(() -> Files.exists(work.resolve("usage/.camel/november.csv")));
        assertThat(sandbox.eventCount()).isEqualTo(2);
    }

    @Test
    void gatewayToLago() throws Exception {
        load(Snippet.recipe("gateway-to-lago"));

        HttpResponse<String> answer = post("/usage", "{\"specversion\": \"1.0\", \"id\": \"42\", \"source\": \"gateway\","
                + " \"type\": \"api_calls\", \"subject\": \"sub-acme\", \"data\": {\"route\": \"/v1/orders\"}}", "X-Secret",
                "s");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().map()).doesNotContainKey("x-secret");
        assertThat(sandbox.events()).singleElement()
                .satisfies(e -> assertThat(e).containsEntry("transaction_id", "gateway/42"));
    }

    @Test
    void llmTokensToLago() throws Exception {
        String answer = llmAnswers("chatcmpl-1");

        HttpResponse<String> passedOn = post("/v1/chat/completions", "{}", "X-Subscription", "sub-acme");

        assertThat(passedOn.body()).isEqualTo(answer);
        assertThat(sandbox.events()).extracting(e -> e.get("transaction_id")).containsExactlyInAnyOrder("chatcmpl-1-in",
                "chatcmpl-1-out");
        assertThat(sandbox.events()).extracting(e -> ((Map<?, ?>) e.get("properties")).get("tokens").toString())
                .containsExactlyInAnyOrder("12", "34");
        assertThat(sandbox.events()).allSatisfy(e -> assertThat(e).containsEntry("external_subscription_id", "sub-acme"));
    }

    @Test
    void llmTokensOfAHostileHeader() throws Exception {
        llmAnswers("c-1");
        String hostile = "victim\", \"code\": \"free";

        HttpResponse<String> passedOn = post("/v1/chat/completions", "{}", "X-Subscription", hostile);

        assertThat(passedOn.headers().map()).doesNotContainKey("x-subscription");
        assertThat(sandbox.events()).hasSize(2).allSatisfy(e -> assertThat(e).containsEntry("code", "llm_tokens")
                .containsEntry("external_subscription_id", hostile));
    }

    /** Loads the recipe with a model in place of the provider's. Returns the model's answer. */
    private String llmAnswers(String id) throws Exception {
        load(Snippet.recipe("llm-tokens-to-lago"));
        String answer = "{\"id\": \"" + id
                + "\", \"model\": \"m\", \"usage\": {\"prompt_tokens\": 12, \"completion_tokens\": 34}}";
        AdviceWith.adviceWith(context, "llm-tokens-to-lago",
                route -> route.weaveByToUri("https://api.openai.com*").replace().setBody().constant(answer));
        return answer;
    }

    @Test
    void lagoToPostgresql() throws Exception {
        sql("drop table if exists invoices", "create table invoices (lago_id text primary key, number text, status text,"
                + " total_amount_cents bigint)");
        Map<String, Object> invoice = sandbox.add("invoices",
                Map.of("number", "ACM-1", "status", "draft", "total_amount_cents", 1200));
        Snippet recipe = Snippet.recipe("lago-to-postgresql");
        load(new Snippet(recipe.page(), recipe.line(), recipe.language(),
                recipe.text().replace("      parameters:\n        idem",
                        "      parameters:\n        delay: 50\n        idem")));

        await().until(() -> count("select count(*) from invoices where status = 'draft'") == 1);
        sandbox.advance(java.time.Duration.ofSeconds(2));
        sandbox.update("invoices", invoice.get("lago_id").toString(), Map.of("status", "finalized"));

        await().until(() -> count("select count(*) from invoices where status = 'finalized'") == 1);
        await().until(() -> count("select count(*) from camel_lago_record where list_name = 'invoices'") > 0);
    }

    @Test
    void lagoToS3() throws Exception {
        Map<String, Object> invoice = sandbox.add("invoices", Map.of("number", "ACM-1", "status", "finalized"));
        load(Snippet.recipe("lago-to-s3"));

        Exchange object = await().until(() -> received().stream().findFirst().orElse(null), e -> e != null);

        assertThat(object.getMessage().getHeader("CamelAwsS3Key")).isEqualTo("invoices/" + invoice.get("lago_id") + ".json");
        assertThat(object.getMessage().getBody(String.class)).contains("\"ACM-1\"");
    }

    @Test
    void httpToQueueToLago() throws Exception {
        sandbox.faults().on(request -> request.path().contains("/events")).times(6).html(503);
        load(Snippet.recipe("http-to-queue"));

        assertThat(post("/usage", event(1)).statusCode()).isEqualTo(202);
        assertThat(post("/usage", "[" + event(2) + ",{\"transaction_id\": \"bad\"}]").statusCode()).isEqualTo(202);

        await().until(() -> sandbox.eventCount() == 2);
        Exchange rejected = await().until(() -> received().stream().findFirst().orElse(null), e -> e != null);
        assertThat(rejected.getMessage().getBody(String.class)).contains("value_is_mandatory").contains("bad");
    }

    @Test
    void lagoToKafka() throws Exception {
        Map<String, Object> fee = sandbox.add("fees", Map.of("amount_cents", 100));
        load(Snippet.recipe("lago-to-kafka"));

        Exchange message = await().until(() -> received().stream().findFirst().orElse(null), e -> e != null);

        assertThat(message.getMessage().getHeader("kafka.KEY")).isEqualTo(fee.get("lago_id"));
    }

    @Test
    void lagoToMail() throws Exception {
        load(Snippet.recipe("lago-to-mail"));

        sandbox.sendWebhook("invoice.payment_failure", "payment_provider_invoice_payment_error",
                Map.of("lago_invoice_id", "i-1", "external_customer_id", "acme"));

        Exchange mail = await().until(() -> received().stream().findFirst().orElse(null), e -> e != null);
        assertThat(mail.getMessage().getHeader("Subject")).isEqualTo("Payment failed: acme");
        assertThat(mail.getMessage().getBody(String.class)).isEqualTo("Invoice i-1 could not be paid.");
    }

    /** The stub that the recipe's route reads from. */
    private org.apache.camel.Endpoint source() {
        return context.getRoutes().get(0).getEndpoint();
    }

    /** The messages at the stubs from which no route reads. */
    private List<Exchange> received() {
        return context.getEndpoints().stream()
                .filter(e -> e instanceof StubEndpoint stub && stub.getConsumers().isEmpty())
                .flatMap(e -> ((StubEndpoint) e).getExchanges().stream()).toList();
    }

    private static String event(int i) {
        return "{\"transaction_id\": \"t-" + i + "\", \"external_subscription_id\": \"sub-1\", \"code\": \"api_calls\"}";
    }

    private HttpResponse<String> post(String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server + path))
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static void sql(String... statements) throws Exception {
        try (Connection connection = database().getConnection()) {
            for (String statement : statements) {
                connection.createStatement().execute(statement);
            }
        }
    }

    private static long count(String query) throws Exception {
        try (Connection connection = database().getConnection();
                ResultSet result = connection.createStatement().executeQuery(query)) {
            result.next();
            return result.getLong(1);
        }
    }
}
