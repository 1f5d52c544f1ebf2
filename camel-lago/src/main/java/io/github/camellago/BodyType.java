package io.github.camellago;

/** What a record is handed over as. */
public enum BodyType {
    /** a {@code Map<String, Object>}; decimals are BigDecimal */
    MAP,
    /** a String of JSON, as Lago sent it */
    JSON,
    /** Jackson's JsonNode */
    JSON_NODE
}
