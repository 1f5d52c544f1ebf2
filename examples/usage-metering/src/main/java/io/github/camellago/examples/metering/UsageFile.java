package io.github.camellago.examples.metering;

import java.io.BufferedWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A usage file such as a metering system writes: this month's usage up to the last full hour, one record per line. Some lines are repeated,
 * some are invalid. The content is the same for all runs in the same hour.
 *
 * @param path  path of the file
 * @param run   the hour, which is part of the transaction_ids
 * @param month start of the billing period
 */
record UsageFile(Path path, String run, Instant month) {

    static final String HEADER = "transaction_id,subscription,metric,timestamp,quantity,region";

    private static final List<String> REGIONS = List.of("eu", "us", "ap");
    /** Distance in lines of a repeated record. A metering system repeats its last minutes, for example after a restart. */
    private static final int REPEATED_AFTER = 1_500;

    static UsageFile write(Path folder, Instant now, int lines) throws IOException {
        Instant hour = now.truncatedTo(ChronoUnit.HOURS);
        Instant month = hour.atZone(ZoneOffset.UTC).withDayOfMonth(1).truncatedTo(ChronoUnit.DAYS).toInstant();
        UsageFile file = new UsageFile(folder.resolve("usage-" + run(now) + ".csv"), run(now), month);
        try (BufferedWriter writer = Files.newBufferedWriter(file.path)) {
            writer.write(HEADER);
            writer.newLine();
            for (String line : file.lines(hour, lines)) {
                writer.write(line);
                writer.newLine();
            }
        }
        return file;
    }

    static String run(Instant now) {
        return DateTimeFormatter.ofPattern("yyyyMMddHH").withZone(ZoneOffset.UTC).format(now);
    }

    private List<String> lines(Instant hour, int count) {
        Random random = new Random(20_260_101);
        long seconds = Duration.between(month, hour).toSeconds();
        List<String> lines = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Instant time = month.plusSeconds(seconds * i / count);
            String good = record(i, time, random);
            lines.add(withErrors(i, good, lines));
        }
        return lines;
    }

    private String record(int i, Instant time, Random random) {
        Customer customer = Customer.ALL.get(random.nextInt(Customer.ALL.size()));
        boolean storage = random.nextInt(4) == 0;
        BigDecimal quantity = storage
                ? BigDecimal.valueOf(1 + random.nextInt(50_000), 3)
                : BigDecimal.valueOf(1 + random.nextInt(20));
        return String.join(",", String.format("%s-%06d", run, i), customer.subscription(run),
                storage ? "metering_storage_gb" : "metering_api_calls",
                Long.toString(time.getEpochSecond()), quantity.toPlainString(), REGIONS.get(random.nextInt(REGIONS.size())));
    }

    /** One line in a hundred repeats an earlier one, one in a thousand is unreadable, and Lago rejects one in two thousand. */
    private static String withErrors(int i, String good, List<String> before) {
        String[] fields = good.split(",");
        if (i % 100 == 42 && i >= REPEATED_AFTER) {
            return before.get(i - REPEATED_AFTER);
        }
        return switch (i % 3_000) {
            case 137 -> fields[0] + "," + fields[1];
            case 1_137 -> good.replace("," + fields[4] + ",", ",many,");
            case 2_137 -> "\"" + good;
            case 611 -> good.replace(fields[2], "");
            case 2_111 -> good.replace("," + fields[3] + ",", ",yesterday,");
            default -> good;
        };
    }
}
