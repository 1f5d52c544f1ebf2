package io.github.camellago.examples.warehouse;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The functions of {@code mirror.sql} and {@code views.sql}. */
class WritePageTest {

    private static final String EARLY = "2026-01-01T10:00:00Z";
    private static final String LATE = "2026-01-01T11:00:00Z";

    private static EmbeddedPostgres postgres;
    private static Database database;

    @BeforeAll
    static void start() throws Exception {
        postgres = EmbeddedPostgres.builder().setPGStartupWait(Duration.ofMinutes(1)).start();
        database = new Database(postgres.getJdbcUrl("postgres", "postgres"));
        database.install(Map.of());
    }

    @AfterAll
    static void stop() throws Exception {
        database.close();
        postgres.close();
    }

    @BeforeEach
    void addList() {
        database.execute("drop table if exists things");
        database.execute("delete from mirrored_lists");
        database.rows("select add_list('things', 3)");
    }

    private static void write(String poll, String page) {
        write("lago_id", poll, "{}", page);
    }

    private static void write(String keys, String poll, String parents, String page) {
        database.rows("select write_page('things', string_to_array('%s', ','), '%s', '%s', '%s')".formatted(keys, poll, parents,
                page));
    }

    private static Object one(String expression) {
        return database.rows("select " + expression + " as value from things").get(0).get("value");
    }

    private static String type(String column) {
        return (String) database.rows("select format_type(atttypid, null) as type from pg_attribute"
                + " where attrelid = 'things'::regclass and attname = '" + column + "'").get(0).get("type");
    }

    @Test
    void makesAColumnForEachField() {
        write(EARLY,
                """
                        [{"lago_id": "a", "name": "A", "amount_cents": 123456789012345678, "rate": 12.5, "units": "0.10", "active": true,
                          "created_at": "2026-01-01T09:00:00Z", "issuing_date": "2026-01-01", "tags": ["x"], "nothing": null}]""");

        assertThat(List.of(type("name"), type("amount_cents"), type("rate"), type("units"), type("active"), type("created_at"),
                type("issuing_date"), type("tags"))).containsExactly("text", "bigint", "numeric", "numeric", "boolean",
                        "timestamp with time zone", "date", "jsonb");
        assertThat(one("name || ' ' || amount_cents || ' ' || rate || ' ' || units"))
                .isEqualTo("A 123456789012345678 12.5 0.10");
        assertThat(one("record ->> 'amount_cents'")).isEqualTo("123456789012345678");
        assertThat(one("record ? 'nothing'")).isEqualTo(true);
    }

    @Test
    void addsAColumnWhenLagoAddsAField() {
        write(EARLY, "[{\"lago_id\": \"a\"}]");
        write(LATE, "[{\"lago_id\": \"b\", \"new_amount_cents\": 5}]");

        assertThat(type("new_amount_cents")).isEqualTo("bigint");
        assertThat(database.rows("select lago_id, new_amount_cents from things order by lago_id").toString())
                .isEqualTo("[{lago_id=a, new_amount_cents=null}, {lago_id=b, new_amount_cents=5}]");
    }

    @Test
    void widensAColumnThatCannotHoldAValue() {
        write(EARLY, "[{\"lago_id\": \"a\", \"fee_cents\": 5, \"due_at\": \"2026-01-01T09:00:00Z\", \"flag\": true}]");
        write(LATE, "[{\"lago_id\": \"b\", \"fee_cents\": 0.5, \"due_at\": \"never\", \"flag\": \"maybe\"}]");

        assertThat(List.of(type("fee_cents"), type("due_at"), type("flag"))).containsExactly("numeric", "text", "text");
        assertThat(database.rows("select fee_cents, due_at, flag from things order by lago_id").toString())
                .isEqualTo(
                        "[{fee_cents=5, due_at=2026-01-01T09:00:00Z, flag=true}, {fee_cents=0.5, due_at=never, flag=maybe}]");
    }

    @Test
    void widensAColumnOfAView() {
        database.rows("select write_page('invoices', '{lago_id}', '" + EARLY + "', '{}',"
                + " '[{\"lago_id\": \"a\", \"status\": \"finalized\", \"total_amount_cents\": 10.5, \"customer\": {\"external_id\": \"acme\"}}]')");

        assertThat(database.rows("select amount_cents from revenue_by_customer").toString()).isEqualTo("[{amount_cents=10.5}]");
    }

    @Test
    void keepsLagosFieldsThatAreNamedLikeColumnsOfTheMirror() {
        write(EARLY,
                "[{\"lago_id\": \"a\", \"record\": 1, \"row_key\": 2, \"read_at\": 3, \"deleted_at\": \"2020-01-01T00:00:00Z\"}]");

        assertThat(one(
                "row_key || ' ' || (record ->> 'row_key') || ' ' || (record ->> 'deleted_at') || ' ' || (deleted_at is null)"))
                .isEqualTo("a 2 2020-01-01T00:00:00Z true");
    }

