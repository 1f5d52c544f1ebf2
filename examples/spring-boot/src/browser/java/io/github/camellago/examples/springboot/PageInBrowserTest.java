package io.github.camellago.examples.springboot;

import io.github.camellago.test.LagoSandbox;
import io.github.camellago.test.spring.EnableLagoSandbox;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.support.ui.WebDriverWait;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.client.TestRestTemplate;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/** The page in a headless Chromium. Saves a screenshot as {@code target/page.png}. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = {"example.invoices.delay=1000",
    "example.usage.period=500", "example.webhook-url=", "example.demo=true"})
@EnableLagoSandbox(demo = true)
class PageInBrowserTest {

    @TempDir
    Path work;

    @Autowired
    private LagoSandbox sandbox;

    @Autowired
    private TestRestTemplate http;

    @LocalServerPort
    private int port;

    private ChromeDriver browser;

    @BeforeEach
    void open(@Autowired JdbcClient database) {
        database.sql("delete from invoice").update();
        // the rows must come back, including those of records that were read before
        sandbox.advance(Duration.ofSeconds(1));
        sandbox.records("invoices").forEach(i -> sandbox.update("invoices", (String) i.get("lago_id"), Map.of()));
        ChromeOptions options = new ChromeOptions().addArguments("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
                "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--lang=en-GB",
                "--user-data-dir=" + work.resolve("profile"));
        options.setBinary(System.getProperty("chromium", "/usr/bin/chromium"));
        options.setCapability("goog:loggingPrefs", Map.of("browser", "ALL"));
        browser = new ChromeDriver(new ChromeDriverService.Builder()
                .usingDriverExecutable(Path.of(System.getProperty("chromedriver", "/usr/bin/chromedriver")).toFile()).build(),
                options);
        browser.manage().window().setSize(new Dimension(1120, 900));
        browser.get("http://localhost:" + port + "/");
    }

    @AfterEach
    void close() {
        browser.quit();
    }

    @Test
    void showsUsageLive() throws Exception {
        await(() -> points("acme", "api_calls") > 2);
        double accepted = number("accepted");
        int used = used("acme", "api_calls");
        String line = line("acme", "api_calls");

        await(() -> number("accepted") > accepted && used("acme", "api_calls") > used);
        assertThat(line("acme", "api_calls")).isNotEqualTo(line);

        String card = text(".card[data-customer=acme]");
        assertThat(card).contains("acme · €").contains("api_calls").contains("storage_gb");
        assertThat(text(".card[data-customer=globex]")).contains("globex · €");
        await(() -> browser.findElements(By.cssSelector("#invoices tr")).size() >= 3);
        assertThat(text("#invoices")).contains("LAG-SBX-", "acme", "finalized", "€600.00");
        assertThat(text("#state")).isEqualTo("live");

        await(() -> points("acme", "api_calls") > 40);
        Files.write(Path.of("target/page.png"), browser.getScreenshotAs(OutputType.BYTES));
        assertThat(browser.manage().logs().get(LogType.BROWSER).getAll()).extracting(Object::toString)
                .noneMatch(entry -> entry.contains("SEVERE") && !entry.contains("favicon"));
    }

    @Test
    void countsRejectedEvents() {
        await(() -> text("#state").equals("live"));
        double before = number("rejected");

        http.postForEntity("/usage", Map.of("transaction_id", "bad", "external_subscription_id", "sub-acme"), String.class);

        await(() -> number("rejected") == before + 1);
    }

    @Test
    void fitsASmallScreen() {
        browser.manage().window().setSize(new Dimension(500, 800));
        await(() -> points("acme", "api_calls") > 1);

        long overflow = (Long) browser.executeScript("return document.documentElement.scrollWidth - window.innerWidth");
        assertThat(overflow).isLessThanOrEqualTo(0);
    }

    private String text(String selector) {
        return browser.findElement(By.cssSelector(selector)).getText();
    }

    private double number(String id) {
        String text = text("#" + id).replace(",", "");
        return text.equals("–") ? -1 : Double.parseDouble(text);
    }

    /** The units on a customer's card. */
    private int used(String customer, String metric) {
        return Integer.parseInt(text(".card[data-customer=" + customer + "]").replaceAll("(?s).*" + metric + " ([\\d,]+).*", "$1")
                .replace(",", ""));
    }

    private int points(String customer, String metric) {
        String line = line(customer, metric);
        return line == null ? 0 : line.split(" ").length;
    }

    /** The points of a customer's line, or null if there is no line yet. */
    private String line(String customer, String metric) {
        return (String) browser.executeScript("return document.querySelector(arguments[0])?.getAttribute('points')",
                ".card[data-customer=" + customer + "] polyline[data-metric=" + metric + "]");
    }

    private void await(BooleanSupplier condition) {
        new WebDriverWait(browser, Duration.ofSeconds(90)).until(b -> condition.getAsBoolean());
    }
}
