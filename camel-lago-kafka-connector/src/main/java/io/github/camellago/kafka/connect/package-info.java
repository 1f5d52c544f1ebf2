/**
 * Connectors of Kafka Connect for Lago: {@link io.github.camellago.kafka.connect.LagoEventsSinkConnector} sends usage events from topics to Lago,
 * and {@link io.github.camellago.kafka.connect.LagoSourceConnector} reads lists of Lago into topics. Both run the Camel component for Lago.
 */
package io.github.camellago.kafka.connect;
