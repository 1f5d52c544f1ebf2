package io.github.camellago.examples.warehouse;

import java.util.Map;
import java.util.StringJoiner;

/** How far the first load is, and what the database has. */
final class Progress {

    private final Database database;
    private final long started = System.nanoTime();

    Progress(Database database) {
        this.database = database;
    }

    /** Whether each list has been read to its end. */
    boolean isLoaded() {
        return database.number("select count(*) from mirrored_lists where complete_at is null") == 0;
    }

    /** One line, without the lists whose number of records Lago does not report. */
    String line() {
        Map<String, Object> sums = database
                .rows("select count(*) as lists, count(complete_at) as complete, sum(expected) as expected,"
                        + " sum(least(written, expected)) filter (where expected is not null) as written,"
                        + " sum(greatest(expected - written, 0)) filter (where complete_at is null) as left from mirrored_lists")
                .get(0);
        long written = number(sums.get("written"));
        long left = number(sums.get("left"));
        double seconds = (System.nanoTime() - started) / 1e9;
        String wait = written == 0 || left == 0 ? "" : ", about %,d s left".formatted(Math.round(left * seconds / written));
        return "%,d of %,d records written; %d of %d lists complete%s".formatted(written, number(sums.get("expected")),
                number(sums.get("complete")), number(sums.get("lists")), wait);
    }

    private static long number(Object value) {
        return value == null ? 0 : ((Number) value).longValue();
    }

    /** One line for each table. */
    String summary() {
        StringJoiner table = new StringJoiner(System.lineSeparator(), "", System.lineSeparator());
        table.add("%-34s %12s %10s %9s".formatted("table", "rows", "deleted", "columns"));
        for (Map<String, Object> list : database.rows("select name from mirrored_lists order by name")) {
            Map<String, Object> row = database
                    .rows("select count(*) filter (where deleted_at is null) as rows, count(deleted_at) as deleted,"
                            + " (select count(*) from pg_attribute where attrelid = '%1$s'::regclass and attnum > 0 and not attisdropped) as columns"
                                    .formatted(list.get("name"))
                            + " from " + list.get("name"))
                    .get(0);
            table.add("%-34s %,12d %,10d %9d".formatted(list.get("name"), row.get("rows"), row.get("deleted"),
                    row.get("columns")));
        }
        return table.toString();
    }
}
