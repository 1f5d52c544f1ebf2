package io.github.camellago.examples.springboot;

import java.util.ArrayList;
import java.util.List;

import io.github.camellago.test.LagoSandbox;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Receives usage, sends it to Lago, and shows the results. Without LAGO_API_KEY, Lago is a sandbox with simulated customers. */
@SpringBootApplication
public class BillingApplication {

    public static void main(String[] args) {
        List<String> arguments = new ArrayList<>(List.of(args));
        if (System.getenv("LAGO_API_KEY") == null) {
            LagoSandbox sandbox = LagoSandbox.builder().demo(true).start();
            // closed after the application, so that it answers the application's last requests
            SpringApplication.getShutdownHandlers().add(sandbox::close);
            arguments.add("--LAGO_API_KEY=" + sandbox.apiKey());
            arguments.add("--LAGO_BASE_URL=" + sandbox.baseUrl());
            arguments.add("--example.demo=true");
        }
        SpringApplication.run(BillingApplication.class, arguments.toArray(String[]::new));
    }
}
