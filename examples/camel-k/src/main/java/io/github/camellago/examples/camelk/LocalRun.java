package io.github.camellago.examples.camelk;

import io.github.camellago.test.LagoSandbox;
import org.apache.camel.main.Main;

/** Replaces the cluster: runs the resources on this machine, against a sandbox. */
public final class LocalRun {

    private LocalRun() {}

    public static void main(String[] args) throws Exception {
        try (LagoSandbox sandbox = LagoSandbox.builder().demo(true).start()) {
            main(sandbox).run();
        }
    }

    /** Camel with the properties that come from the Secret in a cluster. */
    static Main main(LagoSandbox sandbox) {
        Main main = new Main();
        main.addInitialProperty("lago.api-key", sandbox.apiKey());
        main.addInitialProperty("lago.region", "US");
        main.addInitialProperty("lago.base-url", sandbox.baseUrl());
        return main;
    }
}
