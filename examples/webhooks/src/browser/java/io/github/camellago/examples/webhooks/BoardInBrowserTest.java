package io.github.camellago.examples.webhooks;

import io.github.camellago.test.LagoSandbox;
import io.github.camellago.test.LagoSandboxExtension;

import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.apache.camel.main.Main;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.support.ui.WebDriverWait;

import static org.assertj.core.api.Assertions.assertThat;

/** The page in a headless Chromium. Saves a screenshot as {@code target/board.png}. */
class BoardInBrowserTest {

    @RegisterExtension
    static LagoSandboxExtension lago = new LagoSandboxExtension();

    @TempDir
    Path work;

    private Main main;
    private ChromeDriver browser;
    private String address;

    @BeforeEach
    void start(LagoSandbox sandbox) throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        address = "http://localhost:" + port + "/";
        main = WebhookBoard.prepare(LagoServer.of(sandbox), port, work.resolve("out"));
        main.addInitialProperty("example.period", "300");
        main.start();
        ChromeOptions options = new ChromeOptions().addArguments("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
                "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--user-data-dir=" + work.resolve("profile"));
        options.setBinary(System.getProperty("chromium", "/usr/bin/chromium"));
        options.setCapability("goog:loggingPrefs", java.util.Map.of("browser", "ALL"));
        browser = new ChromeDriver(new ChromeDriverService.Builder()
                .usingDriverExecutable(Path.of(System.getProperty("chromedriver", "/usr/bin/chromedriver")).toFile()).build(),
                options);
        browser.manage().window().setSize(new Dimension(1000, 720));
        browser.get(address);
    }

    @AfterEach
    void stop() {
        if (browser != null) {
            browser.quit();
        }
        main.stop();
    }

    private List<WebElement> rows() {
        return browser.findElements(By.cssSelector("tr.entry"));
    }

    private void await(java.util.function.BooleanSupplier condition) {
        new WebDriverWait(browser, Duration.ofSeconds(20)).until(b -> condition.getAsBoolean());
    }

    @Test
    void showsNewRows() throws Exception {
        await(() -> rows().size() >= 9);
        int before = rows().size();
        await(() -> rows().size() > before);

        assertThat(browser.findElement(By.tagName("tbody")).getText()).contains("invoice.one_off_created", "invoice.voided",
                "events.errors", "Acme", "€");
        assertThat(browser.findElement(By.id("counts")).getText()).contains("invoice.payment_status_updated");
        assertThat(browser.findElement(By.id("state")).getText()).endsWith("received");
        Files.write(Path.of("target/board.png"), browser.getScreenshotAs(OutputType.BYTES));

        assertThat(browser.manage().logs().get(LogType.BROWSER).getAll()).as("the console").isEmpty();
    }

    @Test
    void opensARowWithMouseAndKeyboard() {
        await(() -> rows().size() >= 2);
        WebElement row = rows().get(rows().size() - 1);
        row.click();
        await(() -> browser.findElements(By.cssSelector("tr.detail")).size() == 1);
        assertThat(browser.findElement(By.cssSelector("tr.detail")).getText()).contains("\"lago_id\":");
        row.sendKeys(Keys.ENTER);
        await(() -> browser.findElements(By.cssSelector("tr.detail")).isEmpty());
    }

    @Test
    void showsThatTheProgramDoesNotAnswer() {
        await(() -> rows().size() >= 1);
        main.stop();
        await(() -> browser.findElement(By.id("state")).getText().contains("does not answer"));
    }
}
