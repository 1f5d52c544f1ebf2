package io.github.camellago.examples.metering;

import java.io.BufferedReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The content of a usage file, computed without Lago.
 *
 * @param lines   number of records, without the header
 * @param units   units by customer and metric. Each transaction counts once
 * @param records number of transactions
 */
record FileContent(long lines, Map<CustomerMetric, BigDecimal> units, long records) {

    static FileContent of(UsageFile file) throws IOException {
        long lines = 0;
        Map<CustomerMetric, BigDecimal> units = new TreeMap<>();
        Set<String> seen = new HashSet<>();
        try (BufferedReader reader = Files.newBufferedReader(file.path())) {
            reader.readLine();
            for (String text = reader.readLine(); text != null; text = reader.readLine()) {
                lines++;
                try {
                    UsageLine line = UsageLine.parse(text);
                    if (forLago(line) && seen.add(line.transactionId())) {
                        String customer = line.subscription().replaceFirst("-" + file.run() + "$", "");
                        units.merge(new CustomerMetric(customer, line.metric()), line.quantity(), BigDecimal::add);
                    }
                } catch (UsageLine.Unreadable e) {
                    // the routes write the line to a file. The numbers of lines are compared at the end
                }
            }
        }
        return new FileContent(lines, units, seen.size());
    }

    /** Whether Lago accepts the record: it needs a metric, and a time in Unix seconds. */
    private static boolean forLago(UsageLine line) {
        return !line.metric().isBlank() && line.timestamp().matches("\\d+");
    }
}
