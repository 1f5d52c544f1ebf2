package io.github.camellago.examples.springboot;

import java.util.ArrayList;
import java.util.List;

import io.github.camellago.test.LagoSandbox;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Takes usage in and shows what becomes of it. Without LAGO_API_KEY, Lago is a sandbox in which customers are busy. */
@SpringBootApplication
public class BillingApplication {

    public static void main(String[] args) {
        List<String> arguments = new ArrayList<>(List.of(args));
        if (System.getenv("LAGO_API_KEY") == null) {
            LagoSandbox sandbox = LagoSandbox.builder().demo(true).start();
            // after the application, which still has its webhook endpoint to remove
            SpringApplication.getShutdownHandlers().add(sandbox::close);
            arguments.add("--LAGO_API_KEY=" + sandbox.apiKey());
            arguments.add("--LAGO_BASE_URL=" + sandbox.baseUrl());
            arguments.add("--example.demo=true");
        }
        SpringApplication.run(BillingApplication.class, arguments.toArray(String[]::new));
    }
}
