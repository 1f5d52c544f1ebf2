package io.github.camellago.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/**
 * The upper limit for reading page by page: HttpClient 5, Jackson, and a loop. Without Jackson, the loop only fetches the pages: no reader can be faster
 * that does not fetch pages ahead.
 */
final class BarePageLoop implements Contestant {

    private final String url;
    private final boolean parse;
    private final Consumer<Object> sink;
    private final CloseableHttpClient http = HttpClients.createDefault();
    // exact decimals, as all contestants use
    private final ObjectMapper mapper = new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    BarePageLoop(String url, boolean parse, Consumer<Object> sink) {
        this.url = url;
        this.parse = parse;
        this.sink = sink;
    }

    @Override
    public String name() {
        return parse ? ReadingBenchmark.BARE : ReadingBenchmark.FETCH;
    }

    @Override
    public Outside run(Duration time) throws Exception {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - end < 0) {
            if (parse) {
                read();
            } else {
                fetch();
            }
        }
        return null;
    }

    private void fetch() throws Exception {
        for (int page = 1; page <= InvoicePages.PAGES; page++) {
            get(page);
        }
    }

    private void read() throws Exception {
        for (Object page = 1; page != null;) {
            Map<?, ?> answer = mapper.readValue(get((int) page), Map.class);
            ((List<?>) answer.get("invoices")).forEach(sink);
            page = ((Map<?, ?>) answer.get("meta")).get("next_page");
        }
    }

    private byte[] get(int page) throws Exception {
        HttpGet get = new HttpGet(url + "/api/v1/invoices?page=" + page + "&per_page=" + InvoicePages.PER_PAGE);
        get.setHeader("Authorization", "Bearer benchmark-key");
        return http.execute(get, response -> EntityUtils.toByteArray(response.getEntity()));
    }

    @Override
    public void close() throws Exception {
        http.close();
    }
}
