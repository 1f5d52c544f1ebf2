package io.github.camellago.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** Lago's official JavaScript client, in Node.js. */
final class JavaScriptClient implements Contestant {

    private final String name;
    private final String script;
    private final String url;
    private final int concurrency;
    private final File directory;

    private JavaScriptClient(String name, String script, String url, int concurrency, File directory) {
        this.name = name;
        this.script = script;
        this.url = url;
        this.concurrency = concurrency;
        this.directory = directory;
    }

    /** The client with one batch after another, and with as many batches in flight as the others. Empty without npm. */
    static List<Contestant> all(String url, int concurrency, File sources) throws InterruptedException {
        try {
            File directory = install(sources);
            return List
                    .of(new JavaScriptClient("(c) JavaScript client, one batch after another", "events.js", url, 1, directory),
                            new JavaScriptClient("(c) JavaScript client, " + concurrency + " batches at a time", "events.js",
                                    url,
                                    concurrency, directory));
        } catch (IOException e) {
            System.err.println("Skipping the JavaScript client: " + e.getMessage());
            return List.of();
        }
    }

    /** The client with a script. Empty without npm. */
    static List<Contestant> one(String name, String script, String url, int concurrency, File sources)
            throws InterruptedException {
        try {
            return List.of(new JavaScriptClient(name, script, url, concurrency, install(sources)));
        } catch (IOException e) {
            System.err.println("Skipping the JavaScript client: " + e.getMessage());
            return List.of();
        }
    }

    /** The client reading page by page, and with as many pages in flight as the component prefetches. */
    static List<Contestant> readers(String url, int concurrency, File sources, String one, String many)
            throws InterruptedException {
        try {
            File directory = install(sources);
            return List.of(new JavaScriptClient(one, "invoices.js", url, 1, directory),
                    new JavaScriptClient(many, "invoices.js", url, concurrency, directory));
        } catch (IOException e) {
            System.err.println("Skipping the JavaScript client: " + e.getMessage());
            return List.of();
        }
    }

    private static File install(File sources) throws IOException, InterruptedException {
        File directory = new File(sources.getParentFile().getParentFile().getParentFile(), "target/js");
        if (!directory.isDirectory() && !directory.mkdirs()) {
            throw new IOException("Cannot create " + directory);
        }
        for (String file : List.of("package.json", "events.js", "invoices.js", "messages.js")) {
            java.nio.file.Files.copy(new File(sources, file).toPath(), new File(directory, file).toPath(),
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
        if (!new File(directory, "node_modules/lago-javascript-client").isDirectory()) {
            Process npm = new ProcessBuilder("npm", "install", "--no-audit", "--no-fund").directory(directory)
                    .redirectErrorStream(true).start();
            String said = new String(npm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (npm.waitFor() != 0) {
                throw new IOException("npm install failed: " + said);
            }
        }
        return directory;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Outside run(Duration time) throws Exception {
        List<String> command = new ArrayList<>(List.of("node", script, url + "/api/v1",
                String.valueOf(time.toMillis() / 1000.0), String.valueOf(concurrency)));
        Process node = new ProcessBuilder(command).directory(directory).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        JsonNode result = new ObjectMapper().readTree(node.getInputStream());
        if (node.waitFor() != 0) {
            throw new IllegalStateException("node failed");
        }
        return new Outside(result.get("items").asLong(), result.get("requests").asLong(), result.get("seconds").asDouble(),
                result.get("cpu_seconds").asDouble());
    }
}
