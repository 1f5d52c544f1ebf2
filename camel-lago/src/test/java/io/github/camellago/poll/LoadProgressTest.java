package io.github.camellago.poll;

import java.time.Duration;
import java.util.List;

import io.github.camellago.LagoConsumer;
import io.github.camellago.LogCapture;
import io.github.camellago.client.Page;
import io.github.camellago.test.RateLimits;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** How the progress of a first load is logged. */
class LoadProgressTest extends PollingTestSupport {

    private final LogCapture captured = LogCapture.from(Level.INFO);
    private long now;
    private final LoadProgress progress = new LoadProgress("invoices", () -> now);

    @AfterEach
    void endCapture() {
        captured.close();
    }

    private List<String> lines() {
        return captured.lines().stream().filter(line -> line.contains("LoadProgress "))
                .map(line -> line.replaceFirst(".*LoadProgress ", "")).toList();
    }

    @Test
    void saysHowMuchThereIsAndHowLongItWillTake() {
        progress.begin();
        for (int i = 1; i <= 1000; i++) {
            now += Duration.ofMillis(100).toNanos();
            progress.page(page(i, 1000), i == 1, true, i * 100L);
        }
        progress.end(true, 100_000);

        assertThat(lines()).containsExactly("Reading invoices: about 1,000 pages with 100,000 records",
                "Reading invoices: 300 of 1,000 pages in 30 s, 30,000 messages, about 70 s left",
                "Reading invoices: 600 of 1,000 pages in 60 s, 60,000 messages, about 40 s left",
                "Reading invoices: 900 of 1,000 pages in 90 s, 90,000 messages, about 10 s left",
                "Read invoices: 1,000 pages in 100 s, 100,000 messages");
    }

    @Test
    void saysNothingOfAShortList() {
        progress.begin();
        for (int i = 1; i <= 19; i++) {
            progress.page(page(i, 19), i == 1, true, i);
        }
        progress.end(true, 19);
        assertThat(lines()).isEmpty();
    }

    @Test
    void countsThePagesOfManyLists() {
        progress.begin();
        for (int i = 1; i <= 400; i++) {
            now += Duration.ofMillis(100).toNanos();
            progress.page(page(1, 1), true, false, i);
        }
        progress.end(false, 400);
        assertThat(lines()).containsExactly("Reading invoices: 300 pages in 30 s, 300 messages",
                "Interrupted reading invoices: 400 pages in 40 s, 400 messages");
    }

    @Test
    void isLoggedForTheFirstCompletePollOnly() throws Exception {
        sandbox.rateLimits(RateLimits.cloud());
        add(25);
        from("lago:customers?startScheduler=false&perPage=1", exchange -> {});
        LagoConsumer consumer = (LagoConsumer) context.getRoute("reading").getConsumer();
        consumer.poll();
        assertThat(captured.lines()).anyMatch(line -> line.startsWith("INFO")
                && line.endsWith("Reading customers: about 25 pages with 25 records, at the rate limit at least 1 s"));
        assertThat(captured.lines()).anyMatch(line -> line.contains("Read customers: 25 pages"));

        captured.lines().clear();
        consumer.poll();
        assertThat(captured.lines()).noneMatch(line -> line.contains("pages"));
    }

    private static Page page(int number, int pages) {
        return new Page(List.of(), number < pages ? number + 1 : null, pages, pages * 100, null);
    }
}