    @Test
    void neverReplacesARowWithAnOlderVersion() {
        write(EARLY, "[{\"lago_id\": \"a\", \"name\": \"new\", \"updated_at\": \"2026-01-01T09:00:05Z\"}]");
        write(LATE, "[{\"lago_id\": \"a\", \"name\": \"old\", \"updated_at\": \"2026-01-01T09:00:04Z\"}]");
        assertThat(one("name")).isEqualTo("new");

        write(LATE, "[{\"lago_id\": \"a\", \"name\": \"same second\", \"updated_at\": \"2026-01-01T09:00:05Z\"}]");
        assertThat(one("name")).isEqualTo("same second");
    }

    @Test
    void failsIfALaterPollHasReadTheRows() {
        write(LATE, "[{\"lago_id\": \"a\", \"name\": \"new\"}]");
        assertThatThrownBy(() -> write(EARLY, "[{\"lago_id\": \"a\", \"name\": \"old\"}, {\"lago_id\": \"b\"}]"))
                .isInstanceOf(DataAccessException.class)
                .hasMessageContaining("Another instance has read 1 rows of things since then");

        assertThat(one("name")).isEqualTo("new");
        assertThat(database.number("select count(*) from things")).isOne();
    }

    @Test
    void marksDeletedRows() {
        write("path_code,lago_id", EARLY, "{\"path_code\": \"a/b\"}", "[{\"lago_id\": \"1\"}]");
        write("path_code,lago_id", EARLY, "{\"path_code\": \"a\"}", "[{\"lago_id\": \"1\"}]");
        database.rows("select mark_deleted('things', '{path_code,lago_id}', '" + LATE + "', '{\"path_code\": \"a/b\"}', '1')");

        assertThat(database.rows("select row_key, deleted_at is not null as deleted from things order by row_key").toString())
                .isEqualTo("[{row_key=a%2Fb/1, deleted=true}, {row_key=a/1, deleted=false}]");
        assertThat(database.number("select deleted from mirrored_lists where name = 'things'")).isOne();
    }

    @Test
    void aRowThatAPollHasReadAfterItsDeletionIsThereAgain() {
        write(EARLY, "[{\"lago_id\": \"a\"}]");
        database.rows("select mark_deleted('things', '{lago_id}', '" + LATE + "', '{}', 'a')");
        assertThatThrownBy(() -> write(EARLY, "[{\"lago_id\": \"a\"}]")).isInstanceOf(DataAccessException.class);
        assertThat(one("deleted_at is null")).isEqualTo(false);

        write("2026-01-01T12:00:00Z", "[{\"lago_id\": \"a\"}]");
        assertThat(one("deleted_at is null")).isEqualTo(true);
        database.rows("select mark_deleted('things', '{lago_id}', '" + LATE + "', '{}', 'a')");
        assertThat(one("deleted_at is null")).isEqualTo(true);
    }

    @Test
    void replacesRowsWithoutAKeyAtTheEndOfAPoll() {
        write("", EARLY, "{}", "[{\"month\": \"2026-01\", \"amount\": 1}, {\"month\": \"2026-02\", \"amount\": 2}]");
        write("", LATE, "{}", "[{\"month\": \"2026-01\", \"amount\": 1}, {\"month\": \"2026-02\", \"amount\": 3}]");
        assertThat(database.number("select count(*) from things")).isEqualTo(3);
        database.rows("select complete_poll('things', '{}', '" + LATE + "', 'all')");

        assertThat(database.rows("select month, amount from things order by month").toString())
                .isEqualTo("[{month=2026-01, amount=1}, {month=2026-02, amount=3}]");
    }

    @Test
    void marksRowsThatAPollOfAllHasNotRead() {
        write(EARLY, "[{\"lago_id\": \"a\"}, {\"lago_id\": \"b\"}]");
        write(LATE, "[{\"lago_id\": \"b\"}]");
        database.rows("select complete_poll('things', '{lago_id}', '" + LATE + "', 'new')");
        assertThat(database.number("select count(deleted_at) from things")).isZero();

        database.rows("select complete_poll('things', '{lago_id}', '" + LATE + "', 'all')");
        assertThat(database.rows("select lago_id from things where deleted_at is not null").toString())
                .isEqualTo("[{lago_id=a}]");
    }

    @Test
    void marksRowsThatWereWrittenByAKilledInstanceAndAreNotStored() {
        database.execute("create table if not exists camel_lago_record (list_name text, record_key text)");
        database.execute("insert into camel_lago_record values ('1a901a90-1a90-1a90-1a90-1a901a901a90/things', 'known')");
        write(EARLY, "[{\"lago_id\": \"known\"}, {\"lago_id\": \"lost\"}]");
        write(LATE, "[{\"lago_id\": \"new\"}]");
        database.rows("select complete_poll('things', '{lago_id}', '" + LATE + "', 'changed')");

        assertThat(database.rows("select lago_id from things where deleted_at is not null").toString())
                .isEqualTo("[{lago_id=lost}]");
    }
}
