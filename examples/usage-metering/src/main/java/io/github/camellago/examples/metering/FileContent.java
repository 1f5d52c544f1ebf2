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
 * What a usage file holds, found out by reading it, without Lago.
 *
 * @param lines   records, the header left out
 * @param units   what each customer used of each metric, each transaction counted once
 * @param records how many transactions that is
 */
record FileContent(long lines, Map<Metered, BigDecimal> units, long records) {

    static FileContent of(UsageFile file) throws IOException {
        long lines = 0;
        Map<Metered, BigDecimal> units = new TreeMap<>();
        Set<String> seen = new HashSet<>();
        try (BufferedReader reader = Files.newBufferedReader(file.path())) {
            reader.readLine();
            for (String text = reader.readLine(); text != null; text = reader.readLine()) {
                lines++;
                try {
                    UsageLine line = UsageLine.parse(text);
                    if (forLago(line) && seen.add(line.transactionId())) {
                        String customer = line.subscription().replaceFirst("-" + file.run() + "$", "");
                        units.merge(new Metered(customer, line.metric()), line.quantity(), BigDecimal::add);
                    }
                } catch (UsageLine.Unreadable e) {
                    // the routes put it aside too: the lines are held against each other in the end
                }
            }
        }
        return new FileContent(lines, units, seen.size());
    }

    /** Whether Lago can take it: it wants a metric, and a time in Unix seconds. */
    private static boolean forLago(UsageLine line) {
        return !line.metric().isBlank() && line.timestamp().matches("\\d+");
    }
}
