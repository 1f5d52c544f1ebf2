package io.github.camellago.benchmarks.contract;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A Prism mock server in a separate process. It rejects requests that violate the contract. */
final class Prism implements AutoCloseable {

    private static final String PACKAGE = "@stoplight/prism-cli@5";

    private final Process process;

    private Prism(Process process) {
        this.process = process;
    }

    /** Starts Prism, and installs it into the folder first if it is missing. Returns when Prism listens. */
    static Prism start(Path folder, Path contract, int port) throws IOException, InterruptedException {
        Path command = folder.resolve("node_modules/.bin/prism");
        if (!Files.exists(command)) {
            Files.createDirectories(folder);
            Process npm = new ProcessBuilder("npm", "install", "--prefix", ".", "--no-audit", "--no-fund", PACKAGE)
                    .directory(folder.toFile()).inheritIO().start();
            if (npm.waitFor() != 0) {
                throw new IOException("npm could not install " + PACKAGE);
            }
        }
        List<String> arguments = List.of(command.toString(), "mock", "--errors", "--host", "127.0.0.1", "--port",
                String.valueOf(port),
                contract.toAbsolutePath().toString());
        Process process = new ProcessBuilder(arguments).redirectErrorStream(true).start();
        Prism prism = new Prism(process);
        BufferedReader log = process.inputReader();
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            if (line.contains("Prism is listening")) {
                Thread reader = new Thread(() -> log.lines().forEach(l -> {}), "prism");
                reader.setDaemon(true);
                reader.start();
                return prism;
            }
        }
        prism.close();
        throw new IOException("Prism did not start with " + contract);
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
