package io.github.camellago.api;

import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * One usage event.
 *
 * @param transactionId             the unique id of the event. If null, the component generates one per exchange
 * @param externalSubscriptionId    the subscription that used something
 * @param code                      the billable metric's code
 * @param timestamp                 when, in Unix seconds, fractions allowed; null for the exchange's time of creation
 * @param preciseTotalAmountCents   the amount for dynamic pricing, as a decimal number, or null
 * @param properties                what the metric aggregates or filters by; may be null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LagoEvent(
        @JsonProperty("transaction_id") String transactionId,
        @JsonProperty("external_subscription_id") String externalSubscriptionId,
        @JsonProperty("code") String code,
        @JsonProperty("timestamp") BigDecimal timestamp,
        @JsonProperty("precise_total_amount_cents") String preciseTotalAmountCents,
        @JsonProperty("properties") Map<String, Object> properties) implements Serializable {

    public LagoEvent(String transactionId, String externalSubscriptionId, String code, Instant timestamp,
            Map<String, Object> properties) {
        this(transactionId, externalSubscriptionId, code, timestamp == null ? null : seconds(timestamp.toEpochMilli()), null,
                properties);
    }

    public static BigDecimal seconds(long millis) {
        return BigDecimal.valueOf(millis, 3);
    }
}
