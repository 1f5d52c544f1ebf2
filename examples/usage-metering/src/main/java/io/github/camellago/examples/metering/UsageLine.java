package io.github.camellago.examples.metering;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** One line of a usage file. */
record UsageLine(String transactionId, String subscription, String metric, String timestamp, BigDecimal quantity,
        String region) {

    private static final int FIELDS = UsageFile.HEADER.split(",").length;

    /** The reason why a line is not a usage record. */
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        Unreadable(String message) {
            super(message);
        }
    }

    static UsageLine parse(String line) throws Unreadable {
        CSVRecord record = record(line);
        if (record.size() != FIELDS) {
            throw new Unreadable(record.size() + " fields instead of " + FIELDS);
        }
        if (record.get(0).isBlank()) {
            throw new Unreadable("no transaction_id");
        }
        try {
            return new UsageLine(record.get(0), record.get(1), record.get(2), record.get(3), new BigDecimal(record.get(4)),
                    record.get(5));
        } catch (NumberFormatException e) {
            throw new Unreadable("quantity is not a number: " + record.get(4));
        }
    }

    private static CSVRecord record(String line) throws Unreadable {
        try (CSVParser parser = CSVParser.parse(line, CSVFormat.DEFAULT)) {
            List<CSVRecord> records = parser.getRecords();
            if (records.size() != 1) {
                throw new Unreadable("an empty line");
            }
            return records.get(0);
        } catch (IOException | UncheckedIOException e) {
            throw new Unreadable("not CSV: " + e.getMessage());
        }
    }

    /** The line as a usage event. Its transaction_id makes a repeated delivery harmless. */
    Map<String, Object> toEvent() {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("transaction_id", transactionId);
        event.put("external_subscription_id", subscription);
        event.put("code", metric);
        event.put("timestamp", timestamp);
        event.put("properties", Map.of("quantity", quantity, "region", region));
        return event;
    }
}
