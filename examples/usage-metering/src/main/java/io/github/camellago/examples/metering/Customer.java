package io.github.camellago.examples.metering;

import java.util.List;

/**
 * A customer of the example.
 *
 * @param id   Lago's {@code external_id}. The prefix separates it from real customers
 * @param name the display name
 */
record Customer(String id, String name) {

    static final List<Customer> ALL = List.of(new Customer("metering-acme", "Acme Inc."),
            new Customer("metering-globex", "Globex Corporation"), new Customer("metering-initech", "Initech"),
            new Customer("metering-umbrella", "Umbrella AG"), new Customer("metering-wayne", "Wayne Enterprises"));

    /** The subscription for one run. Each run has its own, so that usage of other runs is not counted. */
    String subscription(String run) {
        return id + '-' + run;
    }
}
