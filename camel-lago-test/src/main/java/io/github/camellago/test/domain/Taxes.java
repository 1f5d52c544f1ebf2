package io.github.camellago.test.domain;

import java.math.BigDecimal;
import java.util.Map;

import io.github.camellago.test.server.LagoError;

/**
 * Taxes. The rate is a percentage. Requests have it as a number or a string, and answers as a number.
 */
final class Taxes extends Crud {

    Taxes(Context context) {
        super(context, "taxes");
    }

    @Override
    void complete(Map<String, Object> record, Map<String, Object> given) {
        if (given.containsKey("rate")) {
            BigDecimal rate = Amounts.decimal(given.get("rate"));
            if (rate == null || rate.signum() < 0) {
                throw LagoError.invalid("rate", "value_is_invalid");
            }
            record.put("rate", rate);
        }
    }
}
