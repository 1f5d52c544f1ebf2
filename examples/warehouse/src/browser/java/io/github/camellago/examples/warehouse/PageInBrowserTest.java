package io.github.camellago.examples.warehouse;

import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import io.github.camellago.test.LagoSandbox;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.apache.camel.main.Main;
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

import static org.assertj.core.api.Assertions.assertThat;

/** The page in a headless Chromium. Saves a screenshot as {@code target/page.png}. */
class PageInBrowserTest {

    @TempDir
    Path work;

    @Test
    void showsTheViews() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        try (LagoSandbox sandbox = LagoSandbox.builder().journal(0).demo(true).start();
                EmbeddedPostgres postgres = EmbeddedPostgres.builder().setPGStartupWait(Duration.ofMinutes(1)).start();
                Database database = new Database(postgres.getJdbcUrl("postgres", "postgres"))) {
            new Demo(sandbox, 7).fill(12, 200);
            Map<String, String> environment = Map.of("LAGO_API_KEY", sandbox.apiKey(), "LAGO_BASE_URL", sandbox.baseUrl());
            Access access = Mirror.access(environment);
            database.install(access.readable());
            Main mirror = Mirror.prepare("one", database, work.toString(), access, environment);
            Main page = Warehouse.page(database, port);
            ChromeDriver browser = browser();
            try {
                mirror.start();
                page.start();
                browser.get("http://localhost:" + port + "/");
                new WebDriverWait(browser, Duration.ofMinutes(2)).until(b -> new Progress(database).isLoaded()
                        && count(browser, "#mrr rect") > 5 && count(browser, "#usage polyline") == 2
                        && count(browser, "#lists tr") > 40);

                assertThat(count(browser, "#revenue rect")).isEqualTo(10);
                assertThat(browser.findElement(By.id("unpaid")).getText()).contains("Company", "€");
                assertThat(browser.findElement(By.id("lists")).getText()).contains("customers_payment_methods");
                assertThat(browser.findElement(By.id("state")).getText()).isEqualTo("live");
                Files.write(Path.of("target/page.png"), browser.getScreenshotAs(OutputType.BYTES));
                assertThat(browser.manage().logs().get(LogType.BROWSER).getAll()).as("the console").isEmpty();

                page.stop();
                new WebDriverWait(browser, Duration.ofMinutes(1))
                        .until(b -> browser.findElement(By.id("state")).getText().startsWith("not live"));
            } finally {
                browser.quit();
                page.stop();
                mirror.stop();
            }
        }
    }

    private static int count(ChromeDriver browser, String selector) {
        return browser.findElements(By.cssSelector(selector)).size();
    }

    private ChromeDriver browser() {
        ChromeOptions options = new ChromeOptions().addArguments("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
                "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--user-data-dir=" + work.resolve("profile"));
        options.setBinary(System.getProperty("chromium", "/usr/bin/chromium"));
        options.setCapability("goog:loggingPrefs", Map.of("browser", "ALL"));
        ChromeDriver browser = new ChromeDriver(new ChromeDriverService.Builder()
                .usingDriverExecutable(Path.of(System.getProperty("chromedriver", "/usr/bin/chromedriver")).toFile()).build(),
                options);
        browser.manage().window().setSize(new Dimension(1200, 1400));
        return browser;
    }
}
