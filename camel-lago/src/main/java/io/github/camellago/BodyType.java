package io.github.camellago;

/** The type of a record in the message body. */
public enum BodyType {
    /** a {@code Map<String, Object>}; decimals are BigDecimal */
    MAP,
    /** a String of JSON, as Lago sent it */
    JSON,
    /** Jackson's JsonNode */
    JSON_NODE
}
