package io.github.camellago.test;

import java.util.concurrent.CountDownLatch;

/**
 * Runs a sandbox until it is stopped: {@code --port 3000 --host 127.0.0.1 --key secret --seed none|demo}. On a loopback address, which is the default,
 * it has the {@linkplain LagoSandboxBuilder#controlUrls control URLs}.
 */
public final class LagoSandboxMain {

    private static final String USAGE = "Usage: [--port 3000] [--host ADDRESS] [--key API_KEY] [--seed none|demo]";

    private static final String CONTROL = """

            Without a key:

              curl -s -X POST %1$s/sandbox/reset                         # removes all data
              curl -s %1$s/sandbox/keys -d '["invoice:read"]'            # creates a key with these permissions only
            """;

    private LagoSandboxMain() {}

    public static void main(String[] args) throws InterruptedException {
        LagoSandboxBuilder options;
        try {
            options = parse(args);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.println(USAGE);
            System.exit(2);
            return;
        }
        LagoSandbox sandbox = options.start();
        Runtime.getRuntime().addShutdownHook(new Thread(sandbox::close));
        System.out.println(greeting(sandbox));
        new CountDownLatch(1).await();
    }

    static LagoSandboxBuilder parse(String... args) {
        LagoSandboxBuilder options = LagoSandbox.builder().port(3000).demo(true);
        for (int i = 0; i < args.length; i += 2) {
            if (i + 1 == args.length) {
                throw new IllegalArgumentException("No value for " + args[i]);
            }
            String value = args[i + 1];
            switch (args[i]) {
                case "--port" -> options.port(port(value));
                case "--host" -> options.host(value);
                case "--key" -> options.apiKey(value);
                case "--seed" -> options.demo(seed(value));
                default -> throw new IllegalArgumentException("Unknown option " + args[i]);
            }
        }
        return options.controlUrls(options.isLocal());
    }

    private static int port(String value) {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("Not a port: " + value);
        }
    }

    private static boolean seed(String value) {
        return switch (value) {
            case "demo" -> true;
            case "none" -> false;
            default -> throw new IllegalArgumentException("Unknown seed " + value);
        };
    }

    static String greeting(LagoSandbox sandbox) {
        String curl = "curl -s -H 'Authorization: Bearer " + sandbox.apiKey() + "' ";
        String api = sandbox.baseUrl() + "/api/v1";
        return """
                Lago sandbox at %1$s, API key %2$s. Try:

                  curl -s %1$s/health
                  %3$s %4$s/customers
                  %3$s '%4$s/invoices?per_page=2'
                  %3$s -H 'Content-Type: application/json' %4$s/events \\
                       -d '{"event":{"transaction_id":"tx-1","external_subscription_id":"sub-acme","code":"api_calls"}}'
                  %3$s '%4$s/customers/acme/current_usage?external_subscription_id=sub-acme'
                %5$s
                Stop the sandbox with Ctrl-C.""".formatted(sandbox.baseUrl(), sandbox.apiKey(), curl.trim(), api,
                sandbox.hasControlUrls() ? CONTROL.formatted(sandbox.baseUrl()) : "");
    }
}
