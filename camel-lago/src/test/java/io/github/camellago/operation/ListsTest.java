package io.github.camellago.operation;

import java.io.Closeable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.github.camellago.RouteTestSupport;
import io.github.camellago.api.LagoServerException;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The operation list: one page, or an iterator over all of them. */
class ListsTest extends RouteTestSupport {

    @BeforeEach
    void fill() {
        IntStream.range(0, 25).forEach(this::add);
    }

    private String add(int i) {
        sandbox.advance(java.time.Duration.ofSeconds(1));
        return sandbox.add("customers", Map.of("external_id", "c" + i)).get("lago_id").toString();
    }

    @Test
    void onePage() throws Exception {
        Exchange exchange = sent("lago:customers?operation=list&perPage=10", null);

        assertThat(ids(exchange.getMessage().getBody(List.class).iterator())).hasSize(10).startsWith("c24", "c23");
        assertThat(exchange.getMessage().getHeaders()).containsEntry("CamelLagoTotalCount", 25)
                .containsEntry("CamelLagoTotalPages", 3).containsEntry("CamelLagoNextPage", 2)
                .containsEntry("CamelLagoResource", "customers").doesNotContainKeys("CamelLagoOperation", "CamelLagoId");
        assertThat(sandbox.requestCount()).isEqualTo(1);
    }

    @Test
    void readsTheRequestedPage() throws Exception {
        assertThat(
                ids(sent("lago:customers?operation=list&perPage=10&page=2", null).getMessage().getBody(List.class).iterator()))
                .startsWith("c14").hasSize(10);

        Exchange last = send("lago:customers?operation=list&perPage=10&page=2", null, Map.of("CamelLagoPage", 3));
        assertThat(ids(last.getMessage().getBody(List.class).iterator())).containsExactly("c4", "c3", "c2", "c1", "c0");
        assertThat(last.getMessage().getHeader("CamelLagoNextPage")).isNull();

        assertThat(send("lago:customers?operation=list", null, Map.of("CamelLagoPage", 0)).getException())
                .hasMessage("The option page=0 must be at least 1");
    }

    @Test
    void allPagesOneAfterTheOther() throws Exception {
        Exchange exchange = sent("lago:customers?operation=list&perPage=10&streaming=true", null);
        Iterator<?> records = exchange.getMessage().getBody(Iterator.class);

        assertThat(exchange.getMessage().getHeaders()).containsEntry("CamelLagoTotalCount", 25)
                .containsEntry("CamelLagoTotalPages", 3);
        assertThat(ids(records, 10)).hasSize(10);
        assertThat(sandbox.requestCount()).isEqualTo(1);
        assertThat(ids(records, 1)).containsExactly("c14");
        assertThat(sandbox.requestCount()).isEqualTo(2);
        assertThat(ids(records)).hasSize(14).endsWith("c0");
        // pages overlap
        assertThat(sandbox.requestCount()).isEqualTo(4);
        assertThat(records.hasNext()).isFalse();
        assertThatThrownBy(records::next).isInstanceOf(java.util.NoSuchElementException.class);
    }

    @Test
    void aClosedIteratorReadsNoFurther() throws Exception {
        Iterator<?> records = sent("lago:customers?operation=list&perPage=10&streaming=true", null).getMessage()
                .getBody(Iterator.class);
        records.next();
        ((Closeable) records).close();

        assertThat(records.hasNext()).isFalse();
        assertThat(sandbox.requestCount()).isEqualTo(1);
    }

    @Test
    void aSplitterStreams() throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:all").to("lago:customers?operation=list&perPage=10&streaming=true")
                        .split(body()).streaming().setBody(simple("${body[external_id]}")).to("mock:one");
            }
        });
        mock("one").expectedMessageCount(25);
        template.sendBody("direct:all", null);
        mock("one").assertIsSatisfied();
    }

    @Test
    void deliversRecordsMovedByNewOnesOnce() throws Exception {
        Iterator<?> records = sent("lago:customers?operation=list&perPage=10&streaming=true", null).getMessage()
                .getBody(Iterator.class);
        List<String> ids = ids(records, 10);
        add(25);
        add(26);
        ids.addAll(ids(records));

        assertThat(ids).doesNotHaveDuplicates().hasSize(25);
    }

    @Test
    void missesNoRecordsMovedByDeletions() throws Exception {
        Iterator<?> records = sent("lago:customers?operation=list&perPage=10&streaming=true", null).getMessage()
                .getBody(Iterator.class);
        List<String> ids = ids(records, 10);
        for (Map<String, Object> customer : sandbox.records("customers").subList(0, 3)) {
            sandbox.remove("customers", customer.get("lago_id").toString());
        }
        ids.addAll(ids(records));

        assertThat(ids).doesNotHaveDuplicates().hasSize(25);
    }

    @Test
    void readsAFailedPageAgain() throws Exception {
        Iterator<?> records = sent("lago:customers?operation=list&perPage=10&streaming=true&maxRetries=0", null).getMessage()
                .getBody(Iterator.class);
        List<String> ids = ids(records, 10);
        sandbox.faults().on("GET", "/customers").times(1).status(500);

        assertThatThrownBy(records::hasNext).isInstanceOf(LagoServerException.class);
        ids.addAll(ids(records));
        assertThat(ids).hasSize(25).doesNotHaveDuplicates();
    }

    @Test
    void aFailureOfTheFirstPageFailsTheMessage() {
        sandbox.faults().on("GET", "/customers").status(500);

        assertThat(send("lago:customers?operation=list&streaming=true", null).getException())
                .isInstanceOf(LagoServerException.class);
    }

    @Test
    void filtersAndHeadersOfTheMessageHoldForAllPages() throws Exception {
        IntStream.range(0, 5).forEach(i -> sandbox.add("customers", Map.of("external_id", "d" + i, "country", "DE")));
        Exchange exchange = send("lago:customers?operation=list&perPage=2&streaming=true", null,
                Map.of("CamelLagoFilter", Map.of("countries", "DE"), "CamelLagoPage", 2));
        Iterator<?> records = exchange.getMessage().getBody(Iterator.class);
        exchange.getMessage().removeHeaders("*");

        assertThat(ids(records)).hasSize(3).allMatch(id -> id.startsWith("d"));
    }

    @Test
    void listsWithoutPagesAreStreamedToo() throws Exception {
        Iterator<?> records = sent("lago:billing_entities?operation=list&streaming=true", null).getMessage()
                .getBody(Iterator.class);

        assertThat(records).toIterable().hasSize(1);
    }

    @Test
    void totalsThatAreTooLowEndNothing() throws Exception {
        try (var stale = io.github.camellago.test.LagoSandbox.builder().staleTotals(true).start()) {
            IntStream.range(0, 3).forEach(i -> stale.add("customers", Map.of("external_id", "c" + i)));
            String uri = "lago:customers?operation=list&perPage=2&streaming=true&baseUrl=" + stale.baseUrl() + "&apiKey="
                    + stale.apiKey();
            sent(uri, null);
            IntStream.range(3, 9).forEach(i -> stale.add("customers", Map.of("external_id", "c" + i)));

            assertThat(ids(sent(uri, null).getMessage().getBody(Iterator.class))).hasSize(9);
        }
    }

    private static List<String> ids(Iterator<?> records) {
        return ids(records, Integer.MAX_VALUE);
    }

    private static List<String> ids(Iterator<?> records, int count) {
        List<String> ids = new ArrayList<>();
        while (ids.size() < count && records.hasNext()) {
            ids.add(((Map<?, ?>) records.next()).get("external_id").toString());
        }
        return ids;
    }
}
