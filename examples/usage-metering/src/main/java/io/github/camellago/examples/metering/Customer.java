package io.github.camellago.examples.metering;

import java.util.List;

/**
 * Someone who uses and pays.
 *
 * @param id   Lago's {@code external_id}; its beginning keeps it apart from real customers
 * @param name for people
 */
record Customer(String id, String name) {

    static final List<Customer> ALL = List.of(new Customer("metering-acme", "Acme Inc."),
            new Customer("metering-globex", "Globex Corporation"), new Customer("metering-initech", "Initech"),
            new Customer("metering-umbrella", "Umbrella AG"), new Customer("metering-wayne", "Wayne Enterprises"));

    /** The subscription for one run, so that the run's usage stands alone. */
    String subscription(String run) {
        return id + '-' + run;
    }
}
